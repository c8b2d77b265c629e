"""The examples on real retailers give the figures that are known of them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from klantreis.settings import read_settings
from klantreis.sources import Part
from klantreis.sources.mapping import source as mapping
from tests.sources.files import export_file, log_of, taken

EXAMPLES = Path(__file__).parents[2] / "examples"
JOURNEY_MAPPING = "mappings/complete_journey.toml"


def read(part_of: list[Part], table: str, columns: list[str]) -> pq.Table:
    files = [file for part in part_of if part.table_name == table for file in part.files]
    return pq.read_table(files[0], columns=columns)


def test_online_retail_has_its_invoices_customers_and_amount(tmp_path: Path) -> None:
    folder = EXAMPLES / "online_retail"
    file = export_file(
        folder / "exports" / "online_retail" / "online_retail.parquet",
        "online_retail",
        folder=folder,
        mapping="mappings/online_retail.toml",
    )
    parts = list(taken(mapping, [file], tmp_path))
    log = log_of(parts)
    assert log["orders"].rows_loaded == 25_900
    assert log["persons"].rows_loaded == 4_372
    assert log["order_lines"].rows_loaded == 541_909
    assert not any(line.rows_quarantined for line in log.values())
    orders = read(parts, "orders", ["kind", "total_amount", "person_id"])
    assert pc.sum(orders["total_amount"]).as_py() == Decimal("9747747.9340")
    returns = orders.filter(pc.equal(orders["kind"], "return"))
    assert returns.num_rows == 3_836 + 2  # cancellations, and corrections of bad debt
    assert orders["person_id"].null_count > 0


def journey(data: Path, names: list[str], folder: Path) -> list[Part]:
    example = EXAMPLES / "complete_journey"
    options = {"folder": example, "mapping": JOURNEY_MAPPING}
    files = [export_file(data / name, "complete_journey", **options) for name in names]
    return list(taken(mapping, files, folder))


@pytest.mark.slow
def test_the_complete_journey_has_its_baskets_households_and_sales(
    development_data: Path, tmp_path: Path
) -> None:
    data = development_data / "complete_journey"
    parts = journey(data, ["transactions.parquet"], tmp_path)
    log = log_of(parts)
    assert log["orders"].rows_loaded == 155_848
    assert log["persons"].rows_loaded == 2_469
    assert log["order_lines"].rows_loaded == 1_469_307
    orders = read(parts, "orders", ["total_amount"])
    assert pc.sum(orders["total_amount"]).as_py() == Decimal("4596039.5800")


def test_the_complete_journey_has_its_products_coupons_and_redemptions(
    development_data: Path, tmp_path: Path
) -> None:
    names = [f"{n}.parquet" for n in ("products", "demographics", "coupons", "coupon_redemptions")]
    log = log_of(journey(development_data / "complete_journey", names, tmp_path))
    assert log["products"].rows_loaded == 92_331
    assert log["persons"].rows_loaded == 801
    assert (log["offers"].rows_loaded, log["offers"].rows_doubled) == (111_332, 4_872)
    assert log["events"].rows_loaded == 2_102


def test_promotions_become_offers_in_leaflet_and_store(
    development_data: Path, tmp_path: Path
) -> None:
    whole = development_data / "complete_journey" / "promotions.parquet"
    week = pq.read_table(whole, filters=[("week", "=", 1)])
    pq.write_table(week, tmp_path / "promotions.parquet")
    parts = journey(tmp_path, ["promotions.parquet"], tmp_path / "parts")
    offers = read(parts, "offers", ["medium", "starts_on", "placement"])
    expected = {
        medium: week.filter(pc.not_equal(week[column], "0"))
        .group_by(["product_id", "store_id", column])
        .aggregate([])
        .num_rows
        for medium, column in (("leaflet", "mailer_location"), ("store", "display_location"))
    }
    counted = {row["values"]: row["counts"] for row in offers["medium"].value_counts().to_pylist()}
    assert counted == expected
    assert {str(day) for day in pc.unique(offers["starts_on"]).to_pylist()} == {"2016-12-26"}
    assert "front page feature" in pc.unique(offers["placement"]).to_pylist()


def test_the_examples_are_workspaces() -> None:
    for name in ("online_retail", "complete_journey"):
        settings = read_settings(EXAMPLES / name)
        source = settings.sources[name]
        assert source.connector == "mapping"
        assert (EXAMPLES / name / source.mapping).is_file()
        assert (EXAMPLES / name / "README.md").is_file()
