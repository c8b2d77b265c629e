"""How a column of ours is filled from what the columns of a file mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, TypeAlias

from klantreis.sources.guessing.guesses import Guess
from klantreis.sources.guessing.kinds import Kinds
from klantreis.sources.guessing.naming import meanings
from klantreis.sources.guessing.written import kinds_of_columns
from klantreis.sources.reading.mapping import ELEMENT, KNOWN_NAMES
from klantreis.sources.reading.name_and_address import SPOKEN_TO
from klantreis.sources.reading.values import DATES, TIMES, ZONED_TIMES
from klantreis.tables import contract

__all__ = ["IDENTIFIERS", "Filling", "NamedTable", "TableText"]

# A section of a mapping file: keys of the table, and below `columns` by column how it is filled.
TableText: TypeAlias = dict[str, Any]
NamedTable: TypeAlias = tuple[str, TableText]

# By what ties a row to a person, surest first: what comes before the value in the person's id.
PERSON_IDS = (
    ("customer_number", "", ""),
    ("loyalty_card", "card:", ""),
    ("email", "email:", "|lower"),
    ("phone", "phone:", "|digits"),
    ("mobile", "phone:", "|digits"),
    ("cookie", "cookie:", ""),
)
IDENTIFIERS = ("customer_number", "loyalty_card", "email", "phone", "mobile", "cookie")
WITH_CLOCK = ("occurred_at", "returned_at", "appointment_at")  # the days that a time stands beside
NAMED = ("full_name", "last_name", "first_name")
GREETING = re.compile(rf"^\s*(?:{SPOKEN_TO})[.\s]", re.IGNORECASE)


class Filling:
    """Writes values of a mapping for one guess.

    Args:
        guess: what the columns mean.
    """

    def __init__(self, guess: Guess) -> None:
        self.guess = guess
        self.column_of = {one.means: one.column for one in guess.columns if one.means}

    def has(self, *means: str) -> bool:
        """Whether columns mean all of these."""
        return all(one in self.column_of for one in means)

    @cached_property
    def _kinds(self) -> Mapping[str, Kinds]:
        return kinds_of_columns(self.guess.sample, self.guess.date_order)

    def tells_apart(self, means: str) -> bool:
        """Whether a column means this and has another value in every row."""
        if not self.has(means):
            return False
        of = self._kinds[self.column_of[means]]
        return of.is_unique and of.filled == of.rows

    def hole(self, means: str, filters: str = "") -> str:
        """A column within a text, as `{Naam}`."""
        name, each = self.column_of[means], self.guess.sample.each
        own = name.removeprefix(f"{each}{ELEMENT}") if each else name
        # Brackets where the plain name would be read as something else.
        needs = name in KNOWN_NAMES or any(sign in own for sign in "{}|?[]")
        return f"{{[{name}]{filters}}}" if needs else f"{{{name}{filters}}}"

    def plain(self, means: str) -> str | None:
        """A column as it stands; None when there is none that means this."""
        if means not in self.column_of:
            return None
        name = self.column_of[means]
        return self.hole(means) if name in KNOWN_NAMES or "{" in name else name

    def straight(self, table: str, but: tuple[str, ...] = ()) -> Mapping[str, Any]:
        """The columns of a table that a column of the file fills as it stands, except `but`."""
        targets = self.guess.shape.targets if self.guess.shape else {}
        found = {}
        for means, target in targets.items():
            own, _, column = target.partition(".")
            if own != table or column in but or not self.has(means):
                continue
            kind = contract(table).column(column).type
            if kind in ("date", "timestamp(6)"):
                found[column] = self.moment(means, is_date=kind == "date", bad="value")
            else:
                found[column] = self.plain(means)
        return found

    def id_of(self, means: str) -> str:
        """An id that is unique in all sources."""
        return f"{{source}}:{self.hole(means)}"

    def own_id(self, means: str, table: str) -> Any:
        """The id of a row of a table: by the column that means it, or else by its whole content."""
        return self.id_of(means) if self.has(means) else self.digest(table)

    def person_id(self, ending: str = "") -> Any:
        """The record of the person: by the surest of what the row has; None when by nothing.

        In a list of persons some may have a name alone: they are told apart by all that is said.
        """
        ways: list[Any] = [
            f"{{source}}:{mark}{self.hole(means, filters)}{ending}"
            for means, mark, filters in PERSON_IDS
            if self.has(means)
        ]
        if ways and not ending and self._lists_persons_without_identifier():
            ways.append(self.digest())
        return (ways[0] if len(ways) == 1 else ways) if ways else None

    def _lists_persons_without_identifier(self) -> bool:
        """Whether a row of a list of persons has a name and nothing else to know one by."""
        shape, sample = self.guess.shape, self.guess.sample
        if shape is None or shape.name != "person":
            return False

        def is_told(means: tuple[str, ...], row: int) -> bool:
            return any(sample.columns[self.column_of[one]][row] for one in means if self.has(one))

        return any(
            is_told(NAMED, row) and not is_told(IDENTIFIERS, row) for row in range(sample.rows)
        )

    def digest(self, table: str = "") -> dict[str, Any]:
        """An id for rows that have none: the same for the same values.

        Args:
            table: whose row it is: its dates and times count as they are read, however written.
        """
        read = dict.fromkeys(self._dates_of(table).values())
        said = [means for means in self.column_of if means not in self._dates_of(table)]
        texts = {"hash": [f"{self.hole(means, '')[:-1]}?}}" for means in said]} if said else {}
        return {**texts, **({"hash_of": list(read)} if read else {})}

    def _dates_of(self, table: str) -> Mapping[str, str]:
        """By what columns mean, the dates and times of a table that they fill."""
        targets = self.guess.shape.targets if self.guess.shape else {}
        found = {}
        for means in self.column_of:
            own, _, column = targets[means].partition(".")
            if own == table and contract(table).column(column).type in ("date", "timestamp(6)"):
                found[means] = column
        return found

    def moment(self, *means: str, is_date: bool = False, **more: Any) -> Any:
        """A date or time, with the format where it is not read without one."""
        found = next((one for one in means if self.has(one)), None)
        if found is None:
            return None
        moments = self._kinds[self.column_of[found]].moments
        formats = list(moments.formats) if moments else []
        if self.has("clock_time") and found in WITH_CLOCK and not is_date:
            return {
                "text": f"{self.hole(found)} {self.hole('clock_time')}",
                "format": [f"{one} {clock}" for one in formats for clock in ("%H:%M:%S", "%H:%M")],
                **more,
            }
        known = DATES if is_date else (*TIMES, *ZONED_TIMES)
        if self.guess.sample.form == "parquet" or all(one in known for one in formats):
            return {"from": self.plain(found), **more} if more else self.plain(found)
        return {"from": self.plain(found), "format": formats, **more}

    def greets(self) -> bool:
        """Whether whole names begin with how somebody is spoken to, as `Mevr. Jansen`."""
        names = [name for name in self.guess.sample.columns[self.column_of["full_name"]] if name]
        return any(GREETING.match(name) for name in names)

    def birth(self) -> Any:
        """The day of birth, also where it stands in three columns; None when no column tells it."""
        if self.has("birth_on") or not self.has("birth_day", "birth_month", "birth_year"):
            return self.moment("birth_on", is_date=True, bad="value")
        day, month, year = (self.hole(f"birth_{part}") for part in ("day", "month", "year"))
        months = self.guess.sample.columns[self.column_of["birth_month"]]
        if any(text and text[0].isalpha() for text in months):
            return {"text": f"{day} {month} {year}", "bad": "value"}
        years = self.guess.sample.columns[self.column_of["birth_year"]]
        widths = sorted({len(text) for text in years if text}, reverse=True)
        formats = [{4: "%Y-%m-%d", 2: "%y-%m-%d"}[width] for width in widths if width in (2, 4)]
        return {"text": f"{year}-{month}-{day}", "format": formats, "bad": "value"}

    def code(self, means: str) -> Any:
        """A column with fixed values, and what its words mean."""
        if not self.has(means):
            return None
        return {"text": self.hole(means, "|lower"), "values": dict(meanings()[means])}

    def happened(self) -> Any:
        """Where it happened: the column that tells, or what holds for the whole file."""
        if self.has("channel"):
            return {
                "text": self.hole("channel", "|lower"),
                "values": {**meanings()["channel"], "*": "other"},
            }
        return {"value": self.guess.channel}
