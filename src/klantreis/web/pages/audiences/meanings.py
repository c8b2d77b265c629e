"""What the columns that rules can ask for mean."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.tables import TABLES
from klantreis.workspace import RULE_COLUMNS, RULE_TABLES

__all__ = ["MEANINGS"]

ELSEWHERE = "as in "  # a table that has the column with its meaning

MEANINGS: Mapping[str, str] = {
    column.name: column.meaning
    for table in reversed(RULE_TABLES)
    for column in TABLES[table].columns
    if column.name in RULE_COLUMNS and not column.meaning.startswith(ELSEWHERE)
}
