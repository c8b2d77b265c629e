"""What was planted in the simulated shop comes back, from raw exports to finished tables."""

from __future__ import annotations

import json

import pyarrow.parquet as pq
import pytest

from klantreis import Workspace
from klantreis.identity.quality import identity_quality


def truth(shop: Workspace, name: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = pq.read_table(
        shop.folder / "truth" / f"{name}.parquet"
    ).to_pylist()
    return rows


def test_exactly_the_broken_rows_are_in_quarantine(shop: Workspace) -> None:
    planted = {(row["path"], row["line"]) for row in truth(shop, "broken_rows")}
    aside = shop.rows(shop.table("quarantine"))
    assert {(row["path"], row["line"]) for row in aside} == planted
    assert len(planted) > 10
    assert all(row["row"] and row["allowed"] for row in aside)


def test_rows_read_are_rows_loaded_put_aside_and_doubled_for_every_file(shop: Workspace) -> None:
    for row in shop.rows(shop.table("imports")):
        taken = row["rows_loaded"] + row["rows_quarantined"] + row["rows_doubled"]
        assert row["rows_read"] == taken, row["path"]


def test_every_offer_of_every_leaflet_is_there_once(shop: Workspace) -> None:
    printed = [
        (offer["sku"], folder["valid_from"])
        for file in sorted((shop.folder / "exports" / "leaflet").glob("*.json"))
        for folder in [json.loads(file.read_text(encoding="utf-8"))]
        for offer in folder["offers"]
    ]
    offers = shop.table("offers")
    leaflet = shop.rows(offers.filter(offers["medium"] == "leaflet"))
    found = [(row["product_id"], row["starts_on"].isoformat()) for row in leaflet]
    assert sorted(found) == sorted(printed)
    assert len(found) > 100


def test_records_of_one_human_are_one_customer_and_of_two_are_two(shop: Workspace) -> None:
    links = shop.table("links")
    engine = shop.reading.engine
    known = engine.table(pq.read_table(shop.folder / "truth" / "records.parquet"))
    # A cookie that was never signed in on is its human's in truth, but nothing in the data says so.
    can_be_known = ~known["is_shared"] & ~known["person_id"].startswith("ga4:c:")
    quality = identity_quality(links, known.filter(can_be_known), engine=engine)
    assert quality.records > 1_000
    assert quality.b_cubed_precision >= 0.995
    assert quality.pairwise_precision >= 0.98
    # What only names and addresses could tie is left to probabilistic matching.
    assert quality.b_cubed_recall >= 0.85


def test_no_shared_device_ties_two_humans(shop: Workspace) -> None:
    links = shop.table("links")
    customer = {row["person_id"]: row["customer_id"] for row in shop.rows(links)}
    users: dict[object, set[object]] = {}
    for row in truth(shop, "records"):
        if row["is_shared"]:
            users.setdefault(row["person_id"], set()).add(row["human_id"])
    assert users, "the simulated shop has shared devices"
    persons: dict[object, set[int]] = {}
    for row in truth(shop, "records"):
        if str(row["person_id"]).startswith("ga4:u:"):
            persons.setdefault(row["human_id"], set()).add(customer[str(row["person_id"])])
    for humans in users.values():
        one, other, *_ = [persons.get(human, set()) for human in sorted(humans, key=str)]
        assert not one & other


@pytest.mark.parametrize("phase", ["inspiration", "orientation", "purchase"])
def test_the_part_that_stops_in_a_phase_is_the_part_that_was_planted(
    shop: Workspace, phase: str
) -> None:
    order = ["inspiration", "orientation", "purchase", "aftercare"]
    planted = [
        row for row in truth(shop, "journeys") if not row["is_open"] and row["orientation_channel"]
    ]
    reached = [
        row
        for row in planted
        if order.index(str(row["entry_phase"]))
        <= order.index(phase)
        <= order.index(str(row["furthest_phase"]))
    ]
    stopped = [row for row in reached if row["drop_off_phase"] == phase]
    drop_offs = shop.table("drop_offs")
    (measured,) = shop.rows(
        drop_offs.filter(
            (drop_offs["phase_model"] == "inspiration_to_feedback") & (drop_offs["phase"] == phase)
        )
    )
    assert measured["drop_off_share"] == pytest.approx(len(stopped) / len(reached), abs=0.15)
