"""What stands behind the names of a rule: periods, channels, fields of moments, and values."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from difflib import get_close_matches

from klantreis.rules.syntax import (
    Ago,
    Dates,
    Operator,
    Period,
    Unit,
    Value,
    Where,
    Window,
)
from klantreis.rules.tokens import Tokens, bare
from klantreis.rules.vocabulary import FIELDS, UNITS
from klantreis.tables.vocabulary import CHANNELS, EVENTS

__all__ = ["Limits"]

ORDERED: tuple[Operator, ...] = ("=", "!=", "<", "<=", ">", ">=")
OPERATORS: dict[str, tuple[Operator, ...]] = {"text": ("=", "!=")}
# What else may stand behind a value of a kind; only of columns and moments may be asked if it is known.
MORE = {
    "number": ", in (...)",
    "text": ", in (...), contains '...'",
    "moment": ", in last ... days, from ... to ..., until ...",
    "date": "",
}
RESERVED = ("not", "and", "or", "in", "then", "via", "where", "from", "until", "within", "is")
LARGEST_WINDOW = 5000
YEARS = range(1900, 2201)
LISTED = 8


class Limits(Tokens):
    """Reads what limits a measure or event, and what a value is compared with.

    Args:
        text: the whole rule.
        own_events: names of events beside the shared vocabulary that may be asked for.
    """

    def __init__(self, text: str, own_events: Collection[str]) -> None:
        super().__init__(text)
        self.events = (*EVENTS, *own_events)

    # Moments

    def event(self) -> str:
        if self.now.kind == "text" and bare(self.now.text) not in self.events:
            near = self.near(bare(self.now.text), self.events, 0.4)
            self.refuse("unknown_event", allowed=", ".join(near or dict.fromkeys(self.events)))
        return self.text_of("event")

    def via(self) -> str:
        return self.text_of("channel", CHANNELS) if self.takes("via") else ""

    def where(self) -> tuple[Where, ...]:
        if not self.takes("where"):
            return ()
        if not self.takes("("):
            return (self._field(),)
        asked = [self._field()]
        while self.takes("and"):
            asked.append(self._field())
        self.must(")")
        return tuple(asked)

    def _field(self) -> Where:
        self.expects("field")
        name = self.now.text
        if name not in FIELDS:
            self.refuse("unknown_field", allowed=", ".join(FIELDS))
        self.at += 1
        return Where(name, *self.comparison(FIELDS[name], ""))

    def within(self) -> Window | None:
        if not self.takes("within"):
            return None
        return Window(self._whole(1, LARGEST_WINDOW), self._unit())

    def period(self) -> Period | None:
        if self.takes("in", "last"):
            return Window(self._whole(1, LARGEST_WINDOW), self._unit())
        if self.takes("from"):
            return self._between()
        if not self.takes("until"):
            return None
        if self.now.kind == "number":
            return self._ago(None)
        return Dates(None, self._day())

    def limits_expected(self) -> None:
        """Note that a measure may be limited here, for who completes the text."""
        for word in ("via", "where", "from", "until"):
            self.expects("word", word)
        self.takes("in", "last")

    def _between(self) -> Period:
        if self.now.kind == "number":
            start = self._whole(2, LARGEST_WINDOW)
            self.must("to")
            return self._ago(start)
        first = self._day()
        if not self.takes("to"):
            return Dates(first, None)
        return Dates(first, self._day(earliest=first))

    def _ago(self, start: int | None) -> Ago:
        end, unit = self._whole(1, start - 1 if start else LARGEST_WINDOW), self._unit()
        self.must("ago")
        return Ago(start, end, unit)

    def _whole(self, smallest: int, largest: int) -> int:
        self.expects("number")
        is_whole = self.now.kind == "number" and self.now.text.isdigit()
        if not is_whole or not smallest <= int(self.now.text) <= largest:
            allowed = f"a whole number from {smallest} to {largest}"
            self.refuse("number_expected", allowed=allowed, ends=(smallest, largest))
        self.at += 1
        return int(self.tokens[self.at - 1].text)

    def _unit(self) -> Unit:
        self.expects("unit")
        if self.now.text not in UNITS:
            self.refuse("unit_expected", allowed="hours, days, weeks")
        self.at += 1
        return UNITS[self.tokens[self.at - 1].text]

    def _day(self, earliest: date | None = None) -> date:
        day = self._date()
        if day.year not in YEARS or (earliest and day < earliest):
            self.at -= 1
            first, last = earliest or date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)
            self.refuse(
                "date_expected", allowed=f"a date from {first} to {last}", ends=(first, last)
            )
        return day

    # Values

    def comparison(
        self, kind: str, column: str, *, may_lack: bool = False
    ) -> tuple[Operator, tuple[Value, ...]]:
        """An operator and what stands behind it.

        Args:
            kind: of what is compared.
            column: its name when it is a column, whose values may complete the text.
            may_lack: whether `is known` could have stood here, for the error.
        """
        if kind in ("number", "text") and self.takes("in"):
            self.must("(")
            values = [self._value(kind, column)]
            while self.takes(","):
                values.append(self._value(kind, column))
            self.must(")")
            return "in", tuple(values)
        if kind == "text" and self.takes("contains"):
            return "contains", (self.text_of("text"),)
        allowed = OPERATORS.get(kind, ORDERED)
        for sign in allowed:
            self.expects("sign", sign)
        if self.now.text not in allowed or self.now.kind != "sign":
            more = MORE[kind] + (", is known" if may_lack else "")
            self.refuse("operator_expected", allowed=" ".join(allowed) + more)
        operator = self.now.text
        self.at += 1
        return operator, (self._value(kind, column),)

    def _value(self, kind: str, column: str) -> Value:
        if kind == "number":
            self.expects("number")
            if self.now.kind != "number":
                self.refuse("number_expected", allowed="a number such as 2 or 12.50")
            self.at += 1
            return float(self.tokens[self.at - 1].text)
        if kind == "text":
            return self.text_of("value", of=column)
        day = self._date()
        return datetime.combine(day, time()) if kind == "moment" else day

    def _date(self) -> date:
        self.expects("date")
        try:
            day = date.fromisoformat(bare(self.now.text))
        except ValueError:
            self.refuse("date_expected", allowed="a date such as '2026-01-31'")
        self.at += 1
        return day

    def text_of(self, kind: str, allowed: tuple[str, ...] = (), *, of: str = "") -> str:
        """A text in quotes; `kind` and `of` tell which, for who completes it."""
        self.expects(kind, of)
        if self.now.kind != "text":
            is_bare = self.now.kind == "word" and self.now.text not in RESERVED
            shown = f"'{self.now.text}'" if is_bare else "a text in quotes such as 'store'"
            self.refuse("text_expected", allowed=shown)
        value = bare(self.now.text)
        if allowed and value not in allowed:
            self.refuse("unknown_value", allowed=", ".join(allowed))
        self.at += 1
        return value

    @staticmethod
    def near(name: str, known: Collection[str], cutoff: float) -> tuple[str, ...]:
        """What a name may be meant to be, each once; empty when nothing is like it."""
        return tuple(get_close_matches(name, dict.fromkeys(known), LISTED, cutoff))
