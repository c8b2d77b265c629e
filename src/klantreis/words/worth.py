"""How near the value of customers was foretold, in words: for pages and commands alike."""

from __future__ import annotations

from typing import Protocol

from klantreis.words.translator import Translator

__all__ = ["accuracy_told", "off_told"]

DASH = "\N{EN DASH}"


class AccuracyLike(Protocol):
    """What was foretold in one respect, and what came; shares below 0 are too little."""

    @property
    def item(self) -> str: ...
    @property
    def expected(self) -> float: ...
    @property
    def measured(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def gap(self) -> float | None: ...
    @property
    def gap_low(self) -> float | None: ...
    @property
    def gap_high(self) -> float | None: ...


def accuracy_told(words: Translator, one: AccuracyLike) -> str:
    """`4,476 foretold, 5,460 came: 18% too few (95% interval 15–21%).`"""
    if one.item == "top_tenth":
        return words.text(
            "The tenth of the customers of whom most was expected was to bring in %(expected)s of "
            "the revenue, and brought in %(measured)s (95%% interval %(interval)s).",
            expected=words.percent(one.expected),
            measured=words.percent(one.measured),
            interval=words.interval(one.low, one.high, "share"),
        )
    expected, measured = (
        words.number(n) if one.item == "orders" else words.money(n, cents=False)
        for n in (one.expected, one.measured)
    )
    if one.gap is None:
        return words.text(
            "%(expected)s foretold, %(measured)s came.", expected=expected, measured=measured
        )
    return words.text(
        "%(expected)s foretold, %(measured)s came: %(off)s (95%% interval %(interval)s).",
        expected=expected,
        measured=measured,
        off=off_told(words, one.item, one.gap),
        interval=_interval(one, words),
    )


def off_told(words: Translator, item: str, gap: float) -> str:
    """`18% too few`; of money `34% too low`."""
    part = words.percent(abs(gap), 0)
    if round(gap, 2) == 0:
        return words.text("right to within one per cent")
    if item == "orders":
        if gap < 0:
            return words.text("%(part)s too few", part=part)
        return words.text("%(part)s too many", part=part)
    if gap < 0:
        return words.text("%(part)s too low", part=part)
    return words.text("%(part)s too high", part=part)


def _interval(one: AccuracyLike, words: Translator) -> str:
    """Both ends in one direction as `15–21%`, and else each with its own."""
    low, high = one.gap_low, one.gap_high
    if low is None or high is None:
        return words.text("cannot be told")
    if low * high > 0:
        near, far = (words.percent(end, 0) for end in sorted((abs(low), abs(high))))
        return far if near == far else f"{near.removesuffix('%')}{DASH}{far}"
    ends = (off_told(words, one.item, low), off_told(words, one.item, high))
    return words.text("%(low)s to %(high)s", low=ends[0], high=ends[1])
