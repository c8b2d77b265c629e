from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pytest

from klantreis import registry
from klantreis.engine.duckdb import DuckDBEngine
from klantreis.errors import ContractError, StoppedError, WorkspaceBusyError, WorkspaceError
from klantreis.runner import layers
from klantreis.state import State
from tests.runner.shops import (
    NOON,
    Shop,
    customer_merges,
    customers,
    households,
    links,
    phase_visits,
)

ANN = {"person_id": "shop:1", "first_name": "Ann", "created_at": datetime(2026, 1, 1)}
BOB = {"person_id": "shop:2", "first_name": "Bob", "created_at": datetime(2026, 2, 1)}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path, State.in_folder(tmp_path))
    yield shop
    shop.state.close()


def test_a_run_without_imports_says_what_to_do(shop: Shop) -> None:
    with pytest.raises(WorkspaceError, match="klantreis import"):
        shop.run(customers)


def test_a_run_publishes_all_tables_together(shop: Shop) -> None:
    shop.take_in("a", "persons", [ANN, BOB])
    shop.run(customers)
    assert [row["name"] for row in shop.rows("customers")] == ["Ann", "Bob"]
    assert [row["rows_read"] for row in shop.rows("imports")] == [2]


def test_what_did_not_change_is_not_made_again(shop: Shop) -> None:
    shop.take_in("a", "persons", [ANN])
    assert "customers" in shop.run(customers, links).made
    second = shop.run(customers, links)
    assert second.made == []
    assert shop.state.published_number() == 1


def test_only_what_rests_on_a_changed_setting_is_made_again(shop: Shop) -> None:
    shop.take_in("a", "persons", [ANN])
    shop.run(customers, links)
    assert shop.run(customers, links, session_minutes=45).made == ["links"]


def test_only_what_rests_on_a_new_import_is_made_again(shop: Shop) -> None:
    shop.take_in("a", "persons", [ANN])
    shop.run(customers, links)
    shop.take_in(
        "b",
        "spend",
        [{"spend_id": "1", "channel": "meta", "spent_on": date(2026, 1, 1), "cost_amount": 1}],
    )
    assert shop.run(customers, links).made == ["spend", "imports"]


def test_a_changed_phase_model_of_another_package_makes_what_rests_on_it_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.take_in("a", "persons", [ANN])
    for model in ("first", "first", "changed"):
        monkeypatch.setattr(registry, "load_all", lambda group, model=model: {"own": model})
        made = shop.run(phase_visits).made
        assert ("phase_visits" in made) is (model == "changed" or "persons" in made)
    assert {row["phase_model"] for row in shop.rows("phase_visits")} == {"changed"}


def test_a_step_gets_its_own_last_published_table(shop: Shop) -> None:
    shop.take_in("a", "persons", [ANN])
    shop.run(links, session_minutes=30)
    shop.take_in("b", "persons", [BOB])
    shop.run(links, session_minutes=30)
    assert {row["customer_id"] for row in shop.rows("links")} == {31}


def test_a_step_that_keeps_rows_is_told_what_changed_unless_it_is_made_otherwise(
    shop: Shop,
) -> None:
    def told(**how: Any) -> tuple[int, list[str]]:
        shop.run(customer_merges, **how)
        (row,) = shop.rows("customer_merges")
        return row["customer_id"], row["person_ids"] or []

    shop.take_in("a", "persons", [ANN, BOB])
    assert told() == (0, ["shop:1", "shop:2"])
    shop.take_in("b", "persons", [BOB | {"first_name": "Rob"}, BOB | {"person_id": "shop:3"}])
    assert told() == (1, ["shop:2", "shop:3"])
    assert told(session_minutes=45) == (0, ["shop:1", "shop:2", "shop:3"])
    assert told(session_minutes=45, afresh=True) == (0, ["shop:1", "shop:2", "shop:3"])


