"""Which tables imports brought rows of at all."""

from __future__ import annotations

import ibis.expr.types as ir

from klantreis.engine import Engine

__all__ = ["brought"]


def brought(imports: ir.Table, engine: Engine) -> frozenset[str]:
    """Names of the tables with rows; the others need not be asked."""
    loaded = imports.filter(imports["rows_loaded"] > 0).select("table_name").distinct()
    return frozenset(engine.fetch(loaded)["table_name"].to_pylist())
