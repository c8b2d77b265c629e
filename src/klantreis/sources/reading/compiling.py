"""The question that reads one table out of raw rows by a mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from klantreis.sources.protocol import ANY_VALUE
from klantreis.sources.reading.answers import (
    OF_ANSWERS,
    POINTS,
    SEPARATOR,
    with_what_answers_tell,
)
from klantreis.sources.reading.connection import Expression, literal, sql_type
from klantreis.sources.reading.filling import Doubt, Filling, Problem, Reader
from klantreis.sources.reading.mapping import ELEMENT, ColumnMapping, TableMapping
from klantreis.sources.reading.paths import json_path
from klantreis.sources.reading.raw import trimmed
from klantreis.sources.reading.templates import column_template
from klantreis.sources.reading.texts import Texts, digest

__all__ = ["Compiled", "compile_table"]

FOUND_CHARACTERS = 1_000


@dataclass(frozen=True)
class Compiled:
    """A question for one table.

    Attributes:
        sql: gives `file_id`, `line`, `label` (of an unpivoted column, else null), `source` and the
            mapped columns, `is_aside`, and `found`: null for a record without problems, else for
            each of `problems` what was found, null where that one is well.
        problems: what can be wrong.
    """

    sql: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class _Column:
    """A column and the ways to fill it, the first that gives something first."""

    mapped: ColumnMapping
    ways: Sequence[Filling]

    def value(self, columns: Mapping[str, _Column]) -> str:
        """SQL for the value.

        Args:
            columns: of the same table, by name: what digests of read values are made of.
        """
        values = [_with_digest(way, columns) for way in self.ways]
        value = values[0] if len(values) == 1 else f"coalesce({', '.join(values)})"
        if not self.mapped.default:
            return value
        default = f"{literal(self.mapped.default)}::{sql_type(self.mapped.column)}"
        return f"CASE WHEN {self.is_empty} THEN {default} ELSE {value} END"

    def told(self, columns: Mapping[str, _Column]) -> str:
        """SQL for the value as text; of one that cannot be read what stands there."""
        said = ", ".join(f"({name})::VARCHAR" for way in self.ways for _, name in way.named)
        return f"coalesce(({self.value(columns)})::VARCHAR, {said})"

    @property
    def is_empty(self) -> str:
        return f"({' AND '.join(way.is_empty for way in self.ways)})"

    def doubts(self, *, is_needed: bool) -> list[Doubt]:
        doubts = [doubt for way in self.ways for doubt in way.doubts]
        if not is_needed or self.mapped.default:
            return doubts
        if len(self.ways) == 1:
            return doubts + self.ways[0].emptiness
        names = dict.fromkeys(name for way in self.ways for name in way.shown if name)
        missing = Problem(", ".join(names), "missing", ANY_VALUE, puts_row_aside=True)
        return [*doubts, Doubt(missing, self.is_empty, "''")]


def _with_digest(way: Filling, columns: Mapping[str, _Column]) -> str:
    if not way.fill.digest_of:
        return way.value
    texts = [way.value, *(columns[name].told(columns) for name in way.fill.digest_of)]
    return f"CASE WHEN {way.value} IS NOT NULL THEN {digest(texts)} END"


def compile_table(texts: Texts, mapping: TableMapping, reader: Reader) -> Compiled:
    """Write the question; see `TableMapping` for what each part of a mapping means."""
    rows, texts = _rows(texts, mapping)
    columns = [
        _Column(
            mapped,
            [
                Filling.at_work(f"t{place}_{way}", mapped, fill, reader, texts)
                for way, fill in enumerate(mapped.fills)
            ],
        )
        for place, mapped in enumerate((*mapping.columns, *mapping.checked))
        if mapped.fills
    ]
    doubts = [
        doubt
        for column in columns
        for doubt in column.doubts(is_needed=_is_needed_at_once(column.mapped, mapping))
    ]
    ways = [way for column in columns for way in column.ways]
    first = ", ".join(text for way in ways for text in way.first_layer)
    first_names: dict[str, str] = {}
    for said, name in (pair for way in ways for pair in way.named):
        first_names.setdefault(said, name)
    second = ", ".join(text for way in ways for text in way.second_layer(first_names))
    third = ", ".join(text for way in ways for text in way.third_layer)
    skipped = next((c for c in columns if c.mapped.column.name == mapping.skip_empty), None)
    where = f"WHERE NOT {skipped.is_empty}" if skipped else ""
    order = "ORDER BY file_id, line" if mapping.numbered_within else ""
    order = "ORDER BY ALL" if mapping.asked else order  # joins leave rows in any order
    sql = f"""
        SELECT file_id, line, label, {_values(columns, texts, mapping)}, {_findings(doubts)}
        FROM (SELECT *, {third}
          FROM (SELECT *, {second}
            FROM (SELECT file_id, line, label, {first} FROM ({rows})) {where})) {order}"""
    return Compiled(sql, tuple(doubt.problem for doubt in doubts))


def _is_needed_at_once(mapped: ColumnMapping, mapping: TableMapping) -> bool:
    """Whether each row must have it, also when other rows of the same record could."""
    is_key = mapped.column.name in mapping.table.key
    return mapped.is_required and (not mapping.is_combined or is_key or mapped.combine == "sum")


def _values(columns: Sequence[_Column], texts: Texts, mapping: TableMapping) -> str:
    by_name = {column.mapped.column.name: column for column in columns}
    values = [
        f"({column.value(by_name)})::{sql_type(column.mapped.column)} AS {column.mapped.column.name}"
        for column in columns
        if column.mapped in mapping.columns
    ]
    return ", ".join([f"{literal(texts.known['source'])} AS source", *values])


def _findings(doubts: Sequence[Doubt]) -> str:
    aside = [doubt.is_so for doubt in doubts if doubt.problem.puts_row_aside] or ["FALSE"]
    found = ", ".join(
        f"CASE WHEN {doubt.is_so} THEN ({doubt.found})[:{FOUND_CHARACTERS}] END" for doubt in doubts
    )
    either = " OR ".join(doubt.is_so for doubt in doubts) or "FALSE"
    return (
        f"({' OR '.join(aside)}) AS is_aside, "
        f"CASE WHEN {either} THEN [{found}] ELSE NULL END::VARCHAR[] AS found"
    )


def _rows(texts: Texts, mapping: TableMapping) -> tuple[str, Texts]:
    """Take lists apart; unpivot, split, choose and number the rows."""
    label = "" if mapping.unpivot else ", NULL::VARCHAR AS label"
    rows = f"SELECT *{label} FROM {_carried(texts, mapping)}"
    if mapping.each:
        rows, texts = _elements(rows, texts, mapping)
    if mapping.unpivot:
        rows, texts = _unpivoted(rows, texts, mapping), texts.also("label", "value")
    if mapping.asked:
        question, answer = (
            texts.of(each) for each in (mapping.asked.question, mapping.asked.answer)
        )
        rows = with_what_answers_tell(rows, question, answer)
        texts = texts.also(*(name for name in OF_ANSWERS if name != POINTS)).with_columns(
            {POINTS: Expression(POINTS, "float")}
        )
    if mapping.split:
        text = texts.of(mapping.split.text)
        separator = literal(mapping.split.separator) if mapping.split.separator else SEPARATOR
        parts = f"CASE WHEN {separator} IS NOT NULL THEN string_split({text}, {separator}) END"
        rows = f"""
            SELECT *, unnest(parts) AS part, unnest(range(1, len(parts) + 1)) AS number
            FROM (SELECT *, {parts} AS parts
              FROM ({rows}))"""
        rows = f"SELECT * REPLACE (trim(part) AS part) FROM ({rows}) WHERE trim(part) <> ''"
        texts = texts.also("part", "number")
    if mapping.when:
        rows = f"SELECT * FROM ({rows}) WHERE {texts.hold(mapping.when)}"
    if mapping.once_per:
        mark = texts.of(mapping.once_per)
        firsts = f"SELECT file_id, min(line) FROM ({rows}) GROUP BY file_id, {mark}"
        rows = f"SELECT * FROM ({rows}) WHERE {mark} IS NULL OR (file_id, line) IN ({firsts})"
    if mapping.numbered_within:
        group = texts.of(mapping.numbered_within)
        rows = f"""
            SELECT *, row_number() OVER (PARTITION BY file_id, {group} ORDER BY line) AS number
            FROM ({rows})"""
        texts = texts.also("number")
    return rows, texts


def _carried(texts: Texts, mapping: TableMapping) -> str:
    """The raw rows; what only a group's first row says is said by each of its rows."""
    columns = [column for name in mapping.carried if (column := texts.raw.column(name))]
    if not mapping.carried_within or not columns:
        return texts.raw.relation
    window = f"(PARTITION BY file_id, {texts.of(mapping.carried_within)} ORDER BY line)"
    values = ", ".join(
        f"last_value({c.sql} IGNORE NULLS) OVER {window} AS {c.sql}" for c in columns
    )
    return f"(SELECT * REPLACE ({values}) FROM {texts.raw.relation} ORDER BY file_id, line)"