def test_a_table_of_many_portions_goes_on_in_one_piece_while_little_changed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "ROWS_WORTH_A_LAYER", 0)
    monkeypatch.setattr(DuckDBEngine, "rows_at_once", 10)

    def people(*numbers: int) -> list[dict[str, Any]]:
        return [ANN | {"person_id": f"p{number:03}"} for number in numbers]

    shop.take_in("a", "persons", people(*range(40)))
    shop.run(customers, households)
    whole = shop.files("households")
    assert len(whole) == 4, "in portions"
    shop.take_in("b", "persons", people(40), NOON + timedelta(days=1))
    shop.run(customers, households)
    assert shop.files("households")[:4] == whole
    assert len(shop.files("households")) == 5, "one more, in one piece"
    assert len(shop.rows("households")) == 41
    shop.take_in("c", "persons", people(*range(50, 90)), NOON + timedelta(days=2))
    shop.run(customers, households)
    assert not set(shop.files("households")) & set(whole), "all anew, in portions"
    assert len(shop.rows("households")) == 81


def test_a_later_record_that_says_nothing_of_a_person_leaves_what_was_known(shop: Shop) -> None:
    said = {"person_id": "p1", "first_name": "Sanne", "last_name": "Smit", "created_at": NOON}
    silent = dict.fromkeys(("first_name", "last_name", "email"))
    shop.take_in("one", "persons", [said, {"person_id": "p2", **silent, "created_at": NOON}])
    later = NOON + timedelta(days=1)
    again = [{"person_id": name, **silent, "created_at": later} for name in ("p1", "p2")]
    shop.take_in("two", "persons", again, at=later)
    shop.run(customers)
    kept = {row["person_id"]: (row["first_name"], row["file_id"]) for row in shop.rows("persons")}
    assert kept == {"p1": ("Sanne", "one"), "p2": (None, "two")}


def test_the_latest_import_of_a_key_wins_and_first_moments_are_kept(shop: Shop) -> None:
    shop.take_in("a", "persons", [ANN | {"city": "Delft"}, BOB])
    shop.take_in(
        "b",
        "persons",
        [ANN | {"first_name": "Anna", "city": None, "created_at": datetime(2026, 2, 9)}],
        at=NOON + timedelta(days=1),
    )
    shop.run(customers)
    rows = {row["person_id"]: row for row in shop.rows("persons")}
    assert len(rows) == 2
    ann = rows["shop:1"]
    assert (ann["first_name"], ann["city"], ann["created_at"]) == (
        "Anna",
        None,
        datetime(2026, 1, 1),
    )


def test_rows_set_aside_by_two_imports_of_a_source_are_all_kept(shop: Shop) -> None:
    shop.take_in("a", "persons", [ANN])
    for part, found in (("b", "30 februari"), ("c", "gisteren")):
        aside = {"quarantine_id": f"{part}:7:datum", "path": part, "line": 7, "column": "datum"}
        told = {"reason": "not_a_time", "found": found, "imported_at": NOON}
        shop.take_in(part, "quarantine", [aside | told])
    shop.run(customers)
    kept = {row["file_id"]: row["found"] for row in shop.rows("quarantine")}
    assert kept == {"b": "30 februari", "c": "gisteren"}


def test_parts_of_separate_periods_are_not_written_again(shop: Shop) -> None:
    for number, day in enumerate((datetime(2026, 1, 1), datetime(2026, 1, 2))):
        event = {"event_id": str(number), "channel": "web", "name": "page_view", "occurred_at": day}
        shop.take_in(f"day-{number}", "events", [event])
    shop.run(customers)
    published = shop.state.published()
    assert published is not None
    assert all(file.startswith("parts/") for file in published.tables["events"].files)
    assert len(shop.rows("events")) == 2


