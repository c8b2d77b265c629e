"""From text to rule: a parser by recursive descent, which knows at every place what may come.

A hand-written parser of this size is easier to follow than a grammar with a library, and says
in an error exactly what is allowed at the place.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Literal, NoReturn, cast

from klantreis.errors import RuleError
from klantreis.rules.syntax import (
    And,
    Column,
    Compare,
    Consent,
    Did,
    Flag,
    Has,
    InAudience,
    InSegment,
    Known,
    Measure,
    Not,
    Operator,
    Or,
    Rule,
    Value,
    Window,
    Within,
)
from klantreis.rules.vocabulary import COLUMNS, COUNTED, LISTS, MEASURES, PURPOSES, UNITS
from klantreis.tables.vocabulary import CHANNELS, EVENTS

__all__ = ["parse"]

TOKENS = re.compile(
    r"(?P<space>\s+)|(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)(?![\w.])"
    r"|(?P<word>[A-Za-z_]\w*)|(?P<sign><=|>=|!=|[=<>(),])"
)
ORDERED = ("=", "!=", "<", "<=", ">", ">=")
DEEPEST = 40
CALLED = ("consent", "segment", "in_audience")
LARGEST_WINDOW = 5000
LISTED = 8


@dataclass(frozen=True)
class Token:
    """One word of a rule, and where it stands."""

    kind: str
    text: str
    position: int


def parse(
    text: str,
    *,
    own_events: Collection[str] = (),
    audiences: Mapping[str, Rule] | None = None,
    circular: Collection[str] = (),
) -> Rule:
    """Read a rule.

    Args:
        text: as `orders in last 90 days >= 2 and not consent('email')`.
        own_events: names of events beside the shared vocabulary that may be asked for.
        audiences: saved audiences by name, for `in_audience`.
        circular: audiences that rest on this very rule, so that it cannot rest on them.

    Raises:
        RuleError: it is no rule; says at which character, and what is allowed there.

    >>> parse("revenue in last 1 week > 100")
    Compare(left=Measure(name='revenue', event='', via='', window=Window(amount=1, unit='weeks')), operator='>', values=(100.0,))
    """
    return _Reader(text, own_events, audiences or {}, circular).read()


class _Reader:
    """Walks through the tokens of one rule."""

    def __init__(
        self,
        text: str,
        own_events: Collection[str],
        audiences: Mapping[str, Rule],
        circular: Collection[str],
    ) -> None:
        self.text = text
        self.audiences, self.circular = audiences, circular
        self.events = (*EVENTS, *own_events)
        self.tokens = self._tokens()
        self.at = 0
        self.depth = 0

    def read(self) -> Rule:
        rule = self._either()
        if self.now.kind != "end":
            self._refuse("unexpected_word", allowed="and, or, the end")
        return rule

    # Words

    def _tokens(self) -> list[Token]:
        tokens, position = [], 0
        while position < len(self.text):
            found = TOKENS.match(self.text, position)
            if found is None:
                if self.text[position] == "'":
                    self._refuse_at("unfinished_text", position, "no closing quote", "'text'")
                got = repr(self.text[position])
                allowed = "names, numbers, 'texts', ( ) , and = != < <= > >="
                self._refuse_at("unknown_sign", position, got, allowed)
            if found.lastgroup != "space":
                tokens.append(Token(str(found.lastgroup), found[0], position))
            position = found.end()
        return [*tokens, Token("end", "", len(self.text))]

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    @property
    def then(self) -> Token:
        return self.tokens[min(self.at + 1, len(self.tokens) - 1)]

    def _takes(self, *words: str) -> bool:
        """Whether these words come now; they are passed when they do."""
        coming = [token.text for token in self.tokens[self.at : self.at + len(words)]]
        if coming != list(words):
            return False
        self.at += len(words)
        return True

    def _must(self, word: str) -> None:
        if not self._takes(word):
            self._refuse("unexpected_word", allowed=word)

    def _refuse(self, kind: str, *, allowed: str) -> NoReturn:
        got = repr(self.now.text) if self.now.kind != "end" else "the end"
        self._refuse_at(kind, self.now.position, got, allowed)

    def _refuse_at(self, kind: str, position: int, got: str, allowed: str) -> NoReturn:
        raise RuleError(kind, self.text, position, got=got, allowed=allowed)

    # And, or, not

    def _either(self) -> Rule:
        parts = [self._all()]
        while self._takes("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self) -> Rule:
        parts = [self._opposite()]
        while self._takes("and"):
            parts.append(self._opposite())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _opposite(self) -> Rule:
        self.depth += 1
        if self.depth > DEEPEST:
            self._refuse("too_deep", allowed=f"at most {DEEPEST} levels of ( and not")
        if self._takes("not"):
            rule: Rule = Not(self._opposite())
        elif self._takes("("):
            rule = self._either()
            self._must(")")
        else:
            rule = self._condition()
        self.depth -= 1
        return rule

    # Conditions

    def _condition(self) -> Rule:
        if self._takes("did"):
            return Did(self._event(), self._via(), self._window())
        if self.now.kind != "word":
            self._refuse("condition_expected", allowed="did '...', a column, a measure, not, (")
        name, is_call = self.now.text, self.then.text == "("
        if is_call and name in (*CALLED, *LISTS):
            return self._called()
        if self._is_measure(name, is_call):
            return self._compared(self._measure(), "number")
        if name not in COLUMNS:
            self._refuse("unknown_name", allowed=self._like(name))
        self.at += 1
        return self._about(Column(name))

    def _like(self, name: str) -> str:
        known = list(dict.fromkeys((*MEASURES, *COLUMNS, *COUNTED, *LISTS, *CALLED, "did")))
        near = get_close_matches(name, known, LISTED, 0.5)
        return ", ".join(near or known)

    def _is_measure(self, name: str, is_call: bool) -> bool:
        if name in COUNTED:
            return is_call
        after = [token.text for token in self.tokens[self.at + 1 : self.at + 3]]
        is_limited = after[:1] == ["via"] or after == ["in", "last"]
        return name in MEASURES and (is_limited or name not in COLUMNS)

    def _called(self) -> Rule:
        name = self.now.text
        self.at += 1
        self._must("(")
        if name == "consent":
            rule: Rule = Consent(self._text_of(tuple(PURPOSES)))
        elif name == "segment":
            rule = InSegment(self._text_of(()))
        elif name == "in_audience":
            rule = self._audience()
        else:
            kind = cast(Literal["channel", "source", "category"], name)
            rule = Has(kind, self._text_of(CHANNELS if name == "channel" else ()))
        self._must(")")
        return rule

    def _audience(self) -> Rule:
        name = _bare(self.now.text) if self.now.kind == "text" else ""
        allowed = ", ".join(map(repr, self.audiences)) or "none is saved yet"
        if name in self.circular:
            self._refuse("audience_circle", allowed=allowed)
        if name and name not in self.audiences:
            self._refuse("unknown_audience", allowed=allowed)
        self._text_of(())
        return InAudience(name, self.audiences[name])

    def _measure(self) -> Measure:
        name = self.now.text
        self.at += 1
        event = ""
        if name in COUNTED:
            self._must("(")
            event = self._event()
            self._must(")")
        return Measure(name, event, self._via(), self._window())

    def _about(self, column: Column) -> Rule:
        kind = COLUMNS[column.name]
        if self._takes("is", "known"):
            return Known(column)
        if self._takes("is", "unknown"):
            return Known(column, is_known=False)
        if self.now.text == "is":
            self.at += 1
            self._refuse("unexpected_word", allowed="known, unknown")
        if kind == "flag":
            return Flag(column)
        if kind == "moment" and (window := self._window()):
            return Within(column, window)
        return self._compared(column, kind)

    def _compared(self, left: Column | Measure, kind: str) -> Rule:
        several = kind in ("number", "text")
        if several and self._takes("in"):
            self._must("(")
            values = [self._value(kind)]
            while self._takes(","):
                values.append(self._value(kind))
            self._must(")")
            return Compare(left, "in", tuple(values))
        allowed = ORDERED if kind != "text" else ("=", "!=")
        if self.now.text not in allowed or self.now.kind != "sign":
            more = " in (...)," if several else " in last ... days,"
            self._refuse("operator_expected", allowed=f"{' '.join(allowed)},{more} is known")
        operator = cast(Operator, self.now.text)
        self.at += 1
        return Compare(left, operator, (self._value(kind),))

    # Values

    def _value(self, kind: str) -> Value:
        if kind == "number":
            if self.now.kind != "number":
                self._refuse("number_expected", allowed="a number such as 2 or 12.50")
            self.at += 1
            return float(self.tokens[self.at - 1].text)
        if kind == "text":
            return self._text_of(())
        try:
            day = date.fromisoformat(_bare(self.now.text))
        except ValueError:
            self._refuse("date_expected", allowed="a date such as '2026-01-31'")
        self.at += 1
        return datetime.combine(day, time()) if kind == "moment" else day

    def _text_of(self, allowed: tuple[str, ...]) -> str:
        if self.now.kind != "text":
            self._refuse("text_expected", allowed="a text in quotes such as 'store'")
        value = _bare(self.now.text)
        if allowed and value not in allowed:
            self._refuse("unknown_value", allowed=", ".join(allowed))
        self.at += 1
        return value

    def _event(self) -> str:
        if self.now.kind == "text" and _bare(self.now.text) not in self.events:
            near = get_close_matches(_bare(self.now.text), self.events, LISTED, 0.4)
            self._refuse("unknown_event", allowed=", ".join(near or self.events))
        return self._text_of(())

    def _via(self) -> str:
        return self._text_of(CHANNELS) if self._takes("via") else ""

    def _window(self) -> Window | None:
        if not self._takes("in", "last"):
            return None
        is_whole = self.now.kind == "number" and self.now.text.isdigit()
        if not is_whole or not 0 < int(self.now.text) <= LARGEST_WINDOW:
            self._refuse("number_expected", allowed=f"a whole number from 1 to {LARGEST_WINDOW}")
        amount = int(self.now.text)
        self.at += 1
        if self.now.text not in UNITS:
            self._refuse("unit_expected", allowed="hours, days, weeks")
        self.at += 1
        return Window(amount, UNITS[self.tokens[self.at - 1].text])


def _bare(quoted: str) -> str:
    return quoted[1:-1].replace("''", "'")
