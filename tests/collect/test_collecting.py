"""A real server on a real disk: Segment's own library, repeats, limits, and death at any moment."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import segment.analytics as analytics

from klantreis import Workspace
from tests.brief import run_briefly
from tests.collect.serving import Server
from tests.length import LONGER

KILLS = 15 * LONGER


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("collect") / "shop"
    Workspace.create(folder).close()
    return folder


@pytest.fixture(scope="module")
def key(folder: Path) -> str:
    with Workspace.open(folder) as workspace:
        return workspace.keys.make("webshop", "collect", source="webshop", by="owner")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def client(server: Server, key: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, auth=(key, "")) as client:
        yield client


def page(message_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "page", "anonymousId": "a.1", "messageId": message_id, **more}


def ids(folder: Path) -> list[str]:
    with Workspace.open(folder) as workspace:
        return [event.message_id for _, event in workspace.collecting.log.since(0)]


def test_the_unmodified_segment_library_talks_to_it(server: Server, key: str, folder: Path) -> None:
    failed: list[object] = []
    sender = analytics.Client(
        key, host=server.url, gzip=True, on_error=lambda error, items: failed.append(error)
    )
    sender.identify("901", {"email": "ann@post.nl", "firstName": "Ann"})
    sender.page("901", "Shop", "Home")
    sender.screen("901", "App", "Home")
    sender.track("901", "Product Viewed", {"product_id": "P1"})
    sender.group("901", "households")
    sender.alias("a.901", "901")
    sender.flush()
    sender.join()
    assert failed == []
    with Workspace.open(folder) as workspace:
        lines = [json.loads(event.line) for _, event in workspace.collecting.log.since(0)]
    kinds = {line["type"] for line in lines if line.get("userId") == "901"}
    assert kinds == {"identify", "page", "screen", "track", "group", "alias"}


NODE = """
const { Analytics } = require("@segment/analytics-node");
const [key, host] = process.argv.slice(1);
const analytics = new Analytics({ writeKey: key, host: host, flushAt: 3, maxRetries: 0 });
analytics.on("error", (error) => { console.error(error); process.exitCode = 1; });
analytics.identify({ userId: "902", traits: { email: "bob@post.nl" } });
analytics.page({ userId: "902", name: "Home" });
analytics.screen({ userId: "902", name: "Home" });
analytics.track({ userId: "902", event: "Product Viewed", properties: { product_id: "P1" } });
analytics.group({ userId: "902", groupId: "households" });
analytics.alias({ userId: "902", previousId: "a.902" });
analytics.closeAndFlush();
"""


def test_the_unmodified_segment_library_for_node_talks_to_it(
    server: Server, key: str, folder: Path
) -> None:
    node, tools = shutil.which("node"), Path(__file__).parents[2] / ".tools" / "node_modules"
    if node is None or not tools.is_dir():
        pytest.skip("no Node.js with Segment's library (scripts/install-test-tools.sh installs it)")
    subprocess.run(
        [node, "-e", NODE, key, server.url],
        check=True,
        timeout=30,
        env=os.environ | {"NODE_PATH": str(tools)},
    )
    with Workspace.open(folder) as workspace:
        lines = [json.loads(event.line) for _, event in workspace.collecting.log.since(0)]
    kinds = {line["type"] for line in lines if line.get("userId") == "902"}
    assert kinds == {"identify", "page", "screen", "track", "group", "alias"}


def test_a_repeat_is_answered_well_and_kept_once(client: httpx.Client, folder: Path) -> None:
    for _ in range(3):
        assert client.post("/v1/page", json=page("again")).json() == {"success": True}
    assert ids(folder).count("again") == 1


def test_bad_events_of_a_batch_are_named_and_the_others_kept(
    client: httpx.Client, folder: Path
) -> None:
    batch = [page("b1"), {"type": "track", "userId": "7", "messageId": "b2"}, page("b3")]
    answer = client.post("/v1/batch", json={"batch": batch})
    assert answer.status_code == 200
    assert [(r["index"], r["message_id"], r["column"]) for r in answer.json()["refused"]] == [
        (1, "refused:b2", "event")
    ]
    assert {"b1", "b3", "refused:b2"} <= set(ids(folder))
    only_bad = client.post("/v1/track", json={"userId": "7"})
    assert (only_bad.status_code, only_bad.json()["success"]) == (400, False)


def test_who_has_no_key_may_not_send(server: Server, key: str) -> None:
    for auth in (None, ("wrong", "")):
        assert httpx.post(f"{server.url}/v1/page", json=page("x"), auth=auth).status_code == 401
    in_body = httpx.post(
        f"{server.url}/v1/batch", content=json.dumps({"writeKey": key, "batch": [page("in-body")]})
    )
    assert in_body.status_code == 200


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_body_over_the_limit_is_refused(client: httpx.Client, is_packed: bool) -> None:
    body = json.dumps({"batch": [page("big", properties={"x": "x" * 600_000})]}).encode()
    packed = {"content-encoding": "gzip"} if is_packed else {}
    content = gzip.compress(body) if is_packed else body
    assert client.post("/v1/batch", content=content, headers=packed).status_code == 413


def test_what_only_claims_to_be_packed_is_refused(client: httpx.Client) -> None:
    for content in (b"{}", gzip.compress(b"{}")[:-4]):
        answer = client.post("/v1/batch", content=content, headers={"content-encoding": "gzip"})
        assert answer.status_code == 400


def test_other_pages_may_send(server: Server) -> None:
    answer = httpx.options(f"{server.url}/v1/batch", headers={"origin": "https://shop.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    snippet = httpx.get(f"{server.url}/klantreis.js")
    assert "doNotTrack" in snippet.text


class Sender(threading.Thread):
    """Sends batches without end and remembers what was acknowledged; repeats what was not."""

    def __init__(self, url: str, key: str, name: str) -> None:
        super().__init__(daemon=True)
        self.url, self.key, self.label = url, key, name
        self.acknowledged: set[str] = set()
        self.tried: set[str] = set()
        self.is_done = False

    def run(self) -> None:
        number = 0
        with httpx.Client(base_url=self.url, auth=(self.key, ""), timeout=5) as client:
            while not self.is_done:
                batch = [f"{self.label}-{number}-{place}" for place in range(5)]
                self.tried.update(batch)
                try:
                    answer = client.post("/v1/batch", json={"batch": [page(i) for i in batch]})
                except httpx.HTTPError:
                    time.sleep(0.01)  # it is dead: the same batch again
                    continue
                if answer.status_code == 200:
                    self.acknowledged.update(batch)
                    number += 1


@pytest.mark.slow
def test_killed_at_any_moment_nothing_acknowledged_is_lost_or_doubled(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "shop"
    with Workspace.create(folder) as workspace:
        key = workspace.keys.make("webshop", "collect", source="webshop", by="owner")
    server = Server(folder)
    server.start()
    senders = [Sender(server.url, key, f"s{n}") for n in range(3)]
    for sender in senders:
        sender.start()
    moments = random.Random(7)
    for _ in range(KILLS):
        time.sleep(moments.uniform(0.0, 0.15))
        server.kill()
        server.start()
    for sender in senders:
        sender.is_done = True
    for sender in senders:
        sender.join()
    server.kill()
    held = ids(folder)
    acknowledged = set().union(*(sender.acknowledged for sender in senders))
    tried = set().union(*(sender.tried for sender in senders))
    assert len(acknowledged) > KILLS
    assert acknowledged <= set(held) <= tried
    assert len(held) == len(set(held))


def test_collected_events_come_into_the_tables_once(client: httpx.Client, folder: Path) -> None:
    client.post(
        "/v1/batch",
        json={
            "batch": [
                {
                    "type": "identify",
                    "messageId": "t1",
                    "userId": "77",
                    "anonymousId": "a.77",
                    "timestamp": "2026-01-05T10:00:00Z",
                    "traits": {"email": "bob@post.nl", "lastName": "de Vries"},
                },
                {
                    "type": "track",
                    "event": "Product Added",
                    "messageId": "t2",
                    "userId": "77",
                    "timestamp": "2026-01-05T10:01:00Z",
                    "properties": {"product_id": "P1", "value": 12.5},
                },
                {"type": "track", "messageId": "t3", "userId": "77"},
            ]
        },
    )
    with Workspace.open(folder) as workspace:
        workspace.import_exports()
        assert workspace.import_exports().files == 0
        run_briefly(workspace)
        events = workspace.table("events")
        (added,) = workspace.rows(events.filter(events["name"] == "add_to_cart"))
        assert (added["person_id"], added["product_id"]) == ("webshop:u:77", "P1")
        assert float(added["amount"]) == 12.5
        customers = workspace.table("customers")
        (bob,) = workspace.rows(customers.filter(customers["email"] == "bob@post.nl"))
        assert bob["name"] == "de Vries"
        aside = [row["row"] for row in workspace.rows(workspace.table("quarantine"))]
        assert any("event: track needs it" in row for row in aside)
