"""From text to rule: a parser by recursive descent, which knows at every place what may come.

A hand-written parser of this size is easier to follow than a grammar with a library, and says
in an error exactly what is allowed at the place.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal, cast

from klantreis.rules.limiting import Limits
from klantreis.rules.syntax import (
    And,
    Chain,
    Column,
    Compare,
    Consent,
    Did,
    Flag,
    Has,
    InAudience,
    InPhase,
    InSegment,
    Known,
    Later,
    Measure,
    Moments,
    Not,
    OfPersona,
    Or,
    Period,
    Rule,
    Where,
    Within,
)
from klantreis.rules.tokens import bare
from klantreis.rules.vocabulary import (
    COLUMNS,
    COUNTED,
    EDGES,
    LISTS,
    MEASURES,
    PERMISSIONS,
    PURPOSES,
)
from klantreis.tables.vocabulary import CHANNELS

__all__ = ["CALLED", "Reader", "parse"]

DEEPEST = 40
MOST_CONDITIONS = 500  # a rule of more is a list that somebody pasted
LONGEST_CHAIN = 12
CONDITIONS = "did '...', a column, a measure, not, ("
CALLED = ("consent", "segment", "persona", "phase", "in_audience")


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

    >>> parse("revenue in last 1 week > 100").left
    Measure(name='revenue', event='', via='', window=Window(amount=1, unit='weeks'), where=())
    """
    return Reader(text, own_events, audiences or {}, circular).read()


class Reader(Limits):
    """Walks through the words of one rule."""

    def __init__(
        self,
        text: str,
        own_events: Collection[str],
        audiences: Mapping[str, Rule],
        circular: Collection[str],
    ) -> None:
        super().__init__(text, own_events)
        self.audiences, self.circular = audiences, circular
        self.depth = 0
        self.conditions = 0

    def read(self) -> Rule:
        rule = self._either()
        if self.now.kind != "end":
            self.refuse("unexpected_word", allowed="and, or, the end")
        return rule

    # And, or, not

    def _either(self) -> Rule:
        parts = [self._all()]
        while self.takes("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self) -> Rule:
        parts = [self._opposite()]
        while self.takes("and"):
            parts.append(self._opposite())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _opposite(self) -> Rule:
        self.depth += 1
        if self.depth > DEEPEST:
            allowed = f"at most {DEEPEST} levels of ( and not"
            self.refuse("too_deep", allowed=allowed, ends=(1, DEEPEST))
        if self.takes("not"):
            rule: Rule = Not(self._opposite())
        elif self.takes("("):
            rule = self._either()
            self.must(")")
        else:
            rule = self._condition()
        self.depth -= 1
        return rule

    # Conditions

    def _condition(self) -> Rule:
        self.conditions += 1
        if self.conditions > MOST_CONDITIONS:
            allowed = (
                f"at most {MOST_CONDITIONS} conditions; a list of values stands in ( ) behind in"
            )
            self.refuse("too_long", allowed=allowed, ends=(1, MOST_CONDITIONS))
        if self.takes("did"):
            return self._did()
        for kind in ("function", "measure", "column"):
            self.expects(kind)
        if self.now.kind != "word":
            self.refuse("condition_expected", allowed=CONDITIONS)
        name, is_call = self.now.text, self.after(1).text == "("
        if is_call and name in (*CALLED, *LISTS):
            return self._called()
        if is_call and name in EDGES:
            return self._about(self._measure(), "moment")
        if self._is_measure(name, is_call):
            measure = self._measure()
            return Compare(measure, *self.comparison("number", ""))
        if name not in COLUMNS:
            self.refuse("unknown_name", allowed=self._like(name))
        self.at += 1
        return self._about(Column(name), COLUMNS[name])

    def _like(self, name: str) -> str:
        calls = (*COUNTED, *EDGES, *LISTS, *CALLED, "did")
        known = list(dict.fromkeys((*MEASURES, *COLUMNS, *calls)))
        # A hundred names help nobody who wrote none of them.
        return ", ".join(self.near(name, known, 0.5)) or CONDITIONS

    def _is_measure(self, name: str, is_call: bool) -> bool:
        if name in COUNTED:
            return is_call
        if name not in MEASURES or name not in COLUMNS:
            return name in MEASURES
        after = [self.after(place).text for place in (1, 2)]
        return after[0] in ("via", "where", "from", "until") or after == ["in", "last"]

    def _did(self) -> Rule:
        event = self.event()
        via, where, window = self._limited()
        first = Moments(event, via, where)
        then: list[Later] = []
        while len(then) < LONGEST_CHAIN and self.takes("then"):
            is_absent = self.takes("not")
            then.append(Later(self._moments(), self.within(), is_absent))
            if is_absent:
                break
        if then:
            return Chain(first, window, tuple(then))
        return Did(first.event, first.via, window, first.where)

    def _limited(self) -> tuple[str, tuple[Where, ...], Period | None]:
        """Channel, conditions and window; the window may also stand first."""
        via, where, window = self.via(), self.where(), self.period()
        if window:
            via, where = via or self.via(), where or self.where()
        return via, where, window

    def _moments(self) -> Moments:
        return Moments(self.event(), self.via(), self.where())

    def _called(self) -> Rule:
        name = self.now.text
        self.at += 1
        self.must("(")
        if name == "consent":
            rule: Rule = Consent(self.text_of(name, (*PURPOSES, *PERMISSIONS)))
        elif name == "segment":
            rule = InSegment(self.text_of(name))
        elif name == "persona":
            rule = OfPersona(self.text_of(name))
        elif name == "phase":
            rule = InPhase(self.text_of(name))
        elif name == "in_audience":
            rule = self._audience()
        else:
            kind = cast(Literal["channel", "source", "category", "brand"], name)
            rule = Has(kind, self.text_of(name, CHANNELS if name == "channel" else ()))
        self.must(")")
        return rule

    def _audience(self) -> Rule:
        name = bare(self.now.text) if self.now.kind == "text" else ""
        allowed = ", ".join(map(repr, self.audiences)) or "none is saved yet"
        if name in self.circular:
            self.refuse("audience_circle", allowed=allowed)
        if name and name not in self.audiences:
            self.refuse("unknown_audience", allowed=allowed)
        self.text_of("in_audience")
        return InAudience(name, self.audiences[name])

    def _measure(self) -> Measure:
        name = self.now.text
        self.at += 1
        event = ""
        if name in (*COUNTED, *EDGES):
            self.must("(")
            event = self.event()
            self.must(")")
        if name in EDGES:
            return Measure(name, event, self.via(), None, self.where())
        via, where, window = self._limited()
        return Measure(name, event, via, window, where)

    def _about(self, left: Column | Measure, kind: str) -> Rule:
        if self.takes("is", "known"):
            return Known(left)
        if self.takes("is", "unknown"):
            return Known(left, is_known=False)
        if self.now.text == "is":
            self.at += 1
            self.refuse("unexpected_word", allowed="known, unknown")
        if kind == "flag" and isinstance(left, Column):
            return Flag(left)
        if kind == "moment" and (period := self.period()):
            return Within(left, period)
        if isinstance(left, Column) and left.name in MEASURES:
            self.limits_expected()
        return Compare(left, *self.comparison(kind, left.name, may_lack=True))
