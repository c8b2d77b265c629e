from __future__ import annotations

from pathlib import Path

import pytest

from klantreis import Workspace
from klantreis.engine.duckdb import DuckDBEngine
from klantreis.errors import NotFoundError, WorkspaceError
from klantreis.journeys import phase_models
from klantreis.pipeline import STEPS
from klantreis.runner import Finished, Run
from klantreis.tables import TABLES, Renewal, check_rows, conform
from tests.brief import run_sources, run_until
from tests.rows import afresh


class Made:
    def __init__(self) -> None:
        self.names: list[str] = []

    def begin(self, activity: str, pieces: int) -> None: ...

    def started(self, name: str) -> None: ...

    def finished(self, piece: Finished) -> None:
        if not piece.is_reused:
            self.names.append(piece.name)


@pytest.mark.parametrize("name", TABLES)
def test_every_table_of_the_simulated_shop_keeps_its_contract(shop: Workspace, name: str) -> None:
    check_rows(shop.table(name), TABLES[name])


def test_the_simulated_shop_fills_every_table(shop: Workspace) -> None:
    published = shop.published
    assert published is not None
    # Of 1,500 people too few were asked for personas, and then there are none, and
    # after one run nobody changed segments. Every purchase in it has a day.
    of_personas = {table.name for table in TABLES.values() if table.room == "personas"}
    without_totals = {"order_totals", "undated_purchases"}
    may_be_empty = {"customer_merges", "segment_changes", *without_totals, *of_personas}
    empty = {name for name, version in published.tables.items() if not version.rows}
    assert empty <= may_be_empty


def test_taking_everything_in_again_changes_nothing(own_shop: Workspace) -> None:
    made = Made()
    assert own_shop.import_exports(progress=made).files == 0
    own_shop.run(progress=made)
    assert made.names == []


def test_the_same_export_under_another_name_changes_no_row(own_shop: Workspace) -> None:
    before = own_shop.published
    orders = next((own_shop.folder / "exports" / "till").glob("*.csv"))
    orders.with_name("again.csv").write_bytes(orders.read_bytes())
    assert own_shop.import_exports().files == 0
    own_shop.run()
    assert own_shop.published == before


def test_an_overlapping_export_adds_only_what_is_new(own_shop: Workspace) -> None:
    def order_ids() -> list[str]:
        orders = own_shop.table("orders").select("order_id").order_by("order_id")
        return [row["order_id"] for row in own_shop.rows(orders)]

    before = order_ids()
    export = next((own_shop.folder / "exports" / "till").glob("*.csv"))
    heading, *lines = export.read_bytes().splitlines(keepends=True)
    fields = lines[-1].split(b";")
    extra = b";".join([b"EXTRA-1", *fields[1:7], b"1", *fields[8:]])
    export.with_name("later.csv").write_bytes(b"".join([heading, *lines, extra]))
    own_shop.import_exports()
    run_sources(own_shop)
    assert sorted([*before, "till:EXTRA-1"]) == order_ids()


def test_an_open_reader_follows_a_new_publication(own_shop: Workspace) -> None:
    with Workspace.open(own_shop.folder) as reader:
        before = reader.published
        assert before is not None
        asked_before = reader.table("journeys").count().as_table()
        run_until(own_shop.with_settings(lapse_days=20), "journeys")
        after = reader.published
        assert after is not None
        assert after.publication_id == before.publication_id + 1
        asked_after = reader.table("journeys").count().as_table()
        assert next(iter(reader.rows(asked_after)[0].values())) > next(
            iter(reader.rows(asked_before)[0].values())
        )


def test_sql_and_expressions_see_the_same_rows(shop: Workspace) -> None:
    counted = shop.sql("SELECT segment, count(*) AS n FROM rfm GROUP BY segment ORDER BY segment")
    rfm = shop.table("rfm")
    assert counted.to_pylist() == shop.rows(
        rfm.group_by("segment").aggregate(n=rfm.count()).order_by("segment")
    )


def test_tables_read_well_in_a_notebook(shop: Workspace) -> None:
    assert "one row a customer" in repr(shop.tables)
    assert "<td><code>portraits</code></td>" in shop.tables._repr_html_()
    assert set(shop.tables) == set(TABLES)


def test_asking_too_early_or_for_the_wrong_thing_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="klantreis init"):
        Workspace.open(tmp_path)
    with Workspace.create(tmp_path / "new") as workspace:
        with pytest.raises(WorkspaceError, match="klantreis import"):
            workspace.table("customers")
        with pytest.raises(NotFoundError, match="customers"):
            workspace.table("custmers")
    with pytest.raises(WorkspaceError, match="already"):
        Workspace.create(tmp_path / "new")


@pytest.mark.parametrize("by", ["channel", "touchpoint", "inspiration_to_feedback"])
def test_flow_and_variants_tell_the_same_journeys(shop: Workspace, by: str) -> None:
    begun = [band for band in shop.flow(by, levels=2) if band["source"] == "start"]
    journeys = sum(band["journeys"] for band in begun)
    ways = shop.variants(by, length=1, most=1_000)
    assert journeys == sum(way["journeys"] for way in ways)
    assert journeys > 1_000


def test_journeys_cannot_be_told_by_what_is_not_there(shop: Workspace) -> None:
    with pytest.raises(NotFoundError, match=r"'colour'.*touchpoint, awareness_to_advocacy"):
        shop.flow("colour")


def test_tables_made_in_portions_are_those_made_at_once(
    own_shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DuckDBEngine, "rows_at_once", 20_000)
    # A change of little is written beside what there was, in one piece.
    monkeypatch.setattr(Run, "_can_go_on", lambda run, step: False)
    workspace = own_shop.with_settings(session_minutes=31)
    published = run_until(workspace, "phase_visits")
    asked = vars(workspace.settings) | {
        "engine": workspace.reading.engine,
        "as_of": published.as_of,
        "phase_models": phase_models(),
        "kept_as_of": None,
    }
    # Occasions of joined measures are held to it in tests/patterns.
    in_portions = [step for step in STEPS if "portion" in step.asks and step.room != "patterns"]
    assert {step.name for step in in_portions} == {
        "timeline", "occurrences", "tallies", "moment_lists", "visits", "steps", "phase_visits"
    }  # fmt: skip
    for step in in_portions:
        assert len(published.tables[step.name].files) > 1
        own = {name: asked[name] for name in step.asks if name != "portion"}
        read = {name: workspace.table(name) for name in step.reads}
        whole = step.function(**read, **(afresh(step.function) | own))
        assert not isinstance(whole, Renewal)
        contract, key = TABLES[step.name], list(TABLES[step.name].key)
        assert workspace.fetch(workspace.table(step.name).order_by(key)).equals(
            workspace.fetch(conform(whole, contract).order_by(key))
        )
