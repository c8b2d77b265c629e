"""What is known live is what the next import and run will say."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from klantreis import Workspace
from klantreis import engine as engines
from klantreis.collect.calls import read_call
from klantreis.workspace.live_facts import LiveFacts
from tests.brief import run_briefly

FIRST = [
    {"type": "identify", "userId": "77", "traits": {"email": "bob@post.nl", "lastName": "Bos"}},
    {
        "type": "track",
        "event": "Product Viewed",
        "userId": "77",
        "properties": {"product_id": "P1"},
    },
    {"type": "identify", "userId": "78", "traits": {"email": "ann@post.nl"}},
    {
        "type": "track",
        "event": "Product Viewed",
        "userId": "78",
        "properties": {"product_id": "P2"},
    },
]
THEN: list[dict[str, Any]] = [
    {"type": "page", "anonymousId": "v1", "name": "Home"},
    {
        "type": "track",
        "event": "Product Added",
        "anonymousId": "v1",
        "properties": {"product_id": "P1"},
    },
    # Of a person the last call holds, so that it says the name again.
    {"type": "identify", "anonymousId": "v1", "userId": "77", "traits": {"lastName": "Bos"}},
    {"type": "track", "event": "Checkout Started", "anonymousId": "v1", "userId": "77"},
    {"type": "track", "event": "Payment Failed", "userId": "77", "properties": {"order_id": "9"}},
    {"type": "track", "event": "Payment Pending", "userId": "77", "properties": {"order_id": "9"}},
    {
        "type": "track",
        "event": "Order Completed",
        "userId": "77",
        "properties": {"order_id": "9", "total": 25},
    },
    {"type": "screen", "userId": "77", "name": "Orders"},
    {"type": "track", "event": "Size Guide Opened", "userId": "77"},
    {"type": "track", "event": "Unsubscribed", "userId": "77"},
]


def collect(workspace: Workspace, calls: list[dict[str, Any]], hour: int) -> None:
    dated = [
        {**one, "messageId": f"{hour}-{place}", "timestamp": f"2026-01-05T{hour}:{place:02}:00Z"}
        for place, one in enumerate(calls)
    ]
    body = json.dumps({"batch": dated}).encode()
    read = read_call("batch", body, source="webshop", received_at=datetime(2026, 1, 5, hour))
    workspace.collecting.log.append(read.events)


def known(workspace: Workspace, tables: Any, name: str) -> list[dict[str, Any]]:
    order = ("customer_id", "position") if name == "timeline" else ("customer_id",)
    return workspace.rows(tables[name].order_by(list(order)))


def test_live_timeline_and_portrait_are_those_of_the_next_run(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "shop") as workspace:
        collect(workspace, FIRST, 10)
        workspace.import_exports()
        run_briefly(workspace)
        collect(workspace, THEN, 12)
        facts = LiveFacts(
            workspace.folder,
            workspace.reading,
            workspace.collecting,
            workspace.settings,
            lambda: engines.connect("duckdb"),
        )
        names = ("timeline", "portraits", "links", "payments")
        published = {name: workspace.table(name) for name in names}
        (bob,) = facts.collected.customers()
        now = datetime(2026, 1, 5, 12, len(THEN) - 1)
        live = facts.tables([bob], published, now=now)
        before = {name: known(workspace, live, name) for name in ("timeline", "portraits")}
        assert facts.collected.customers("purchase") == {bob}
        assert facts.collected.refuses(bob, "")
        assert facts.collected.refuses(0, "Bob@post.nl")
        assert not facts.collected.refuses(0, "ann@post.nl")

        workspace.import_exports()
        assert run_briefly(workspace).as_of == now
        after = {name: workspace.table(name) for name in names}
        mine = [row for row in known(workspace, after, "timeline") if row["customer_id"] == bob]
        assert [row for row in before["timeline"] if row["customer_id"] == bob] == mine
        assert len(mine) == 1 + 9
        (was,) = [row for row in before["portraits"] if row["customer_id"] == bob]
        (now_is,) = [
            row for row in known(workspace, after, "portraits") if row["customer_id"] == bob
        ]
        assert was == now_is
        # Once published, nothing of it is live any more.
        assert facts.collected.customers() == frozenset()
        assert not facts.collected.refuses(bob, "bob@post.nl")
