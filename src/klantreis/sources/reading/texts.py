"""The texts that a mapping speaks of, as SQL over raw rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from klantreis.sources.reading.connection import Expression, literal
from klantreis.sources.reading.links import subscriber_in
from klantreis.sources.reading.mapping import Condition
from klantreis.sources.reading.raw import Raw
from klantreis.sources.reading.templates import FILTERS, Reference, Template
from klantreis.sources.reading.values import as_text, matches

__all__ = ["Texts", "digest"]


def digest(texts: Sequence[str]) -> str:
    """SQL for sixteen characters that are the same for the same texts, and else differ."""
    return f"md5({_joined(texts)})[:16]"


def _joined(texts: Sequence[str]) -> str:
    filled = ", '|', ".join(f"coalesce({text}, '')" for text in texts)
    return f"concat({filled})"


@dataclass(frozen=True)
class Texts:
    """Finds texts in rows.

    Attributes:
        raw: what names in a template mean.
        known: names that mean the same in every row: the source, and options.
        files: of each file its name without folder and ending.
        paths: of each file where it is, as messages show it.
        of_the_row: names that unpivoting, splitting and numbering gave to each row.
    """

    raw: Raw
    known: Mapping[str, str]
    files: Mapping[str, str]
    paths: Mapping[str, str] = field(default_factory=dict)
    of_the_row: tuple[str, ...] = ()

    def also(self, *names: str) -> Texts:
        return replace(self, of_the_row=(*self.of_the_row, *names))

    def with_columns(self, columns: Mapping[str, Expression]) -> Texts:
        """With columns beside those of the file."""
        return replace(self, raw=replace(self.raw, columns={**self.raw.columns, **columns}))

    def of(self, template: Template) -> str:
        """The text; null when a hole that must be filled is empty."""
        return " || ".join(
            literal(part) if isinstance(part, str) else self._part(part) for part in template.parts
        )

    def value(self, template: Template) -> Expression:
        """The same, save that a bare column keeps the type that the file gives it."""
        match template.parts:
            case (Reference(filters=()) as reference,):
                column = self._column(reference)
                if column and column.kind != "text":
                    return column
        return Expression(self.of(template))

    def digest(self, templates: Sequence[Template]) -> str:
        return digest(self._with_source(templates))

    def before_digest(self, templates: Sequence[Template]) -> str:
        """What a digest is made of, to which more may come."""
        return _joined(self._with_source(templates))

    def _with_source(self, templates: Sequence[Template]) -> Sequence[str]:
        return [literal(self.known["source"]), *(self.of(each) for each in templates)]

    def hold(self, conditions: Sequence[Condition]) -> str:
        """Whether all conditions hold."""
        return " AND ".join(
            matches(f"({self.of(each.text)})", each.patterns) for each in conditions
        )

    def operand(self, reference: Reference) -> Expression:
        """What a sum takes from a column: nought where it is empty and may be."""
        value = self.value(Template((replace(reference, is_optional=False),)))
        if not reference.is_optional:
            return value
        nought = "'0'" if value.kind == "text" else "0"
        return replace(value, sql=f"coalesce({value.sql}, {nought})")

    def is_of_the_file(self, reference: Reference) -> bool:
        """Whether it is a column of the file, or stands for one that was unpivoted."""
        return reference.is_exact or reference.name not in self.known

    def _part(self, reference: Reference) -> str:
        text = self._text(reference)
        for name in reference.filters:
            text = self._filtered(name, text)
        return f"coalesce({text}, '')" if reference.is_optional else text

    def _filtered(self, name: str, text: str) -> str:
        if name == "subscriber":
            return subscriber_in(text, self.known.get("subscriber_parameter", ""))
        return FILTERS[name](text)

    def _text(self, reference: Reference) -> str:
        name = reference.name
        if not reference.is_exact:
            if name in self.known:
                return literal(self.known[name])
            if name in self.of_the_row or name == "line":
                return f"({name})::VARCHAR"
            if name in ("file", "export_path"):
                told = self.files if name == "file" else self.paths
                pairs = [f"WHEN {literal(key)} THEN {literal(text)}" for key, text in told.items()]
                return f"CASE file_id {' '.join(pairs)} END"
        column = self.raw.column(name)
        return as_text(column) if column else "NULL::VARCHAR"

    def _column(self, reference: Reference) -> Expression | None:
        is_ours = reference.name in self.known or reference.name in self.of_the_row
        return None if is_ours and not reference.is_exact else self.raw.column(reference.name)
