"""A question that takes long keeps no other one waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread, current_thread
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pytest

from klantreis import Workspace
from klantreis.engine import Asker, Engine
from klantreis.errors import AbandonedError
from klantreis.tables import contract

SPEND: Mapping[str, list[Any]] = {
    "spend_id": ["b", "a"],
    "source": ["ads", "ads"],
    "clicks": [3, None],
}
LONG = "long"  # name of the thread whose answer is held up
PATIENCE = 60


@pytest.fixture
def held_up(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Answers in the thread of that name wait until this is set."""
    let_go, handed_over = Event(), ir.Table.__pyarrow_result__

    def waiting(self: ir.Table, *given: Any, **more: Any) -> Any:
        if current_thread().name == LONG:
            assert let_go.wait(PATIENCE)
        return handed_over(self, *given, **more)

    monkeypatch.setattr(ir.Table, "__pyarrow_result__", waiting)
    return let_go


@contextmanager
def asking(question: Callable[[], Any]) -> Iterator[list[Any]]:
    """Ask in a thread of its own; the list has the answer afterwards."""
    answers: list[Any] = []
    thread = Thread(target=lambda: answers.append(question()), name=LONG)
    thread.start()
    yield answers
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_tables_at_rest_are_asked_side_by_side(
    duckdb_engine: Engine, tmp_path: Path, held_up: Event
) -> None:
    table = contract("spend")
    written = duckdb_engine.write(duckdb_engine.table(pa.table(filled())), table, tmp_path)
    rows = duckdb_engine.read(written.files, table)
    wanted = duckdb_engine.table(pa.table({"spend_id": ["a"]}))
    with asking(lambda: duckdb_engine.fetch(rows.semi_join(wanted, "spend_id"))) as long:
        assert duckdb_engine.fetch(rows).num_rows == 2
        assert not long
        held_up.set()
    assert long[0]["spend_id"].to_pylist() == ["a"]
    assert long[0].schema.field("cost_amount").type == pa.decimal128(18, 4)


def test_what_only_one_connection_knows_is_asked_of_that_one(duckdb_engine: Engine) -> None:
    kept = duckdb_engine.keep(duckdb_engine.table(pa.table({"n": [1, 2]})))
    assert duckdb_engine.fetch(kept.filter(kept["n"] > 1)).to_pylist() == [{"n": 2}]


def test_other_pages_are_answered_while_a_count_goes_on(shop: Workspace, held_up: Event) -> None:
    portraits, rfm = shop.table("portraits"), shop.table("rfm")
    with asking(lambda: shop.reading.fetch(portraits.count().as_table())) as long:
        assert shop.reading.rows(rfm.limit(1))
        assert shop.reading.remembered(("side by side",), lambda: 7) == 7
        assert shop.table("links") is not None
        assert not long
        held_up.set()
    assert long[0].num_rows == 1


def test_who_asks_the_same_waits_for_one_answer_and_who_asks_another_does_not(
    shop: Workspace,
) -> None:
    begun, let_go, asked = Event(), Event(), []

    def slow() -> int:
        asked.append(1)
        begun.set()
        assert let_go.wait(PATIENCE)
        return 1

    with asking(lambda: shop.reading.remembered(("same",), slow)) as first:
        assert begun.wait(PATIENCE)
        assert shop.reading.remembered(("another",), lambda: 2) == 2
        assert not first
        let_go.set()
    assert shop.reading.remembered(("same",), slow) == 1
    assert asked == [1]


def filled() -> dict[str, list[Any]]:
    rows = len(SPEND["spend_id"])
    return dict(SPEND) | {
        "file_id": ["f"] * rows,
        "channel": ["meta"] * rows,
        "spent_on": ["2026-03-01"] * rows,
        "cost_amount": ["12.3456"] * rows,
    }


def test_a_question_is_broken_off_when_who_asked_it_leaves(
    duckdb_engine: Engine, tmp_path: Path
) -> None:
    rows = many(duckdb_engine, tmp_path)
    reader, broken_off = Asker(), Event()

    def ask() -> None:
        with reader.asks(), pytest.raises(AbandonedError):
            duckdb_engine.fetch(endless(rows))
        broken_off.set()

    Thread(target=ask, name=LONG, daemon=True).start()
    assert not broken_off.wait(0.3)
    # A question that is still being read has to be told once more.
    while not broken_off.is_set():
        reader.leaves()
        assert duckdb_engine.fetch(rows.count().as_table()).num_rows == 1
    with reader.asks(), pytest.raises(AbandonedError):
        duckdb_engine.fetch(rows.limit(1))
    assert duckdb_engine.fetch(rows.limit(1)).num_rows == 1


def many(engine: Engine, folder: Path) -> ir.Table:
    """Some thousands of rows at rest."""
    table = contract("spend")
    copies = 3000
    columns = {name: values[:1] * copies for name, values in filled().items()}
    columns["spend_id"] = [str(number) for number in range(copies)]
    return engine.read(engine.write(engine.table(pa.table(columns)), table, folder).files, table)


def endless(rows: ir.Table) -> ir.Table:
    """A question that takes years."""
    every = rows.select(c0="clicks")
    for place in range(1, 5):
        every = every.cross_join(rows.select(**{f"c{place}": "clicks"}))
    return every.aggregate(odd=((every["c0"] + every["c4"]) % 7).sum())
