from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

import klantreis.state.database as database
from klantreis.state import ImportedFile, ImportPart, State, TableVersion
from klantreis.state.models import Base

NOON = datetime(2026, 3, 1, 12)


def version(number: int, *, table: str = "rfm", at: datetime = NOON) -> TableVersion:
    return TableVersion(
        f"{table}-{number}", table, f"mark-{number}", (f"{table}/{number}.parquet",), 10, 0.5, at
    )


def test_nothing_is_published_at_first(state: State) -> None:
    assert state.published() is None
    assert state.published_number() is None


def test_what_is_published_is_seen_with_its_tables(state: State) -> None:
    state.add_version(version(1))
    number = state.publish({"rfm": version(1)}, as_of=NOON, at=NOON)
    published = state.published()
    assert published is not None
    assert (published.publication_id, dict(published.tables)) == (number, {"rfm": version(1)})


def test_a_version_that_is_not_published_is_found_by_its_fingerprint_only(state: State) -> None:
    state.add_version(version(1))
    assert state.find_version("rfm", "mark-1") == version(1)
    assert state.find_version("rfm", "mark-2") is None
    assert state.published() is None


def test_old_publications_go_and_take_only_their_own_versions(state: State) -> None:
    for number in range(1, 5):
        moment = NOON + timedelta(days=number)
        state.add_version(version(number, at=moment))
        if number == 1:
            state.add_version(version(0, table="customers"))
        tables = {"rfm": version(number, at=moment), "customers": version(0, table="customers")}
        state.publish(tables, as_of=moment, at=moment)
    dropped = state.forget_before(2)
    assert {v.version_id for v in dropped} == {"rfm-1", "rfm-2"}
    assert state.files_in_use() == {"rfm/3.parquet", "rfm/4.parquet", "customers/0.parquet"}


def test_a_version_of_a_stopped_run_is_kept_for_the_next(state: State) -> None:
    state.add_version(version(1))
    state.publish({"rfm": version(1)}, as_of=NOON, at=NOON)
    later = version(2, at=NOON + timedelta(hours=1))
    state.add_version(later)
    assert state.forget_before(1) == ()
    assert state.find_version("rfm", "mark-2") == later


def test_an_import_is_remembered_whole(state: State, state_url: str) -> None:
    file = ImportedFile("till", "abc", "exports/till/a.csv", 10, 1.5, "till", NOON)
    part = ImportPart(
        "p1", "till", "orders", ("parts/a.parquet",), 3, NOON, NOON, NOON, ({"rows_read": 3},)
    )
    state.record_import([file], [part])
    again = State(state_url)
    assert again.imported_files() == (file,)
    assert again.import_parts() == (part,)
    again.close()


def test_migrations_lead_to_exactly_the_models(state_url: str) -> None:
    State(state_url).close()
    inspected = inspect(create_engine(state_url))
    for table in Base.metadata.sorted_tables:
        columns = {c["name"]: c["nullable"] for c in inspected.get_columns(table.name)}
        assert columns == {c.name: c.nullable for c in table.columns}, table.name


def test_the_schema_version_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == database.SCHEMA_VERSION
