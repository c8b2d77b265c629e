"""What portraits cost: beside one wide group-by over the same moments, and when little is new.

    python benchmarks/portraits.py WORKSPACE [SHARE]

Makes who is who, timeline, portraits and journeys as if for the first time; lays beside the portraits
one group-by that DuckDB does over the timeline, with as many columns, written as Parquet too. Then
takes in one more day of web visits by SHARE (0.01) of the customers, and makes the same tables again:
what that took, of what it took at first. It really imports: give it a copy. Prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from klantreis import Workspace
from klantreis.pipeline import STEPS
from klantreis.runner import Finished, Quiet, Run

PORTRAYED = ("timeline", "occurrences", "undated_purchases", "portraits")
FOLLOWING = ("customer_channels", "steps", "journeys", "phase_visits", "joined_occasions")
TABLES = (*PORTRAYED, *FOLLOWING)
MADE = tuple(step for step in STEPS if step.room == "identity" or step.name in TABLES)
VIEWS = 6  # pages in a visit
COUNTED = (
    "view_item", "search", "add_to_cart", "begin_checkout", "purchase", "return", "sent", "opened",
    "clicked", "review", "ticket", "mention", "payment_failed", "delivered",
)  # fmt: skip
CHANNELS = ("web", "app", "store", "mail", "social", "service")


class Seconds(Quiet):
    """What each table took of the processor: what others do meanwhile does not count."""

    def __init__(self) -> None:
        self.of: dict[str, float] = {}
        self._begun = 0.0

    def started(self, name: str) -> None:
        self._begun = time.process_time()

    def finished(self, piece: Finished) -> None:
        if piece.name in TABLES:
            self.of[piece.name] = round(time.process_time() - self._begun, 2)


def made(shop: Workspace, *, afresh: bool) -> dict[str, Any]:
    """Run the steps; what each took."""
    seconds = Seconds()
    Run(
        shop._connect,
        shop.state,
        shop.store,
        shop.settings,
        datetime(2040, 1, 1),
        progress=seconds,
        steps=MADE,
        afresh=afresh,
    ).complete()
    return {
        "seconds": seconds.of,
        "portrayed": round(sum(seconds.of[name] for name in PORTRAYED), 2),
        "together": round(sum(seconds.of.values()), 2),
    }


def wide_group_by(shop: Workspace) -> float:
    """Processor seconds of one group-by over the timeline, with as many columns as a portrait, by DuckDB."""
    published = shop.published
    assert published is not None
    files = shop.store.absolute(published.tables["timeline"].files)
    moments = f"read_parquet({[str(file) for file in files]})"
    columns = [
        "min(occurred_at)", "max(occurred_at)", "count(*)", "count(DISTINCT session)",
        "count(DISTINCT product_id)", "count(DISTINCT order_id)", "list_sort(list(DISTINCT channel))",
        "mode(channel)", "mode(hour(occurred_at))", "mode(store_id)", "avg(score)", "sum(amount)",
        "avg(amount)", "arg_max(text, occurred_at)", "arg_max(page, occurred_at)",
        *(f"count(*) FILTER (event = '{event}')" for event in COUNTED),
        *(f"max(occurred_at) FILTER (event = '{event}')" for event in COUNTED),
        *(f"count(DISTINCT session) FILTER (channel = '{channel}')" for channel in CHANNELS),
        *(f"sum(amount) FILTER (channel = '{channel}')" for channel in CHANNELS),
    ]  # fmt: skip
    listed = ", ".join(f"{column} AS c{number}" for number, column in enumerate(columns))
    with TemporaryDirectory() as folder:
        begun = time.process_time()
        duckdb.connect(config={"memory_limit": "16GB", "temp_directory": folder}).execute(
            f"COPY (SELECT customer_id, {listed} FROM {moments} GROUP BY customer_id"
            f" ORDER BY customer_id) TO '{folder}/wide.parquet' (COMPRESSION zstd)"
        )
        return time.process_time() - begun


def visits(shop: Workspace, share: float) -> list[dict[str, Any]]:
    """A day of GA4: some customers, known ones and strangers, come back and look around."""
    published = shop.published
    assert published is not None
    rows = shop.sql(
        f"""SELECT min(person_id) AS person_id FROM links
        WHERE person_id LIKE 'ga4:%' GROUP BY customer_id ORDER BY hash(customer_id)
        LIMIT {round(published.tables["customers"].rows * share)}"""
    )
    # The day after the last one: what is of later than the last moment has not happened yet.
    start = published.as_of.replace(hour=9) + timedelta(days=1)
    return [
        _view(kind, visitor, start + timedelta(seconds=number + 40 * view))
        for number, person in enumerate(rows.to_pylist())
        for _, kind, visitor in [person["person_id"].split(":", 2)]
        for view in range(VIEWS)
    ]


def _view(kind: str, visitor: str, moment: datetime) -> dict[str, Any]:
    named = {"user_id": visitor} if kind == "u" else {}
    page = {"key": "page_location", "value": {"string_value": "https://shop.example/lampen"}}
    return {
        "event_date": f"{moment:%Y%m%d}",
        "event_timestamp": str(int(moment.timestamp()) * 1_000_000),
        "event_name": "page_view",
        "event_params": [page],
        "user_pseudo_id": visitor,
        "platform": "WEB",
        **named,
    }


def main() -> None:
    """Make everything, add a day, make it again; print what it took."""
    folder, share = Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 0.01
    with Workspace.open(folder) as shop:
        whole = made(shop, afresh=True)
        assert shop.published is not None
        rows = {name: shop.published.tables[name].rows for name in TABLES}
        wide = wide_group_by(shop)
        new = visits(shop, share)
        day = folder / "exports" / "ga4" / f"events_{new[0]['event_date']}.json"
        day.write_text("".join(json.dumps(view) + "\n" for view in new), encoding="utf-8")
        taken = shop.import_exports()
        assert taken.files == 1, taken.problems
        grown = made(shop, afresh=False)
    facts = {
        "rows": rows,
        "whole": whole,
        "wide_group_by": round(wide, 2),
        "portraits_beside_it": round(whole["seconds"]["portraits"] / wide, 2),
        "visitors": len(new) // VIEWS,
        "grown": grown,
        "portrayed_ratio": round(grown["portrayed"] / whole["portrayed"], 3),
        "ratio": round(grown["together"] / whole["together"], 3),
    }
    sys.stdout.write(json.dumps(facts, indent=1) + "\n")


if __name__ == "__main__":
    main()
