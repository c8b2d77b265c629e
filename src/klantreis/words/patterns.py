"""Patterns as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from klantreis.patterns import BestDifference, JoinedMeaning, Pattern
from klantreis.words.translator import DASH, Translator

__all__ = [
    "best_item_told",
    "best_told",
    "difference_told",
    "group_told",
    "level_told",
    "measure_told",
    "month_told",
    "pattern_told",
]

EVERYBODY = "all"


def pattern_told(words: Translator, pattern: Pattern, topics: Mapping[str, str]) -> str:
    """A pattern in one sentence.

    Args:
        topics: names of needs, by code, for target groups.
    """
    told = _told(words, pattern.meaning, pattern.value)
    rest = measure_told(words, pattern.rest, pattern.meaning.unit)
    where = _where(words, pattern, topics)
    if pattern.kind == "channel":
        sentence = words.text("%(told)s; elsewhere that is %(rest)s.", told=told, rest=rest)
    elif pattern.kind == "segment":
        sentence = words.text("%(told)s; with the others that is %(rest)s.", told=told, rest=rest)
    elif pattern.kind == "trend":
        month = month_told(words, pattern.starts)
        sentence = words.text(
            "%(told)s; in %(month)s that was %(rest)s.", told=told, month=month, rest=rest
        )
    else:
        sentence = words.text(
            "%(told)s from %(months)s; from %(before)s that was %(rest)s.",
            months=_months(words, pattern.starts, pattern.ends),
            told=told,
            before=_months(words, pattern.rest_starts, pattern.rest_ends),
            rest=rest,
        )
    return f"{where}: {sentence}" if where else sentence[:1].upper() + sentence[1:]


def group_told(
    words: Translator, segmentation: str, segment: str, topics: Mapping[str, str]
) -> str:
    """The name of a group; a group that we have no words for is shown by its code."""
    if segmentation == "target_group":
        topic = topics.get(segment) or words.segment(segment)
        return words.text("Asks about %(topic)s", topic=topic.lower())
    if segmentation == "orientation_channel":
        channel = words.code("channel", segment)
        return words.text("Orientation mostly in: %(channel)s", channel=channel.lower())
    return words.segment(segment)


def difference_told(words: Translator, pattern: Pattern) -> str:
    """How much it differs, with the interval: `+6,2 procentpunt (4,8–7,6)`."""
    ends = (pattern.difference, pattern.low, pattern.high)
    if pattern.meaning.unit == "share":
        value, low, high = (words.number(100 * end, 1) for end in ends)
        sign = "+" if pattern.difference > 0 else ""
        return words.text(
            "%(value)s percentage points (%(low)s to %(high)s)",
            value=sign + value,
            low=low,
            high=high,
        )
    if pattern.meaning.unit == "money":
        value, low, high = (words.money(end, cents=True) for end in ends)
        return words.text("%(value)s (%(low)s to %(high)s)", value=value, low=low, high=high)
    digits = 2 if pattern.meaning.unit == "number" else 1
    value, low, high = (words.number(end, digits) for end in ends)
    sign = "+" if pattern.difference > 0 else ""
    unit = words.text("days") if pattern.meaning.unit == "days" else ""
    return words.text(
        "%(value)s %(unit)s (%(low)s to %(high)s)",
        value=sign + value,
        unit=unit,
        low=low,
        high=high,
    ).replace("  ", " ")


def measure_told(words: Translator, value: float | None, unit: str) -> str:
    """A joined measure; a plain number keeps its decimals, for it is a mean."""
    return words.number(value, 2) if unit == "number" else words.value(value, unit)


def level_told(
    words: Translator, segmentation: str, segment: str, topics: Mapping[str, str]
) -> str:
    """The name of a group beside others of the same segmentation, as short as that allows."""
    if segmentation == "target_group":
        return topics.get(segment) or words.segment(segment)
    if segmentation == "orientation_channel":
        return words.code("channel", segment)
    return group_told(words, segmentation, segment, topics)


def month_told(words: Translator, month: str) -> str:
    """`mei 2026` for `2026-05`."""
    return words.month(date.fromisoformat(f"{month}-01"))


def _months(words: Translator, first: str, last: str) -> str:
    return f"{month_told(words, first)} {DASH} {month_told(words, last)}"


def _told(words: Translator, meaning: JoinedMeaning, value: float) -> str:
    return meaning.told[words.language] % {"value": measure_told(words, value, meaning.unit)}


def _where(words: Translator, pattern: Pattern, topics: Mapping[str, str]) -> str:
    parts = []
    if pattern.segmentation != EVERYBODY:
        parts.append(group_told(words, pattern.segmentation, pattern.segment, topics))
    if pattern.at_channel != EVERYBODY:
        parts.append(words.code("channel", pattern.at_channel))
    return ", ".join(parts)


def best_told(words: Translator, one: BestDifference, name: str) -> str:
    """What the best customers do differently, in one sentence.

    Args:
        name: of the channel, touchpoint, succession, category, page or phase.
    """
    filled = {
        "name": name,
        "value": words.percent(one.value),
        "rest": words.percent(one.rest),
    }
    sentences = {
        "purchase": words.text(
            "%(name)s: %(value)s of the purchases of our best customers, %(rest)s with others",
            **filled,
        ),
        "entry": words.text(
            "%(name)s: here %(value)s of the ways of our best customers begin, %(rest)s with others",
            **filled,
        ),
        "category": words.text(
            "%(name)s: %(value)s of the products that our best customers look at, %(rest)s with others",
            **filled,
        ),
        "page": words.text(
            "%(name)s: %(value)s of the pages that our best customers look at, %(rest)s with others",
            **filled,
        ),
        "stop": words.text(
            "%(name)s: here our best customers stop in %(value)s of the cases when they do not buy, %(rest)s with others",
            **filled,
        ),
    }
    on_the_way = words.text(
        "%(name)s: on %(value)s of the ways of our best customers to a purchase, %(rest)s with others",
        **filled,
    )
    return sentences.get(one.aspect, on_the_way)


def best_item_told(words: Translator, one: BestDifference) -> str:
    """The name of what they do differently; of a phase its code, for a model brings its own words."""
    if one.aspect in ("channel", "purchase"):
        return words.code("channel", one.item)
    if one.aspect in ("touchpoint", "entry"):
        return _touchpoint(words, one.item)
    if one.aspect == "path":
        return " → ".join(_touchpoint(words, part) for part in one.item.split(">"))
    return one.item


def _touchpoint(words: Translator, touchpoint: str) -> str:
    channel, _, event = touchpoint.partition(".")
    return f"{words.code('channel', channel)}: {words.code('event', event)}"
