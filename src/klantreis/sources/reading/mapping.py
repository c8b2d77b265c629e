"""What a mapping says: which file fills which tables, and each column from what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from klantreis.sources.reading.answers import OF_ANSWERS
from klantreis.sources.reading.calculations import Calculation
from klantreis.sources.reading.heads import alternatives
from klantreis.sources.reading.templates import Reference, Template
from klantreis.tables import Column, Table

__all__ = [
    "ELEMENT",
    "KNOWN_NAMES",
    "Asked",
    "ColumnMapping",
    "Condition",
    "FileMapping",
    "Fill",
    "Question",
    "SourceMapping",
    "Split",
    "TableMapping",
    "Unpivot",
]

ELEMENT = "[]"  # line_items[].sku: of each element of the list line_items
FILLED_BY_THE_IMPORT = ("imported_at",)  # options that nobody sets
KNOWN_NAMES = (
    *("source", "file", "export_path", "line", "number", "label", "value", "part"),
    *OF_ANSWERS,
)
Combine = Literal["first", "last", "sum", "min", "max"]


@dataclass(frozen=True)
class Condition:
    """A text and what it has to be: one of some patterns; see `values.matches`."""

    text: Template
    patterns: tuple[str, ...]


@dataclass(frozen=True)
class Fill:
    """One way to fill a column; exactly one of the first four is given.

    Attributes:
        text: the value as text.
        constant: the value itself, as text.
        calculation: a sum.
        digest: the value is a short hash over these texts.
        digest_of: and over these columns of the same table as they were read, however written.
        since: of a date that is calculated: the day that the sum counts from, as ISO.
        when: only then this way holds.
        formats: of a date or time; none given: ISO, and day-month-year with dashes.
        time_zone: of a time that does not name its own; empty: that of the file.
        values: what the file says and what it means; the first pattern that fits holds.
        refuses_others: what is not among `values` is not allowed, instead of kept as it is.
        smallest, largest: limits of a number.
    """

    text: Template | None = None
    constant: str | None = None
    calculation: Calculation | None = None
    digest: tuple[Template, ...] = ()
    digest_of: tuple[str, ...] = ()
    since: str = ""
    when: tuple[Condition, ...] = ()
    formats: tuple[str, ...] = ()
    time_zone: str = ""
    values: tuple[tuple[str, str], ...] = ()
    refuses_others: bool = False
    smallest: float | None = None
    largest: float | None = None

    @property
    def is_digest(self) -> bool:
        return bool(self.digest or self.digest_of)

    @property
    def references(self) -> Iterator[Reference]:
        if self.text:
            yield from self.text.references
        if self.calculation:
            yield from self.calculation.operands
        for template in (*self.digest, *(condition.text for condition in self.when)):
            yield from template.references


@dataclass(frozen=True)
class ColumnMapping:
    """How one column of a table is filled.

    Attributes:
        column: of the contract.
        fills: tried in order; the first that gives something holds.
        default: what an empty value means, as text; empty: it stays empty.
        is_required: a record without it is put aside.
        puts_row_aside: whether a value that cannot be read puts the record aside, or only itself.
        combine: which value holds when several rows make one record.
        sign_of: number column of the same table whose sign decides: then `negative`, else
            `positive`.
    """

    column: Column
    fills: tuple[Fill, ...] = ()
    default: str = ""
    is_required: bool = False
    puts_row_aside: bool = False
    combine: Combine = "first"
    sign_of: str = ""
    negative: str = ""
    positive: str = ""


@dataclass(frozen=True)
class Unpivot:
    """Columns of one row that become rows of their own, with `{label}` and `{value}`.

    Attributes:
        labels: label and where its value comes from (the first that is not empty).
        left_out: instead of `labels`: all columns of the file but these, by their own names.
    """

    labels: tuple[tuple[str, tuple[Template, ...]], ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """The question and the answer of a row, of which `answers` tells more by all rows of a file."""

    question: Template
    answer: Template


@dataclass(frozen=True)
class Split:
    """A value that holds several, each of which becomes a row with `{part}` and `{number}`.

    Attributes:
        separator: empty: as was recognised from all answers to the question.
    """

    text: Template
    separator: str


@dataclass(frozen=True)
class TableMapping:
    """How a file fills one table.

    Attributes:
        each: a list within each record, of which every element becomes a row with `{number}`; its
            fields are `list[].field`, and an element that is no object is `list[]`.
        carried: columns of the file that only the first row of a group fills; see `carried_within`.
        carried_within: rows with the same text are a group.
        when: which rows; all conditions must hold.
        skip_empty: a column of the table; a row that leaves it empty is no record of this table.
        asked: the rows are answers of a survey; names `OF_ANSWERS` tell of all answers to a question.
        once_per: of rows with the same text only the first counts.
        numbered_within: rows with the same text are counted from 1 as `{number}`.
        is_combined: rows with the same key become one record.
        checked: columns of the file that must be readable (`number`, `date`) though none is kept.
    """

    table: Table
    columns: tuple[ColumnMapping, ...]
    each: str = ""
    carried: tuple[str, ...] = ()
    carried_within: Template | None = None
    when: tuple[Condition, ...] = ()
    skip_empty: str = ""
    unpivot: Unpivot | None = None
    split: Split | None = None
    asked: Asked | None = None
    once_per: Template | None = None
    numbered_within: Template | None = None
    is_combined: bool = False
    checked: tuple[ColumnMapping, ...] = ()

    @property
    def of_each_element(self) -> tuple[str, ...]:
        """Names that speak of an element of the list."""
        names = dict.fromkeys(reference.name for reference in self.references)
        return tuple(name for name in names if self.each and self._list_of(name) == self.each)

    @property
    def wanted(self) -> Iterator[str]:
        """Names that have to be found in the file."""
        of_elements = self.of_each_element
        for reference in self.references:
            if reference.name in of_elements:
                continue
            if reference.is_exact or reference.name not in KNOWN_NAMES:
                yield reference.name
        if self.each:
            yield self.each

    @staticmethod
    def _list_of(name: str) -> str:
        """The list of which a name is an element or its field; empty when it is none."""
        before, marks, _ = name.partition(ELEMENT)
        return before if marks else ""

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists whose elements the table speaks of."""
        found = (self._list_of(reference.name) for reference in self.references)
        return tuple(dict.fromkeys(name for name in found if name))

    @property
    def references(self) -> Iterator[Reference]:
        for mapped in (*self.columns, *self.checked):
            for fill in mapped.fills:
                yield from fill.references
        for condition in self.when:
            yield from condition.text.references
        if self.unpivot:
            for _, templates in self.unpivot.labels:
                for template in templates:
                    yield from template.references
        if self.split:
            yield from self.split.text.references
        if self.asked:
            yield from self.asked.question.references
            yield from self.asked.answer.references
        for mark in (self.carried_within, self.once_per, self.numbered_within):
            if mark:
                yield from mark.references


