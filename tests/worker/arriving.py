"""A shop of which events arrive through tables, live, or both, in any order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from klantreis import Workspace
from klantreis import engine as engines
from klantreis.collect.calls import read_call
from klantreis.state import TableVersion
from klantreis.tables import TABLES
from tests.rows import rows_of
from tests.worker.baskets import SETTINGS

__all__ = ["Shop", "call"]

NAMES = {
    "Product Added": "add_to_cart",
    "Product Viewed": "view_item",
    "Checkout Started": "begin_checkout",
    "Payment Failed": "payment_failed",
    "Order Completed": "purchase",
}


def call(event: str, at: datetime, message_id: str, user: int = 1, **more: Any) -> dict[str, Any]:
    """A track call in Segment's format, of a user who signed in."""
    properties = {"product_id": "SKU-1"} if event.startswith("Product") else {}
    return {
        "type": "track",
        "event": event,
        "userId": str(user),
        "messageId": message_id,
        "timestamp": at.replace(microsecond=0).isoformat() + "Z",
        "properties": properties,
        **more,
    }


class Shop:
    """Customers 1 and on, known by the account of their own number; the basket campaign runs.

    Args:
        folder: new.
        customers: how many.
        start: nothing happened before.
    """

    def __init__(self, folder: Path, start: datetime, customers: int = 3, smtp: str = "") -> None:
        Workspace.create(folder).close()
        text = SETTINGS.format(smtp=smtp)
        (folder / "klantreis.toml").write_text(text, encoding="utf-8")
        self.workspace = Workspace.open(folder)
        self.published: dict[str, TableVersion] = {}
        self.numbers = 0
        self._fixed(customers, start)
        self.publish((), start)
        campaigns = self.workspace.campaigns
        flow = campaigns.one("abandoned_basket").text.replace("holdout = 0.1", "holdout = 0.0")
        campaigns.save(flow.replace('"email"', '"file"') if not smtp else flow, by="Ann")
        campaigns.start("abandoned_basket", by="Ann")

    def collect(self, *calls: Mapping[str, Any]) -> None:
        """What the collection API does with calls: they are on disk afterwards."""
        body = json.dumps({"batch": calls}).encode()
        received_at = datetime(2026, 1, 20)
        read = read_call("batch", body, source="webshop", received_at=received_at)
        assert not read.refused
        self.workspace.collecting.log.append(read.events)

    def publish(self, calls: Iterable[Mapping[str, Any]], as_of: datetime) -> None:
        """What an import and a run of these calls publish; all calls that were ever taken in."""
        events: list[dict[str, Any]] = []
        timeline: list[dict[str, Any]] = []
        for one in calls:
            user, name = int(one["userId"]), NAMES[one["event"]]
            about = {
                "occurred_at": datetime.fromisoformat(one["timestamp"]).replace(tzinfo=None),
                "channel": "web",
                "product_id": one["properties"].get("product_id"),
            }
            event_id = f"webshop:{one['messageId']}"
            events.append(
                {"event_id": event_id, "person_id": f"webshop:u:{user}", "name": name, **about}
            )
            told = {"record_table": "events", "record_id": event_id, "event": name}
            place = sum(row["customer_id"] == user for row in timeline) + 1
            timeline.append({"customer_id": user, "position": place, "session": 1, **told, **about})
        self._write({"events": events, "timeline": timeline}, as_of)

    def _fixed(self, customers: int, start: datetime) -> None:
        people = [
            {
                "customer_id": number,
                "is_known": True,
                "name": f"Sanne {number}",
                "email": f"sanne{number}@voorbeeld.nl",
                "may_email": True,
                "language": "nl",
            }
            for number in range(1, customers + 1)
        ]
        tables = {
            "customers": [{**one, "country": "NL"} for one in people],
            "portraits": [{**one, "open_basket_amount": 80} for one in people],
            "products": [{"product_id": "SKU-1", "name": "Eettafel Oak", "price_amount": 80}],
            "links": [
                {"person_id": f"webshop:u:{one['customer_id']}", "customer_id": one["customer_id"]}
                for one in people
            ],
        }
        self._write(tables, start)

    def _write(self, tables: Mapping[str, list[dict[str, Any]]], as_of: datetime) -> None:
        engine, state = engines.connect("duckdb", threads=1), self.workspace.state
        for name, rows in tables.items():
            self.numbers += 1
            home = self.workspace.store.versions / name / str(self.numbers)
            made = engine.write(engine.table(rows_of(name, rows).to_pyarrow()), TABLES[name], home)
            files = self.workspace.store.relative(made.files)
            version = TableVersion(
                f"{name}-{self.numbers}", name, "made", files, made.rows, 0.1, as_of
            )
            state.add_version(version)
            self.published[name] = version
        engine.close()
        state.publish(self.published, as_of=as_of, at=as_of)

    def sent(self) -> list[tuple[str, str]]:
        """Letters that went out with the reason in the log, oldest first."""
        log = self.workspace.state.campaigns.log("abandoned_basket", most=1000, action="sent")
        return [(line.letter, line.reason) for line in reversed(log)]

    def told(self) -> set[tuple[int, str, str]]:
        """Who, what and why, of everything in the log."""
        log = self.workspace.state.campaigns.log("abandoned_basket", most=1000)
        return {(line.customer_id, line.action, line.reason) for line in log}

    @staticmethod
    def hours(count: float) -> timedelta:
        return timedelta(hours=count)
