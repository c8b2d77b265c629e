"""How long an answer of `GET /v1/personalise` takes, while events are collected.

    python benchmarks/personalise.py WORKSPACE

Serves the collection API in a process of its own. One client asks for visitors drawn at random, one
after another, over one connection; another sends a batch of 20 events every 50 ms meanwhile. Prints
one JSON object: milliseconds from request to the whole answer, and seconds to lay profiles ready.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from statistics import quantiles

import httpx

from klantreis import Workspace

PORT = 8352
ASKED = 5_000


def main() -> None:
    folder = sys.argv[1]
    with Workspace.open(folder) as workspace:
        begun = time.perf_counter()
        workspace.profiles.open()
        laid_ready = time.perf_counter() - begun
        keys = {
            "read": workspace.keys.make("benchmark", "read", by="benchmark"),
            "collect": workspace.keys.make("benchmark", "collect", source="live", by="benchmark"),
        }
        drawn = workspace.sql(
            f"""SELECT value FROM identifiers WHERE kind IN ('user_id', 'cookie')
            ORDER BY hash(value) LIMIT {ASKED}"""
        )["value"].to_pylist()
    klantreis = Path(sys.executable).with_name("klantreis")
    server = subprocess.Popen([klantreis, "collect", folder, "--port", str(PORT)])
    try:
        took = measured(drawn, keys)
    finally:
        server.terminate()
        server.wait()
    cuts = quantiles(took, n=100)
    told = {"p50_ms": cuts[49], "p95_ms": cuts[94], "p99_ms": cuts[98], "worst_ms": max(took)}
    rounded = {name: round(value, 2) for name, value in told.items()}
    print(json.dumps(rounded | {"asked": len(took), "laid_ready_s": round(laid_ready, 1)}))


def measured(visitors: list[str], keys: dict[str, str]) -> list[float]:
    url = f"http://127.0.0.1:{PORT}"
    with httpx.Client(base_url=url, auth=(keys["read"], ""), timeout=30) as client:
        wait_until_ready(client)
        is_done = threading.Event()
        sender = threading.Thread(target=send, args=(url, keys["collect"], is_done))
        sender.start()
        took = []
        for visitor in visitors:
            begun = time.perf_counter()
            client.get(f"/v1/personalise/{visitor}").raise_for_status()
            took.append(1000 * (time.perf_counter() - begun))
        is_done.set()
        sender.join()
    return took


def wait_until_ready(client: httpx.Client) -> None:
    for _ in range(600):
        try:
            if client.get("/v1/personalise/nobody").status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def send(url: str, key: str, is_done: threading.Event) -> None:
    number = 0
    with httpx.Client(base_url=url, auth=(key, ""), timeout=30) as client:
        while not is_done.wait(0.05):
            number += 1
            batch = [
                {
                    "type": "track",
                    "event": "Product Viewed",
                    "anonymousId": f"v.{number}.{place}",
                    "properties": {"product_id": "P1"},
                }
                for place in range(20)
            ]
            client.post("/v1/batch", json={"batch": batch}).raise_for_status()


if __name__ == "__main__":
    main()