@dataclass(frozen=True)
class Question:
    """What is asked of a database; either a table or view, or SQL.

    Attributes:
        key: columns that tell rows apart.
        changed: column that grows whenever a row changes; empty: all rows are read each time.
    """

    table: str = ""
    sql: str = ""
    key: tuple[str, ...] = ()
    changed: str = ""

    @property
    def shown(self) -> str:
        """What messages call it."""
        return f"table {self.table}" if self.table else f"query {' '.join(self.sql.split())[:200]}"


@dataclass(frozen=True)
class FileMapping:
    """One kind of file: how it is recognised and read, and which tables it fills.

    Attributes:
        name: as messages call it.
        form: how it is laid out.
        pattern: of the file's name, with `*`; empty: any.
        columns: that it must have.
        asks: whether it is only recognised by itself where the name of a column is a question.
        layout: names of the columns of a file that does not name them itself, in order; its
            values are not quoted.
        sheet: of a workbook; empty: the first.
        records: for JSON documents: the name of the list that holds the records.
        question: of a database: what is asked; its answer is laid down as files that fit `pattern`.
        time_zone, decimal_sign, separator: empty where they are to be recognised.
        heading: line with the column names, of text and sheets: 0 where there is none, and columns
            are `column 1`, `column 2` ...; not given, or another that has not the columns: the
            first that has.
        has_subheadings: whether a second line of column names may follow, which leaves `columns`
            empty; see `subheadings`.
        reads_totals: whether rows of totals at the end are records as any other; else they are put
            aside.
    """

    name: str
    tables: tuple[TableMapping, ...]
    form: Literal["", "delimited", "excel", "json_lines", "json", "parquet"] = ""
    pattern: str = ""
    columns: tuple[str, ...] = ()
    asks: bool = False
    layout: tuple[str, ...] = ()
    sheet: str = ""
    records: str = ""
    question: Question | None = None
    time_zone: str = ""
    decimal_sign: str = ""
    separator: str = ""
    heading: int | None = None
    has_subheadings: bool = False
    reads_totals: bool = False

    @property
    def whole(self) -> tuple[str, ...]:
        """Columns that a second line of column names leaves empty; none where there is no such line."""
        names = (name for column in self.columns for name in alternatives(column))
        return tuple(names) if self.has_subheadings else ()

    @property
    def wanted(self) -> tuple[str, ...]:
        """Names that the mapping speaks of and that it does not know itself."""
        return tuple(dict.fromkeys(name for table in self.tables for name in table.wanted))


@dataclass(frozen=True)
class SourceMapping:
    """A mapping file: kinds of file, and options that the workspace's settings may set.

    Attributes:
        options: each with what holds where the settings say nothing.
        words: by option the words that it may be, one or several; of others any text.
        address: of a database, without its password; empty where the source is files.
    """

    files: tuple[FileMapping, ...]
    options: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    address: str = ""

    @property
    def settable(self) -> Mapping[str, tuple[str, ...]]:
        """The options that the workspace's settings may set, each with its words."""
        names = (name for name in self.options if name not in FILLED_BY_THE_IMPORT)
        return {name: self.words.get(name, ()) for name in names}
