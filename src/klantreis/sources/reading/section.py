"""A part of a mapping file that knows where it stands, so that every mistake can be named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from klantreis.errors import SettingsError, message
from klantreis.sources.reading.mapping import Condition
from klantreis.sources.reading.templates import Template, column_template, parse_template

__all__ = ["Section"]


@dataclass(frozen=True)
class Section:
    """One table of a TOML file.

    Attributes:
        where: file and place, as messages show it.
        raw: its keys and values.
    """

    where: str
    raw: Mapping[str, Any]

    def named(self, name: str) -> Section:
        return Section(f"{self.where} > {name}", self.raw) if name else self

    def refuse(self, key: str, got: str, allowed: str) -> NoReturn:
        raise SettingsError(
            message(
                "The mapping is wrong",
                where=f"{key} of {self.where}",
                got=got,
                allowed=allowed,
                next_step="see docs/sources/mapping.md",
            )
        )

    def allow(self, keys: Sequence[str]) -> None:
        for key in self.raw:
            if key not in keys:
                self.refuse("a key", repr(key), ", ".join(keys))

    def check(self, key: str, got: str, allowed: Sequence[str]) -> None:
        if got not in allowed:
            self.refuse(key, repr(got), ", ".join(repr(name) for name in allowed if name))

    def text(self, key: str) -> str:
        value = self.raw.get(key, "")
        if isinstance(value, Mapping | list):
            self.refuse(key, repr(value), "a text")
        return str(value).lower() if isinstance(value, bool) else str(value)

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.raw.get(key, [])
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            self.refuse(key, repr(value), "a text or a list of texts")
        return tuple(values)

    def flag(self, key: str) -> bool:
        value = self.raw.get(key, False)
        if not isinstance(value, bool):
            self.refuse(key, repr(value), "true or false")
        return value

    def number(self, key: str) -> float | None:
        value = self.raw.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            self.refuse(key, repr(value), "a number")
        return value

    def section(self, key: str) -> Section:
        value = self.raw.get(key, {})
        if not isinstance(value, Mapping):
            self.refuse(key, repr(value), "a table: {...}")
        return Section(f"{self.where} > {key}", value)

    def sections(self, key: str) -> list[Section]:
        value = self.raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            self.refuse(key, repr(value), f"a list of tables: [[{key}]]")
        return [Section(self.where, each) for each in value]

    def template(self, key: str) -> Template | None:
        """A template when the text has braces, else the column of that name."""
        value = self.text(key)
        return self.as_template(key, value) if value else None

    def templates(self, key: str) -> tuple[Template, ...]:
        return tuple(self.as_template(key, text) for text in self.texts(key))

    def as_template(self, key: str, text: str) -> Template:
        if "{" not in text:
            return column_template(text)
        try:
            return parse_template(text)
        except ValueError as error:
            self.refuse(key, str(error), "a column's name, or a text such as '{source}:{Name}'")

    def conditions(self, key: str) -> tuple[Condition, ...]:
        given = self.section(key)
        return tuple(
            Condition(given.as_template(name, name), given.texts(name)) for name in given.raw
        )

    @staticmethod
    def column(name: str) -> Template:
        return column_template(name)
