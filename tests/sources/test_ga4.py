"""GA4's nested events become flat ones that the journey understands."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from klantreis import Workspace
from klantreis.errors import ChangedColumnsError, UnreadableFileError
from klantreis.sources import ga4 as room
from klantreis.sources.ga4 import source as ga4
from tests.brief import run_sources
from tests.sources.files import export_file, rows_of, taken, written

SAMPLES = Path(__file__).parent / "samples" / "ga4"


@pytest.fixture(scope="module")
def json_rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    file = export_file(SAMPLES / "events_20260105.json.gz", "ga4")
    return dict(rows_of(taken(ga4, [file], tmp_path_factory.mktemp("parts"))))


def test_events_get_our_names_and_openings_of_visits_are_left_out(
    json_rows: dict[str, list[dict[str, Any]]],
) -> None:
    assert sorted(row["name"] for row in json_rows["events"]) == [
        "ad_click",
        "login",
        "page_view",
        "purchase",
        "search",
        "view_item",
    ]


def test_an_event_tells_page_product_order_amount_and_session(
    json_rows: dict[str, list[dict[str, Any]]],
) -> None:
    by_name = {row["name"]: row for row in json_rows["events"]}
    viewed, bought = by_name["view_item"], by_name["purchase"]
    assert (viewed["page"], viewed["product_id"]) == ("/p/kussen", "HH-10000")
    assert viewed["occurred_at"] == datetime(2026, 1, 5, 13, 22, 11, 1)
    assert (bought["order_id"], bought["amount"]) == ("shopify:#1001", Decimal("164.85"))
    assert bought["product_id"] is None  # it is about two
    assert by_name["search"]["search_term"] == "lamp"
    assert {row["session_id"] for row in json_rows["events"]} == {"1767619331"}


def test_where_a_visit_came_from_is_told_of_each_of_its_events(
    json_rows: dict[str, list[dict[str, Any]]],
) -> None:
    by_name = {row["name"]: row for row in json_rows["events"]}
    assert by_name["ad_click"]["channel"] == "ads"
    for name in ("view_item", "search", "purchase"):
        assert (by_name[name]["traffic_source"], by_name[name]["campaign"]) == (
            "google",
            "Shopping",
        )
    assert by_name["page_view"]["traffic_source"] is None
    assert by_name["page_view"]["channel"] == "app"


def test_who_signs_in_is_another_person_with_the_same_cookie(
    json_rows: dict[str, list[dict[str, Any]]],
) -> None:
    told = {(row["person_id"], row["kind"], row["value"]) for row in json_rows["identifiers"]}
    assert told == {
        ("ga4:c:111.222", "cookie", "111.222"),
        ("ga4:u:7100000000001", "cookie", "111.222"),
        ("ga4:u:7100000000001", "user_id", "7100000000001"),
        ("ga4:c:app-1", "cookie", "app-1"),
    }


def test_who_buys_without_signing_in_is_a_person_of_that_order_with_the_cookie(
    tmp_path: Path,
) -> None:
    lines = [
        {"event_timestamp": f"176761933{n}000000", "event_name": name, "user_pseudo_id": "555.666"}
        | ({"ecommerce": {"transaction_id": "#1009"}} if name == "purchase" else {})
        for n, name in enumerate(("view_item", "purchase"))
    ]
    export = tmp_path / "events_20260105.json"
    export.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    rows = rows_of(taken(ga4, [export_file(export, "ga4")], tmp_path / "taken"))
    assert {(row["name"], row["person_id"]) for row in rows["events"]} == {
        ("view_item", "ga4:c:555.666"),
        ("purchase", "ga4:o:#1009"),
    }
    assert {(row["person_id"], row["kind"], row["value"]) for row in rows["identifiers"]} == {
        ("ga4:c:555.666", "cookie", "555.666"),
        ("ga4:o:#1009", "cookie", "555.666"),
        ("ga4:o:#1009", "order", "#1009"),
    }


def test_the_link_in_a_mailing_tells_whose_visit_it_is(tmp_path: Path) -> None:
    places = (
        "https://shop.example/lamp?utm_source=brief&mc_cid=19a65e1c6c&mc_eid=26408FFA70",
        "https://shop.example/lamp?mc_eid=__test_email__",
        "https://shop.example/mc_eid=verhaal",
    )
    lines = [
        {
            "event_timestamp": f"176761933{n}000000",
            "event_name": "page_view",
            "user_pseudo_id": f"555.{n}",
            "event_params": [{"key": "page_location", "value": {"string_value": place}}],
        }
        for n, place in enumerate(places)
    ]
    export = tmp_path / "events_20260105.json"
    export.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    rows = rows_of(taken(ga4, [export_file(export, "ga4")], tmp_path / "taken"))
    told = [row for row in rows["identifiers"] if row["kind"] == "subscriber"]
    assert [(row["person_id"], row["value"]) for row in told] == [("ga4:c:555.0", "26408FFA70")]
    assert {row["page"] for row in rows["events"]} == {"/lamp", "/mc_eid=verhaal"}


def test_parquet_gives_what_json_gives(tmp_path: Path) -> None:
    rows = rows_of(taken(ga4, [export_file(SAMPLES / "events_20260106.parquet", "ga4")], tmp_path))
    by_name = {row["name"]: row for row in rows["events"]}
    # Google marks its own advertisements by a click id alone.
    assert (by_name["ad_click"]["traffic_source"], by_name["ad_click"]["traffic_medium"]) == (
        "google",
        "cpc",
    )
    assert by_name["view_item"]["page"] == "/p/lamp"
    assert by_name["purchase"]["order_id"] == "shopify:#1002"


def test_huge_files_are_not_held_and_give_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [export_file(SAMPLES / "events_20260106.parquet", "ga4")]
    held = rows_of(taken(ga4, files, tmp_path / "held"))
    monkeypatch.setattr("klantreis.sources.ga4.reading.ROWS_AT_ONCE", 1)
    assert rows_of(taken(ga4, files, tmp_path / "huge")) == held


def test_the_id_of_an_event_is_the_same_for_ever(
    json_rows: dict[str, list[dict[str, Any]]],
) -> None:
    text = "ga4|111.222|1767619335000000|purchase|#1001"
    expected = hashlib.md5(text.encode()).hexdigest()[:16]
    assert expected in {row["event_id"] for row in json_rows["events"]}


def day(path: Path, *rows: tuple[int, str, str]) -> None:
    """A day's table: moment in seconds, name and campaign of each event."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        {
            "event_timestamp": f"{second}000000",
            "event_name": name,
            "user_pseudo_id": "555.666",
            "event_params": [{"key": "ga_session_id", "value": {"int_value": "1"}}],
            **({"collected_traffic_source": {"manual_source": said}} if said else {}),
        }
        for second, name, said in rows
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")


