"""How long a customer's portrait takes, from request to the whole page.

    python benchmarks/portrait_page.py WORKSPACE

Serves the workspace in a process of its own, and asks for the portraits of customers drawn at
random from all, then of those with most moments, each once and in Dutch. Prints one JSON object
with milliseconds.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from statistics import median, quantiles

from klantreis import Workspace

PORT = 8351
CUSTOMERS = 60
BUSIEST = 20


def asked() -> dict[str, list[int]]:
    """Customers to ask for: drawn with a fixed seed, and the busiest."""
    with Workspace.open(sys.argv[1]) as workspace:
        drawn = workspace.sql(
            f"SELECT customer_id FROM customers ORDER BY hash(customer_id) LIMIT {CUSTOMERS}"
        )
        busiest = workspace.sql(
            f"""SELECT customer_id FROM timeline GROUP BY customer_id
            ORDER BY count(*) DESC, customer_id LIMIT {BUSIEST}"""
        )
    return {
        "drawn": drawn["customer_id"].to_pylist(),
        "busiest": busiest["customer_id"].to_pylist(),
    }


def milliseconds(customer_id: int) -> float:
    begun = time.perf_counter()
    with urllib.request.urlopen(
        f"http://127.0.0.1:{PORT}/customers/{customer_id}?lang=nl"
    ) as answer:
        answer.read()
    return 1000 * (time.perf_counter() - begun)


def wait_until_served() -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz").read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not start")


def main() -> None:
    customers = asked()
    klantreis = Path(sys.executable).with_name("klantreis")
    server = subprocess.Popen(
        [klantreis, "serve", sys.argv[1], "--open", "--port", str(PORT)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_served()
        time.sleep(20)  # the server warms its pages beside the serving
        milliseconds(customers["drawn"][0])
        took = {name: [milliseconds(each) for each in ids] for name, ids in customers.items()}
    finally:
        server.terminate()
        server.wait()
    told = {
        name: {"median": round(median(each)), "p95": round(quantiles(each, n=20)[-1])}
        for name, each in took.items()
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