def test_everything_holds_up_to_the_last_moment_in_the_data_not_up_to_the_clock(shop: Shop) -> None:
    order = {
        "order_id": "1",
        "kind": "sale",
        "channel": "web",
        "status": "completed",
        "total_amount": 5,
        "ordered_at": datetime(2026, 2, 3, 10),
    }
    shop.take_in("a", "orders", [order])
    shop.take_in("b", "orders", [order | {"order_id": "2", "ordered_at": datetime(2199, 1, 1)}])
    shop.run(now=NOON)
    published = shop.state.published()
    assert published is not None
    assert published.as_of == datetime(2026, 2, 3, 10)


def test_contacts_alone_hold_up_to_when_they_were_taken_in(shop: Shop) -> None:
    shop.take_in("a", "persons", [ANN])
    first = shop.run(customers, now=NOON + timedelta(days=1))
    later = shop.run(customers, now=NOON + timedelta(days=2))
    published = shop.state.published()
    assert published is not None
    assert published.as_of == NOON
    assert first.made
    assert not later.made


def test_a_stopped_run_publishes_nothing_and_is_taken_up_again(shop: Shop) -> None:
    calls = []

    def portraits(customers: ir.Table) -> ir.Table:
        calls.append("portraits")
        raise KeyboardInterrupt

    shop.take_in("a", "persons", [ANN])
    with pytest.raises(StoppedError, match="goes on from here"):
        shop.run(customers, portraits)
    assert shop.state.published() is None
    taken_up = shop.run(customers)
    assert "customers" in taken_up.reused
    assert calls == ["portraits"]


def test_a_step_that_breaks_its_contract_publishes_nothing(shop: Shop) -> None:
    def rfm(persons: ir.Table) -> ir.Table:
        return persons.select("person_id")

    shop.take_in("a", "persons", [ANN])
    with pytest.raises(ContractError, match="rfm"):
        shop.run(customers, rfm)
    assert shop.state.published() is None


def test_two_runs_do_not_write_at_the_same_time(shop: Shop) -> None:
    shop.take_in("a", "persons", [ANN])
    with shop.store.writing(), pytest.raises(WorkspaceBusyError, match="wait"):
        shop.run(customers)


def test_files_that_nobody_refers_to_are_removed_and_others_stay(shop: Shop) -> None:
    shop.take_in("a", "persons", [ANN])
    for minutes in range(1, 9):
        shop.run(links, session_minutes=minutes, now=NOON + timedelta(minutes=minutes))
    kept = list(shop.store.versions.rglob("links.parquet"))
    assert len(kept) == 5
    assert {row["customer_id"] for row in shop.rows("links")} == {8 + 1}
    assert list(shop.store.parts.rglob("*.parquet"))


def test_a_lost_file_is_made_again(shop: Shop) -> None:
    shop.take_in("a", "persons", [ANN])
    shop.run(customers)
    for file in shop.store.versions.rglob("customers.parquet"):
        file.unlink()
    assert shop.run(customers).made == ["customers"]


def test_a_file_that_was_taken_in_twice_and_files_of_several_tables_leave_each_key_once(
    shop: Shop,
) -> None:
    email = {"person_id": "shop:1", "kind": "email", "value": "ann@post.example"}
    for part in ("a", "b"):
        shop.take_in(f"identifiers-{part}", "identifiers", [email], file_id=part)
        shop.take_in(f"persons-{part}", "persons", [ANN | {"city": "Delft"}], file_id=part)
    shop.take_in("c", "persons", [ANN | {"city": "Breda"}], NOON + timedelta(days=1))
    shop.take_in(
        "again", "persons", [ANN | {"city": "Delft"}], NOON + timedelta(days=2), file_id="a"
    )
    shop.run(customers)
    assert [row["city"] for row in shop.rows("persons")] == ["Delft"]


