"""One way to fill a column: what the file says, what it means, and what can be wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from klantreis.sources.protocol import ANY_VALUE
from klantreis.sources.reading.calculations import calculated
from klantreis.sources.reading.connection import Expression, literal, sql_type
from klantreis.sources.reading.mapping import ColumnMapping, Fill
from klantreis.sources.reading.own_formats import OwnFormats
from klantreis.sources.reading.texts import Texts
from klantreis.sources.reading.values import as_text, checked, example, parsed, reason, translated
from klantreis.tables import Column

__all__ = ["Doubt", "Filling", "Problem", "Reader"]

OPERAND = Column("operand", "money", "")


@dataclass(frozen=True)
class Problem:
    """One thing that can be wrong with a record.

    Attributes:
        column: in the file.
        allowed: what may stand there; empty where a value is missing.
    """

    column: str
    reason: str
    allowed: str
    puts_row_aside: bool


@dataclass(frozen=True)
class Doubt:
    """A problem, SQL for whether a record has it, and SQL for what stands there."""

    problem: Problem
    is_so: str
    found: str


@dataclass(frozen=True)
class Reader:
    """How the values of a kind of file are to be read.

    Attributes:
        zone: of times that do not name theirs.
        formats: of times and dates, beside those of the mapping.
        counts_days: whether a day may be a number, as sheets keep it.
        own_formats: by column of the file, by file: how dates are written that could be read
            otherwise, where the mapping does not say it.
        today: the day on which they are read.
    """

    decimal_sign: str
    zone: str
    formats: tuple[str, ...] = ()
    counts_days: bool = False
    own_formats: OwnFormats = field(default_factory=dict)
    today: date | None = None


@dataclass(frozen=True)
class Filling:
    """A way to fill a column at work, in three layers of SQL, so that nothing is computed twice.

    The first layer is over raw rows and holds what the file says, under names with the prefix;
    the second is over the first and holds what it means, under the same names and `_got`; the
    third holds what of that is allowed, as `_read`. The value, the emptiness and the doubts are
    over all three.

    Attributes:
        name: prefix of its names.
        said: the first layer.
        shown: the columns of the file, as the quarantine names them, for each of `said`.
        lacking: columns of the file that must be filled, and SQL for whether they are not.
    """

    name: str
    mapped: ColumnMapping
    fill: Fill
    reader: Reader
    said: tuple[Expression, ...]
    shown: tuple[str, ...]
    lacking: tuple[tuple[str, str], ...]

    @classmethod
    def at_work(
        cls, name: str, mapped: ColumnMapping, fill: Fill, reader: Reader, texts: Texts
    ) -> Filling:
        """Find what the file says in raw rows."""
        said = _said(fill, texts)
        if fill.when:
            holds = texts.hold(fill.when)
            said = [Expression(f"CASE WHEN {holds} THEN {e.sql} END", e.kind) for e in said]
        return cls(
            name, mapped, fill, reader, tuple(said), _shown(fill, texts), _lacking(fill, texts)
        )

    @property
    def first_layer(self) -> list[str]:
        said = [f"{e.sql} AS {n}" for n, e in zip(self._names, self.said, strict=True)]
        lacks = [f"{sql} AS {self.name}_lacks_{n}" for n, (_, sql) in enumerate(self.lacking)]
        return [*said, *lacks]

    def second_layer(self, first_names: Mapping[str, str]) -> list[str]:
        """What the first layer means.

        Args:
            first_names: by SQL of what is said, the name under which it is said first: what several
                columns take from one is then written alike, and worked out once.
        """
        return [
            f"{self._got(Expression(first_names[e.sql], e.kind))} AS {n}_got"
            for n, e in zip(self._names, self.said, strict=True)
        ]

    @property
    def named(self) -> Iterator[tuple[str, str]]:
        """What is said, as SQL, with the name that it has in the first layer."""
        return ((e.sql, n) for n, e in zip(self._names, self.said, strict=True))

    @property
    def third_layer(self) -> list[str]:
        if self.fill.constant is not None:  # checked when the mapping was read
            return [f"{n}_got AS {n}_read" for n in self._names]
        smallest, largest = self._limits
        return [
            f"{checked(f'{n}_got', self._column, smallest=smallest, largest=largest)} AS {n}_read"
            for n in self._names
        ]

    @property
    def value(self) -> str:
        if not self.fill.calculation:
            return f"{self.name}_0_read"
        total = calculated(self.fill.calculation, [f"{name}_read" for name in self._names])
        if self.fill.since:
            return f"(DATE {literal(self.fill.since)} + TRY_CAST({total} AS INTEGER))"
        return f"TRY_CAST({total} AS {sql_type(self.mapped.column)})"

    @property
    def is_empty(self) -> str:
        return f"({' OR '.join(f'{name} IS NULL' for name in self._names)})"

    @property
    def emptiness(self) -> list[Doubt]:
        """What is lacking when the file must say something and does not."""
        if not self.lacking:
            shown = ", ".join(name for name in self.shown if name)
            return [Doubt(Problem(shown, "missing", ANY_VALUE, True), self.is_empty, "''")]
        return [
            Doubt(Problem(column, "missing", ANY_VALUE, True), f"{self.name}_lacks_{place}", "''")
            for place, (column, _) in enumerate(self.lacking)
        ]

    @property
    def doubts(self) -> list[Doubt]:
        """What can be wrong when the file says something."""
        column = self._column
        is_free = column.type == "string" and not column.allowed
        if is_free or self.fill.constant is not None or self.fill.is_digest:
            return []
        why, allowed = self._why
        return [
            Doubt(
                Problem(shown, why, allowed, self.mapped.puts_row_aside),
                f"({name} IS NOT NULL AND {name}_read IS NULL)",
                as_text(Expression(name, said.kind)),
            )
            for name, said, shown in zip(self._names, self.said, self.shown, strict=True)
        ]

    @property
    def _why(self) -> tuple[str, str]:
        """Why a value is refused, and what is allowed."""
        if self._limits != (None, None):
            return "not_allowed", _between(*self._limits)
        meanings = [pattern for pattern, _ in self.fill.values]
        allowed = example(self._column, self._formats, meanings, self.reader.decimal_sign)
        return reason(self._column), allowed

    @property
    def _limits(self) -> tuple[float | None, float | None]:
        """Of a number: those of the mapping, else those of the contract."""
        smallest = self.fill.smallest
        return self._column.smallest if smallest is None else smallest, self.fill.largest

    @property
    def _names(self) -> list[str]:
        return [f"{self.name}_{place}" for place in range(len(self.said))]

    @property
    def _formats(self) -> tuple[str, ...]:
        return (*self.fill.formats, *self.reader.formats) if self.fill.formats else ()

    @property
    def _column(self) -> Column:
        if self.fill.calculation:
            return OPERAND
        if not self.fill.refuses_others:
            return self.mapped.column
        meanings = dict.fromkeys(meaning for _, meaning in self.fill.values if meaning)
        return replace(self.mapped.column, allowed=tuple(meanings))

    def _got(self, said: Expression) -> str:
        return parsed(
            said,
            self._column,
            decimal_sign="." if self.fill.constant is not None else self.reader.decimal_sign,
            zone=self.fill.time_zone or self.reader.zone,
            formats=self._formats,
            counts_days=self.reader.counts_days,
            own_formats=None if self.fill.formats else self.reader.own_formats.get(self.shown[0]),
            today=self.reader.today,
        )


def _shown(fill: Fill, texts: Texts) -> tuple[str, ...]:
    if fill.calculation:
        return tuple(reference.name for reference in fill.calculation.operands)
    if not fill.text:
        return ("",)
    names = dict.fromkeys(r.name for r in fill.text.references if texts.is_of_the_file(r))
    return (", ".join(names),)


def _lacking(fill: Fill, texts: Texts) -> tuple[tuple[str, str], ...]:
    if fill.when or fill.values:
        return ()
    if fill.calculation:
        references = fill.calculation.operands
    else:
        references = tuple(fill.text.references) if fill.text else ()
    return tuple(
        (reference.name, f"{texts.operand(reference).sql} IS NULL")
        for reference in references
        if not reference.is_optional and texts.is_of_the_file(reference)
    )


def _said(fill: Fill, texts: Texts) -> Sequence[Expression]:
    if fill.calculation:
        return [texts.operand(operand) for operand in fill.calculation.operands]
    if fill.digest_of:  # what was read comes to it when it is there: see `compiling`
        return [Expression(texts.before_digest(fill.digest))]
    if fill.digest:
        return [Expression(texts.digest(fill.digest))]
    if fill.constant is not None:
        return [Expression(literal(fill.constant))]
    assert fill.text is not None
    if fill.values:
        return [Expression(translated(f"({texts.of(fill.text)})", fill.values))]
    return [texts.value(fill.text)]


def _between(smallest: float | None, largest: float | None) -> str:
    """Limits in a way that needs no language."""
    if largest is None:
        return f">= {smallest:g}"
    return f"<= {largest:g}" if smallest is None else f"{smallest:g} - {largest:g}"
