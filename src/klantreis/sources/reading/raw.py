"""Files of one kind as one raw table: values as the files have them, each row with its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from klantreis.sources.protocol import Facts
from klantreis.sources.reading.connection import Expression, Kind, literal
from klantreis.sources.reading.delimited import Bad
from klantreis.sources.reading.paths import IN_A_COLUMN, json_text
from klantreis.sources.reading.values import as_text

__all__ = ["ROW_CHARACTERS", "Raw", "kind_of_values", "trimmed"]

ROW_CHARACTERS = 4_000


@dataclass(frozen=True)
class Raw:
    """Files of one kind.

    Attributes:
        relation: SQL for the rows: `file_id`, `line`, and the columns under names of our own,
            since those of files may differ in case only; texts have no blanks around them, and
            are null rather than empty.
        columns: by the name in the files, the column as SQL.
        decimal_sign: of numbers that are text.
        facts: what was recognised, by file.
        bad: records that could not be laid into columns, by file.
        widths: how many columns a file's heading has, by file.
        headings: names of the fields that all have, by file, where records name their own.
        whole: SQL for the record as it stands in the file; empty: its values behind each other.
        separator: what stands between them then.
        is_huge: whether the rows are so many that they should not be held in memory.
    """

    relation: str
    columns: Mapping[str, Expression]
    decimal_sign: str
    facts: Mapping[str, Facts]
    bad: Mapping[str, tuple[Bad, ...]] = field(default_factory=dict)
    widths: Mapping[str, int] = field(default_factory=dict)
    headings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    whole: str = ""
    separator: str = ";"
    is_huge: bool = False

    def column(self, name: str) -> Expression | None:
        """A column, or a value in the JSON that it holds (`contexts->data.0.schema`); upper and
        lower case are alike where no name is nearer."""
        if name not in self.columns and IN_A_COLUMN in name:
            own, _, path = name.partition(IN_A_COLUMN)
            column = self.column(own)
            text = json_text(f"TRY_CAST({column.sql} AS JSON)", path) if column else ""
            return Expression(trimmed(text)) if column else None
        if name not in self.columns:
            name = next((own for own in self.columns if own.casefold() == name.casefold()), name)
        return self.columns.get(name)

    def row_texts(self) -> str:
        """SQL for the records as they stood in the files: `file_id`, `line`, `row`."""
        cells = (f"coalesce({as_text(column)}, '')" for column in self.columns.values())
        text = self.whole or f"concat_ws({literal(self.separator)}, {', '.join(cells)})"
        return f"SELECT file_id, line, ({text})[:{ROW_CHARACTERS}] AS row FROM {self.relation}"


def trimmed(sql: str) -> str:
    """SQL for a text without blanks around it, null when nothing is left."""
    return rf"nullif(trim({sql}, E' \t\r\n'), '')"


def kind_of_values(dtype: pa.DataType) -> Kind:
    """What kind of values an Arrow type holds."""
    if pa.types.is_dictionary(dtype):
        return kind_of_values(dtype.value_type)
    if pa.types.is_string(dtype) or pa.types.is_large_string(dtype):
        return "text"
    if pa.types.is_floating(dtype):
        return "float"
    if pa.types.is_integer(dtype) or pa.types.is_decimal(dtype):
        return "number"
    if pa.types.is_timestamp(dtype):
        return "zoned_time" if dtype.tz else "time"
    if pa.types.is_date(dtype):
        return "date"
    return "boolean" if pa.types.is_boolean(dtype) else "other"
