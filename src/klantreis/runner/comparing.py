"""What changed in a table that was written whole: found out once in a run, however many steps ask."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import ibis.expr.types as ir

from klantreis.engine import Engine, Written
from klantreis.runner.changes import changes
from klantreis.runner.layers import CAME, GONE, of_keys
from klantreis.tables import Renewal, Table

__all__ = ["Comparing"]


class Comparing:
    """Compares versions of whole tables, and lays down what it finds for who asks after.

    To compare two versions of a table of millions takes a second, and each step has an engine of its
    own. Who writes layers together to one file knows what changed, and says so.

    Args:
        folder: of this run alone.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._found: dict[str, tuple[Written, Written]] = {}

    def changes(
        self, table: Table, versions: Callable[[], tuple[ir.Table, ir.Table]], engine: Engine
    ) -> Renewal:
        """What changed since the version of before.

        Args:
            versions: the rows of now and of before, for who has to compare them.
        """
        if table.name not in self._found:
            found = changes(*versions(), table)
            self.note(table, found.fresh, found.gone, engine)
        fresh, gone = self._found[table.name]
        keys = engine.read(gone.files, table).select(table.key)
        return Renewal(engine.read(fresh.files, table), keys, is_compared=True)

    def note(self, table: Table, fresh: ir.Table, gone: ir.Table, engine: Engine) -> None:
        """Lay down what changed; of who knows it, nobody has to compare.

        Args:
            fresh: the rows that came.
            gone: the keys of those that do not hold any more.
        """
        own = self._folder / table.name
        self._found[table.name] = (
            engine.write(fresh, replace(table, order=()), own / CAME),
            engine.write(gone, of_keys(table), own / GONE),
        )

    def forget(self) -> None:
        """Remove what was laid down."""
        self._found.clear()
        shutil.rmtree(self._folder, ignore_errors=True)