def test_a_day_replaces_its_intraday_table_and_late_events_come_along(tmp_path: Path) -> None:
    shop = Workspace.create(tmp_path / "shop")
    exports = shop.folder / "exports" / "ga4"
    day(exports / "events_intraday_20260105.json", (1767619331, "view_item", ""))
    day(
        exports / "events_20260105.json",
        (1767619331, "view_item", "google"),
        (1767619333, "add_to_cart", ""),
    )
    shop.import_exports()
    day(
        exports / "events_20260105.json",
        (1767619331, "view_item", "google"),
        (1767619332, "view_cart", ""),
        (1767619333, "add_to_cart", ""),
    )
    shop.import_exports()
    run_sources(shop)
    events = shop.tables["events"].order_by("occurred_at").execute()
    assert events["name"].tolist() == ["view_item", "view_cart", "add_to_cart"]
    assert events["traffic_source"].tolist() == ["google", "google", "google"]


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    file = export_file(written(tmp_path / "a.csv", "a;b\n1;2\n"), "ga4")
    with pytest.raises(UnreadableFileError, match="Not an export of GA4"):
        taken(room.source, [file], tmp_path / "parts")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_events_in_another_unicode_are_read_with_their_lines(encoding: str, tmp_path: Path) -> None:
    event = {"event_timestamp": "1767619331000000", "event_name": "café", "user_pseudo_id": "1"}
    lines = [json.dumps(event, ensure_ascii=False), "\u00a0", "", '{"event_name": "café"}']
    export = tmp_path / "events_20260105.json"
    export.write_bytes("\n".join(lines).encode(encoding))
    rows = rows_of(taken(ga4, [export_file(export, "ga4")], tmp_path / "taken"))
    assert [row["name"] for row in rows["events"]] == ["café"]
    assert [(row["line"], row["row"]) for row in rows["quarantine"]] == [
        (2, lines[1]),
        (4, lines[3]),
    ]


def test_a_table_without_parameters_and_items_is_read(tmp_path: Path) -> None:
    export = tmp_path / "events_20260105.parquet"
    columns = {"event_timestamp": [1767619331000000], "event_name": ["x"], "user_pseudo_id": ["1"]}
    pq.write_table(pa.table(columns), export)
    rows = rows_of(taken(ga4, [export_file(export, "ga4")], tmp_path / "taken"))
    assert [(row["name"], row["page"]) for row in rows["events"]] == [("x", None)]


@pytest.mark.parametrize("form", ["json", "parquet"])
def test_a_renamed_column_is_explained_and_read_when_it_is_accepted(
    form: str, tmp_path: Path
) -> None:
    rows = [
        {"event_timestamp": 1767619331000000 + n, "event": "page_view", "user_pseudo_id": f"1.{n}"}
        for n in range(2)
    ]
    path = tmp_path / f"events_20260105.{form}"
    if form == "json":
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    else:
        pq.write_table(pa.Table.from_pylist(rows), path)
    changed = ga4.changed(export_file(path, "ga4"))
    assert changed is not None
    assert changed.lacking == {"event_name": "event"}
    with pytest.raises(ChangedColumnsError, match="event_name"):
        taken(ga4, [export_file(path, "ga4")], tmp_path / "refused")
    accepted = export_file(path, "ga4", renamed={"event_name": "event"})
    assert ga4.recognise(accepted) > 0.5
    before = tmp_path / f"events_20260104.{form}"
    earlier = {**rows[0], "event_name": "login", "event": None, "event_timestamp": 1767532931000000}
    if form == "json":
        before.write_text(json.dumps(earlier), encoding="utf-8")
    else:
        pq.write_table(pa.Table.from_pylist([earlier]), before)
    old = export_file(before, "ga4", renamed={"event_name": "event"})
    read = rows_of(taken(ga4, [old, accepted], tmp_path / "taken"))
    assert sorted(row["name"] for row in read["events"]) == ["login", "page_view", "page_view"]
