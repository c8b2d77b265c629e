"""Reads the published tables: what every question, page and notebook asks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar, cast

import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.errors import WorkspaceError, message
from klantreis.runner import Store, read_layers
from klantreis.state import Published, State
from klantreis.tables import TABLES, contract

__all__ = ["Reading", "Tables"]

ANSWERS_KEPT = 200
Answer = TypeVar("Answer")


class Reading:
    """The published tables of a workspace, in an engine of this process; follows publications.

    Args:
        folder: the workspace's folder, for messages.
        state: tells what is published.
        store: where the tables' files are.
        connect: starts the engine, at the first question.
    """

    def __init__(
        self, folder: Path, state: State, store: Store, connect: Callable[[], Engine]
    ) -> None:
        self._folder = folder
        self._state = state
        self._store = store
        self._connect = connect
        self._lock = RLock()
        self._engine: Engine | None = None
        self._published: Published | None = None
        self._views: dict[str, ir.Table] = {}
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        self._asking: dict[Hashable, RLock] = {}

    def close(self) -> None:
        """Give back memory and connections."""
        with self._lock:
            if self._engine:
                self._engine.close()
            self._engine = None

    @property
    def engine(self) -> Engine:
        """The engine that answers; started when it was not yet."""
        with self._lock:
            if self._engine is None:
                self._engine = self._connect()
            return self._engine

    @property
    def published(self) -> Published | None:
        """What everybody sees now; None before the first run."""
        with self._lock:
            self._follow()
            return self._published

    def table(self, name: str) -> ir.Table:
        """The published version of a table, as an Ibis expression.

        Raises:
            NotFoundError: there is no such table.
            WorkspaceError: nothing was published yet.
        """
        contract(name)
        with self._lock:
            self._follow()
            if self._published is None:
                raise WorkspaceError(
                    message(
                        "There are no tables yet",
                        where=str(self._folder),
                        next_step=f"klantreis import {self._folder} and klantreis run {self._folder}",
                    )
                )
            return self._views[name]

    def fetch(self, expression: ir.Table) -> pa.Table:
        """Compute an expression over the published tables and bring the rows here."""
        return self.engine.fetch(expression)

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """As `fetch`, as plain Python rows."""
        rows: list[dict[str, Any]] = self.fetch(expression).to_pylist()
        return rows

    def remembered(self, question: Hashable, answer: Callable[[], Answer]) -> Answer:
        """The answer to a question that only rests on the published tables, asked once for each.

        Args:
            question: by which to know it again; starts with the name of who asks.
            answer: finds it. What it returns is shared: it may not be changed.
        """
        with self._lock:
            self._follow()
            answers = self._answers
            asking = self._asking.setdefault(question, RLock())
        # Who asks the same waits for the answer; who asks something else does not.
        with asking:
            with self._lock:
                if question in answers:
                    answers.move_to_end(question)
                    return cast(Answer, answers[question])
            found = answer()
            with self._lock:
                answers[question] = found
                while len(answers) > ANSWERS_KEPT:
                    answers.popitem(last=False)
                self._asking.pop(question, None)
            return found

    def sql(self, query: str) -> pa.Table:
        """Answer an SQL query over the published tables.

        Raises:
            InputError: the query cannot be answered; says why and where.
        """
        with self._lock:
            self._follow()
            return self.engine.query(query, self._views)

    def _follow(self) -> None:
        """Open the newest publication when there is one that we have not seen."""
        number = self._state.published_number()
        if number is None or (self._published and self._published.publication_id == number):
            return
        # The engine goes on: expressions over the earlier publication can still be asked.
        published = self._state.published(number)
        assert published is not None
        self._views = {
            name: read_layers(
                self._store.absolute(published.tables[name].files), table, self.engine
            )
            if name in published.tables
            else self.engine.read([], table)
            for name, table in TABLES.items()
        }
        self._published = published
        # A new one: answers to earlier questions that come later are not for this publication.
        self._answers = OrderedDict()


class Tables(Mapping[str, ir.Table]):
    """The published tables of a workspace; shows names, rows and meanings in a notebook."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def __getitem__(self, name: str) -> ir.Table:
        if name not in TABLES:
            raise KeyError(name)
        return self._reading.table(name)

    def __iter__(self) -> Iterator[str]:
        return iter(TABLES)

    def __len__(self) -> int:
        return len(TABLES)

    def __repr__(self) -> str:
        return "\n".join(
            f"{name:<22}{rows:>14,}  {meaning}" for name, rows, meaning in self.lines()
        )

    def _repr_html_(self) -> str:
        body = "".join(
            f"<tr><td><code>{name}</code></td><td align='right'>{rows:,}</td><td>{meaning}</td></tr>"
            for name, rows, meaning in self.lines()
        )
        return f"<table><tr><th>table</th><th>rows</th><th>one row is</th></tr>{body}</table>"

    def lines(self) -> list[tuple[str, int, str]]:
        """Name, rows and meaning of each table, in the order in which data flow."""
        published = self._reading.published
        versions = published.tables if published else {}
        return [
            (name, versions[name].rows if name in versions else 0, table.meaning)
            for name, table in TABLES.items()
        ]
