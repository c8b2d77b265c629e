from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import ibis.expr.types as ir
import pytest

from klantreis.engine import Engine, Written, connect
from klantreis.runner import layers
from klantreis.runner.changes import changed_keys, changes
from klantreis.runner.comparing import Comparing
from klantreis.tables import Renewal, contract
from tests.rows import at_hand, rows_of

LINKS = contract("links")


def linked(rows: dict[str, int]) -> list[dict[str, object]]:
    return [{"person_id": name, "customer_id": number} for name, number in rows.items()]


def keys(rows: ir.Table | None, engine: Engine) -> list[str]:
    assert rows is not None
    return sorted(engine.fetch(rows)["person_id"].to_pylist())


def read(files: Sequence[Path], engine: Engine) -> dict[str, int]:
    rows = engine.fetch(layers.read_layers(files, LINKS, engine)).to_pylist()
    assert len({row["person_id"] for row in rows}) == len(rows)
    return {row["person_id"]: row["customer_id"] for row in rows}


def renewal(engine: Engine, fresh: dict[str, int], *gone: str) -> Renewal:
    return Renewal(
        at_hand("links", linked(fresh), engine),
        at_hand("links", linked(dict.fromkeys(gone, 0)), engine).select("person_id"),
    )


def test_rows_that_came_lie_upon_those_of_before_until_all_is_written_whole(
    any_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "ROWS_WORTH_A_LAYER", 0)
    base = connect("duckdb").write(
        rows_of("links", linked({"a": 1, "b": 2, "c": 3})), LINKS, tmp_path / "base"
    )

    def add(before: Written, step: Renewal, name: str) -> Written:
        there = (before.files, before.rows, step, LINKS, any_engine, tmp_path / name)
        return layers.add_layer(*there, comparing.note)

    comparing = Comparing(tmp_path / "compared")

    first = add(base, renewal(any_engine, {"b": 9, "d": 4}, "b", "c", "d"), "first")
    second = add(first, renewal(any_engine, {"c": 7}, "d"), "second")
    assert (first.rows, read(first.files, any_engine)) == (3, {"a": 1, "b": 9, "d": 4})
    assert (second.rows, read(second.files, any_engine)) == (3, {"a": 1, "b": 9, "c": 7})
    added = layers.changes_added(first.files, base.files, LINKS, any_engine)
    now, before = (layers.read_layers(one.files, LINKS, any_engine) for one in (first, base))
    assert added is not None
    for found in (added, changes(now, before, LINKS)):
        assert keys(found.fresh, any_engine) == ["b", "d"]
        assert keys(found.gone, any_engine) == ["b", "c"]
        assert keys(changed_keys(found, LINKS), any_engine) == ["b", "c", "d"]

    monkeypatch.setattr(layers, "MOST_FILES", 2)
    whole = add(second, renewal(any_engine, {"e": 5}, "a"), "whole")
    assert (whole.rows, read(whole.files, any_engine)) == (3, {"b": 9, "c": 7, "e": 5})
    assert not set(whole.files) & set(second.files)
    assert layers.changes_added(whole.files, second.files, LINKS, any_engine) is None
    noted = comparing.changes(LINKS, lambda: pytest.fail("compared"), any_engine)
    now, before = (layers.read_layers(one.files, LINKS, any_engine) for one in (whole, second))
    for found in (noted, changes(now, before, LINKS)):
        assert keys(found.fresh, any_engine) == ["e"]
        assert keys(found.gone, any_engine) == ["a"]


def test_whole_tables_are_compared_once_however_many_steps_ask(
    any_engine: Engine, tmp_path: Path
) -> None:
    now, before = (
        at_hand("links", linked(rows), any_engine) for rows in ({"a": 1, "b": 3}, {"b": 2, "c": 4})
    )
    asked: list[str] = []

    def versions() -> tuple[ir.Table, ir.Table]:
        asked.append("compared")
        return now, before

    comparing = Comparing(tmp_path / "compared")
    for _ in range(2):
        found = comparing.changes(LINKS, versions, any_engine)
        assert keys(found.fresh, any_engine) == ["a", "b"]
        assert keys(found.gone, any_engine) == ["b", "c"]
    assert asked == ["compared"]
    comparing.forget()
    assert not (tmp_path / "compared").exists()
    comparing.changes(LINKS, versions, any_engine)
    assert asked == ["compared"] * 2


def test_rows_that_only_came_with_another_export_are_noted_and_no_change(
    any_engine_at_length: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "ROWS_WORTH_A_LAYER", 0)
    persons = contract("persons")

    def people(file_id: str, **names: str) -> list[dict[str, object]]:
        return [{"person_id": k, "first_name": v, "file_id": file_id} for k, v in names.items()]

    def add(before: Written, rows: list[dict[str, object]], name: str) -> Written:
        fresh = at_hand("persons", rows, any_engine_at_length)
        step = Renewal(fresh, fresh.select("person_id"))
        folder = tmp_path / name
        there = (before.files, before.rows, step, persons, any_engine_at_length, folder)
        return layers.add_layer(*there, lambda *_: pytest.fail("written whole"))

    def told(files: Sequence[Path]) -> dict[str, tuple[str, str]]:
        rows = any_engine_at_length.fetch(
            layers.read_layers(files, persons, any_engine_at_length)
        ).to_pylist()
        return {row["person_id"]: (row["first_name"], row["file_id"]) for row in rows}

    base = connect("duckdb").write(
        rows_of("persons", people("one", a="Ann", b="Bo", c="Cas")), persons, tmp_path / "base"
    )
    same = add(base, people("one", a="Ann"), "same")
    assert same == base
    noted = add(base, people("two", a="Ann", b="Bo"), "noted")
    assert layers.is_only_noted(noted.files, base.files)
    assert told(noted.files) == {"a": ("Ann", "two"), "b": ("Bo", "two"), "c": ("Cas", "one")}
    both = add(noted, people("three", a="Ann", b="Bob", d="Dee"), "both")
    assert (both.rows, told(both.files)) == (
        4,
        {"a": ("Ann", "three"), "b": ("Bob", "three"), "c": ("Cas", "one"), "d": ("Dee", "three")},
    )
    assert not layers.is_only_noted(both.files, noted.files)
    for before in (noted, base):
        added = layers.changes_added(both.files, before.files, persons, any_engine_at_length)
        now, earlier = (
            layers.read_layers(v.files, persons, any_engine_at_length) for v in (both, before)
        )
        assert added is not None
        for found in (added, changes(now, earlier, persons)):
            assert keys(found.fresh, any_engine_at_length) == ["b", "d"]
            assert keys(found.gone, any_engine_at_length) == ["b"]
            assert set(any_engine_at_length.fetch(found.fresh)["file_id"].to_pylist()) == {"three"}