def _elements(rows: str, texts: Texts, mapping: TableMapping) -> tuple[str, Texts]:
    """A row for every element of a list within the record."""
    listed = texts.raw.column(mapping.each) or Expression("NULL")
    document = listed.sql if listed.kind == "text" else f"to_json({listed.sql})"
    names = mapping.of_each_element
    paths = ", ".join(
        literal(json_path(name.partition(ELEMENT)[2].removeprefix("."))) for name in names
    )
    values = "".join(
        f", {trimmed(f'element_fields[{place}]')} AS element_{place}"
        for place, _ in enumerate(names, 1)
    )
    rows = f"""
        SELECT * EXCLUDE (element_fields){values}
        FROM (SELECT * EXCLUDE (element), json_extract_string(element, [{paths}]::VARCHAR[]) AS element_fields
          FROM (SELECT * EXCLUDE (elements), unnest(elements) AS element,
              unnest(range(1, len(elements) + 1)) AS number
            FROM (SELECT *, json_extract(TRY_CAST({document} AS JSON), '$[*]') AS elements
              FROM ({rows}))))"""
    fields = {name: Expression(f"element_{place}") for place, name in enumerate(names, 1)}
    return rows, texts.with_columns(fields).also("number")


def _unpivoted(rows: str, texts: Texts, mapping: TableMapping) -> str:
    assert mapping.unpivot is not None
    left_out = {name.casefold() for name in mapping.unpivot.left_out}
    labels = mapping.unpivot.labels or tuple(
        (name, (column_template(name),))
        for name in texts.raw.columns
        if name.casefold() not in left_out
    )
    pairs = ", ".join(
        f"{{'label': {literal(label)}, 'value': coalesce({', '.join(map(texts.of, templates))})}}"
        for label, templates in labels
    )
    return f"""
        SELECT * EXCLUDE (pair), pair.label AS label, pair.value AS value
        FROM (SELECT *, unnest([{pairs}]) AS pair FROM ({rows})) WHERE pair.value IS NOT NULL"""
