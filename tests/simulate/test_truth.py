"""The truth fits the exports, and the shop behaves as a shop does."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from klantreis.simulate import Plan
from klantreis.simulate.journeys import PHASES, REASONS
from tests.simulate.reading import broken_lines, json_lines, sheet, truth


@pytest.fixture(scope="module")
def records(folder: Path) -> dict[str, set[int]]:
    humans: dict[str, set[int]] = defaultdict(set)
    for row in truth(folder, "records"):
        humans[row["person_id"]].add(row["human_id"])
    return humans


@pytest.fixture(scope="module")
def named(folder: Path, web_events: list[dict[str, Any]]) -> set[str]:
    """All records that the exports name, as the connectors will name them."""
    ids = {f"shopify:{row['Email'].lower()}" for row in sheet(folder, "shopify/orders*.csv")}
    ids |= {
        f"shopify:{row['Email'].lower()}" if row["Email"] else f"shopify:id:{row['Customer ID']}"
        for row in sheet(folder, "shopify/customers_export.csv")
    }
    for row in sheet(folder, "till/*.csv", ";", "cp1252"):
        card, email = row["Klantkaart"], row["E-mail"]
        ids.add(f"till:card:{card}" if card else f"till:email:{email.lower()}")
    ids |= {f"crm:{row['Klantnummer']}" for row in sheet(folder, "crm/*.csv", ";")}
    ids |= {f"mailchimp:{row['Email Address']}" for row in sheet(folder, "mailchimp/*.csv")}
    ids |= {f"zendesk:{row['requester']['id']}" for row in json_lines(folder, "zendesk/*.json")}
    ids |= {f"survey:{row['E-mail']}" for row in sheet(folder, "survey/*.csv", ";")}
    for event in web_events:
        if event["event_name"] not in ("session_start", "first_visit"):
            user = event.get("user_id")
            ids.add(f"ga4:u:{user}" if user else f"ga4:c:{event['user_pseudo_id']}")
    return ids


def test_every_record_of_the_exports_has_its_human(
    named: set[str], records: dict[str, set[int]]
) -> None:
    nobody = named - records.keys()
    junk = ("till:card:0000000000000", "till:card:2699999", "till:email:test@test.nl")
    nameless = ("shopify:", "till:email:", "survey:", "crm:")
    assert {n for n in nobody if not n.startswith(junk) and n not in nameless} == set()


def test_every_human_of_the_truth_is_in_the_exports(
    folder: Path, named: set[str], records: dict[str, set[int]]
) -> None:
    unseen = {
        record
        for record in records.keys() - named
        if not record.startswith(("reviews:", "social:"))
    }
    assert len(unseen) <= len(broken_lines(folder))


def test_some_devices_and_addresses_are_shared_at_home(
    folder: Path, records: dict[str, set[int]]
) -> None:
    homes = {row["human_id"]: row["household_id"] for row in truth(folder, "humans")}
    shared = {record: humans for record, humans in records.items() if len(humans) > 1}
    assert {record.split(":")[0] for record in shared} >= {"ga4", "shopify", "till"}
    for record, humans in shared.items():
        if not record.startswith("social:"):
            assert len({homes[human] for human in humans}) == 1
    for row in truth(folder, "records"):
        assert row["is_shared"] == (row["person_id"] in shared)


def test_journeys_are_numbered_in_time_and_end_one_way(folder: Path, plan: Plan) -> None:
    last: dict[int, tuple[int, datetime]] = {}
    for journey in truth(folder, "journeys"):
        number, started = last.get(journey["human_id"], (0, journey["started_at"]))
        assert journey["number"] == number + 1
        assert journey["started_at"] >= started
        last[journey["human_id"]] = (journey["number"], journey["started_at"])
        assert journey["furthest_phase"] in PHASES
        bought = journey["purchased_at"] is not None
        assert bought == (journey["order_id"] is not None)
        assert [bought, journey["is_open"], journey["drop_off_phase"] is not None].count(True) == 1
        if journey["drop_off_phase"]:
            assert journey["drop_off_phase"] == journey["furthest_phase"]
            assert journey["drop_off_reason"] in REASONS


def test_orders_of_journeys_are_in_the_exports(folder: Path) -> None:
    known = {f"shopify:{row['Name']}" for row in sheet(folder, "shopify/orders*.csv")}
    known |= {f"till:{row['Bonnummer']}" for row in sheet(folder, "till/*.csv", ";", "cp1252")}
    planted = {row["order_id"] for row in truth(folder, "journeys") if row["order_id"]}
    assert len(planted - known) <= len(broken_lines(folder))


def test_broken_rows_are_few_and_of_several_kinds(folder: Path) -> None:
    broken = truth(folder, "broken_rows")
    assert len({row["kind"] for row in broken}) >= 4
    assert len({Path(row["path"]).parent for row in broken}) >= 5


def test_mailings_move_whom_they_reach(folder: Path) -> None:
    """Over all mailings together the planted lift comes back; see the docs for the arms."""
    effects = truth(folder, "effects")
    assert any(effect["planted_lift"] == 0 for effect in effects)
    treated = sum(effect["treated"] for effect in effects)
    held_out = sum(effect["held_out"] for effect in effects)
    assert 0.1 < held_out / (treated + held_out) < 0.3
    lift = sum(e["treated_buyers"] for e in effects) / treated
    lift -= sum(e["held_out_buyers"] for e in effects) / held_out
    planted = sum(e["planted_lift"] * e["treated"] for e in effects) / treated
    assert abs(lift - planted) < 0.02


def test_holdouts_get_no_mail(folder: Path) -> None:
    got: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in sheet(folder, "mailchimp/activity_*.csv"):
        got[row["Email Address"], row["Campaign"]].add(row["Action"])
    assert any("holdout" in actions for actions in got.values())
    for actions in got.values():
        if "holdout" in actions:
            assert actions == {"holdout"}


def test_visits_convert_as_in_a_real_webshop(web_events: list[dict[str, Any]]) -> None:
    names = Counter(event["event_name"] for event in web_events)
    assert 0.02 < names["purchase"] / names["session_start"] < 0.045
    assert names["add_to_cart"] > names["begin_checkout"] > names["add_payment_info"]
    assert names["add_payment_info"] > names["purchase"]
    assert {"sign_up", "login", "out_of_stock", "store_locator", "remove_from_cart"} <= set(names)


def test_every_customer_leaves_about_fifty_web_events(
    plan: Plan, web_events: list[dict[str, Any]]
) -> None:
    assert 42 < len(web_events) / plan.customers < 60


def test_november_and_december_are_the_busiest(folder: Path) -> None:
    months = Counter(
        journey["purchased_at"].strftime("%Y-%m")
        for journey in truth(folder, "journeys")
        if journey["purchased_at"]
    )
    usual = sum(months[f"2025-{month:02d}"] for month in range(2, 11)) / 9
    assert months["2025-11"] + months["2025-12"] > 2.3 * usual


def test_types_of_customers_differ_in_what_they_do(folder: Path) -> None:
    types = {row["human_id"]: row["type"] for row in truth(folder, "humans")}
    assert len(set(types.values())) == 8
    stores: dict[str, list[bool]] = defaultdict(list)
    for journey in truth(folder, "journeys"):
        if journey["purchased_at"]:
            stores[types[journey["human_id"]]].append(journey["purchase_channel"] == "store")
    share = {kind: sum(found) / len(found) for kind, found in stores.items()}
    assert share["classic_quality"] > share["style_seeker"] + 0.1


def test_what_is_said_is_mostly_dutch_and_hardly_repeats(folder: Path) -> None:
    tickets = [row["description"] for row in json_lines(folder, "zendesk/*.json")]
    reviews = sheet(folder, "reviews/reviews.csv")
    texts = tickets + [row["Text"] for row in reviews]
    texts += [row["text"] for row in json_lines(folder, "social/*.json")]
    assert len(texts) > 100
    assert len(set(texts)) / len(texts) > 0.95
    languages = Counter(row["Language"] for row in reviews)
    assert languages["nl"] > 4 * languages["en"]
    assert not any("{" in text for text in texts)


def test_feelings_are_told_by_the_words_and_the_stars(folder: Path) -> None:
    felt = {row["feedback_id"]: row["emotion"] for row in truth(folder, "emotions")}
    for row in sheet(folder, "reviews/reviews.csv"):
        assert int(row["Stars"]) == felt[f"reviews:{row['Review id']}"] + 3
    tickets = {f"zendesk:{row['id']}" for row in json_lines(folder, "zendesk/*.json")}
    assert tickets <= felt.keys()


def test_nothing_happens_after_the_period(
    folder: Path, plan: Plan, web_events: list[dict[str, Any]]
) -> None:
    end = datetime(plan.end.year, plan.end.month, plan.end.day)
    emotions = pq.read_table(folder / "truth/emotions.parquet")["felt_at"].to_pylist()
    assert max(emotions) < end
    stamps = [int(event["event_timestamp"]) for event in web_events]
    assert max(stamps) < end.replace(tzinfo=UTC).timestamp() * 1e6
