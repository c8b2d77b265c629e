from __future__ import annotations

import logging
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from klantreis import Workspace
from klantreis.web import create_app
from klantreis.web.gate import ANYBODY
from klantreis.web.metrics import Metrics
from tests.web.shop import make_workspace

SECRET = "sanne.devries1@voorbeeld.nl"


def from_here(workspace: Workspace) -> TestClient:
    return TestClient(create_app(workspace, is_open=True), client=("127.0.0.1", 5000))


def test_metrics_count_routes_not_addresses(shop: Workspace) -> None:
    client = from_here(shop)
    client.get("/customers/1")
    client.get("/customers/2")
    client.get("/customers/999999")
    client.get("/customers", params={"q": SECRET})
    text = client.get("/metrics").text
    route = 'klantreis_requests_total{route="/customers/{customer_id}",method="GET",'
    assert f'{route}status="200"}} 2' in text
    assert f'{route}status="404"}} 1' in text
    assert 'klantreis_rows{table="customers"} 240' in text
    assert "klantreis_publication 1" in text
    assert SECRET not in text


def test_every_line_of_the_metrics_is_prometheus_text(shop: Workspace) -> None:
    client = from_here(shop)
    client.get("/")
    sample = re.compile(r'[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [0-9.]+')
    for line in client.get("/metrics").text.splitlines():
        assert line.startswith("# TYPE ") or sample.fullmatch(line), line


def test_a_histogram_adds_up() -> None:
    metrics = Metrics()
    for seconds in (0.001, 0.02, 0.02, 99):
        metrics.count("/", "GET", 200, seconds)
    lines = list(metrics.lines())
    assert 'klantreis_request_seconds_bucket{route="/",le="0.005"} 1' in lines
    assert 'klantreis_request_seconds_bucket{route="/",le="0.025"} 3' in lines
    assert 'klantreis_request_seconds_bucket{route="/",le="10.0"} 3' in lines
    assert 'klantreis_request_seconds_bucket{route="/",le="+Inf"} 4' in lines
    assert 'klantreis_request_seconds_count{route="/"} 4' in lines


def test_metrics_elsewhere_take_a_key(shop: Workspace) -> None:
    client = TestClient(create_app(shop))
    assert client.get("/metrics").status_code == 401
    for purpose, status in (("metrics", 200), ("read", 401)):
        key = shop.keys.make("monitor", purpose, by="owner")
        headers = {"authorization": f"Bearer {key}"}
        assert client.get("/metrics", headers=headers).status_code == status


def test_health_tells_when_the_state_cannot_be_read(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = TestClient(create_app(shop))

    def broken() -> int:
        raise OSError(SECRET)

    monkeypatch.setattr(shop.state, "published_number", broken)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["is_ready"] is False


def test_an_error_is_logged_by_place_without_the_values_in_it(
    shop: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(shop, is_open=True)

    def fail(q: str) -> None:
        raise ValueError(f"no such customer: {q}")

    app.state.rules.put("fail", ANYBODY)
    app.get("/fail", name="fail")(fail)
    with caplog.at_level(logging.DEBUG, logger="klantreis"):
        answer = TestClient(app).get("/fail", params={"q": SECRET})
    assert answer.status_code == 500
    said = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("klantreis"))
    assert re.search(r"ValueError at .*test_watching\.py:\d+ fail", said)
    assert SECRET not in said + answer.text


def test_what_a_server_writes_holds_no_personal_data(tmp_path: Path) -> None:
    make_workspace(tmp_path / "shop", customers=40).close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = "import sys; from klantreis.cli import main; sys.argv[0] = 'klantreis'; main()"
    arguments = ["serve", str(tmp_path / "shop"), "--open", "--port", str(port)]
    log = tmp_path / "log"
    with log.open("wb") as written:
        server = subprocess.Popen(
            [sys.executable, "-c", start, *arguments], stdout=written, stderr=written
        )
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                _wait_for(client)
                for path in ("/customers", "/nowhere", "/customers.json", "/customers/x"):
                    client.get(path, params={"q": SECRET, "page": "-1"})
                client.post("/sign-in", data={"name": SECRET, "password": SECRET})
                assert client.get("/", headers={"host": "evil.example"}).status_code == 400
        finally:
            server.terminate()
            server.wait(10)
    said = log.read_text(encoding="utf-8")
    assert "Huis & Haard" in said
    assert SECRET not in said


def _wait_for(client: httpx.Client) -> None:
    for _ in range(200):
        try:
            client.get("/healthz")
        except httpx.ConnectError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not start")