def test_a_small_import_is_written_beside_what_was_collected_before(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "ROWS_WORTH_A_LAYER", 0)
    shop.take_in("a", "persons", [ANN | {"city": "Delft"}, BOB])
    shop.take_in("b", "persons", [ANN])
    shop.run(customers)
    first = shop.files("persons")
    later = {"first_name": "Rob", "created_at": datetime(2025, 5, 5), "city": "Breda"}
    shop.take_in("c", "persons", [BOB | later, BOB | {"person_id": "shop:3"}])
    shop.run(customers)
    assert shop.files("persons")[: len(first)] == first
    rows = {row["person_id"]: row for row in shop.rows("persons")}
    assert len(shop.rows("persons")) == len(rows) == 3
    assert rows["shop:1"]["city"] is None
    assert [rows["shop:2"][name] for name in later] == list(later.values())
    assert len(shop.rows("customers")) == 3
    shop.take_in("d", "persons", [ANN], NOON + timedelta(days=1))
    shop.run(customers, in_layers=False)
    assert not set(shop.files("persons")) & set(first), "nothing is left of rows of before"
    assert len(shop.rows("persons")) == 3


def test_what_only_came_with_another_export_since_is_looked_at_by_nobody(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "ROWS_WORTH_A_LAYER", 0)

    def heard() -> list[str]:
        (row,) = shop.rows("customer_merges")
        return list(row["person_ids"])

    shop.take_in("monday", "persons", [ANN, BOB])
    shop.run(customer_merges)
    shop.take_in("tuesday", "persons", [ANN, BOB], NOON + timedelta(days=1))
    assert shop.run(customer_merges).made == ["persons", "imports"]
    assert {row["file_id"] for row in shop.rows("persons")} == {"tuesday"}
    assert heard() == ["shop:1", "shop:2"], "as on Monday"
    rob = BOB | {"first_name": "Rob"}
    shop.take_in("wednesday", "persons", [ANN, rob], NOON + timedelta(days=2))
    shop.run(customer_merges)
    assert heard() == ["shop:2"]
    assert {row["file_id"] for row in shop.rows("persons")} == {"wednesday"}


def test_who_hears_nothing_hears_later_what_changed_though_a_run_was_stopped_between(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "ROWS_WORTH_A_LAYER", 0)
    shop.take_in("monday", "persons", [ANN, BOB])
    shop.run(customer_merges)

    def interrupted(persons: ir.Table, customer_merges: ir.Table) -> ir.Table:
        raise KeyboardInterrupt

    interrupted.__name__ = "customers"
    shop.take_in("tuesday", "persons", [ANN], NOON + timedelta(days=1))
    with pytest.raises(StoppedError):
        shop.run(customer_merges, interrupted)
    rob = BOB | {"first_name": "Rob"}
    shop.take_in("wednesday", "persons", [rob], NOON + timedelta(days=2))
    shop.run(customer_merges)
    (row,) = shop.rows("customer_merges")
    assert row["person_ids"] == ["shop:2"]
    assert {row["person_id"]: row["file_id"] for row in shop.rows("persons")} == {
        "shop:1": "tuesday",
        "shop:2": "wednesday",
    }


def test_what_rests_on_a_table_that_says_what_it_said_is_not_made_again(shop: Shop) -> None:
    shop.take_in("a", "persons", [ANN, BOB])
    shop.run(customers, households)
    number = shop.files("customers")
    shop.take_in("b", "persons", [ANN | {"city": "Delft"}], NOON + timedelta(days=1))
    told = shop.run(customers, households)
    assert (told.made, shop.files("customers")) == (["persons", "imports"], number)
    shop.take_in("c", "persons", [ANN | {"first_name": "Anna"}], NOON + timedelta(days=2))
    assert shop.run(customers, households).made == ["persons", "imports", "customers"]


def test_layers_are_written_together_when_they_become_many(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "ROWS_WORTH_A_LAYER", 0)
    monkeypatch.setattr(layers, "MOST_FILES", 3)
    for day in range(1, 7):
        shop.take_in(f"day-{day}", "persons", [ANN | {"city": str(day)}], NOON + timedelta(day))
        shop.run(customers)
        (row,) = shop.rows("persons")
        assert row["city"] == str(day)
        assert len(shop.files("persons")) <= 5
