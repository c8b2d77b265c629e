"""Google Ads: titles above a report and totals below it."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.google_ads import source as google_ads
from tests.sources.files import SAMPLES, export_file, rows_of, taken, written


def test_titles_and_totals_of_a_report_are_no_cost(tmp_path: Path) -> None:
    sample = SAMPLES / "google_ads" / "campaign_report.csv"
    for name, content in (
        ("report.csv", sample.read_bytes()),
        ("excel.csv", sample.read_text(encoding="utf-8").encode("utf-16")),
    ):
        export = export_file(written(tmp_path / name, content))
        rows = rows_of(taken(google_ads, [export], tmp_path / f"parts-{name}"))["spend"]
        told = {row["campaign"]: (float(row["cost_amount"]), row["impressions"]) for row in rows}
        assert told == {"Shopping": (1300.0, 13_000), "Total recall": (12.38, None)}
