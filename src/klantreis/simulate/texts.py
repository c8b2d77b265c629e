"""Put moods and events into words, by a grammar that is rich enough not to repeat itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from klantreis.simulate.reference import toml

__all__ = ["MOODS", "write"]

MOODS = ("awful", "bad", "plain", "good", "great")  # emotion -2 to +2
SYMBOL = re.compile(r"#(\w+)#")
SLOT = re.compile(r"\{(\w+)\}")
MASK = 2**64 - 1


class Luck:
    """A row of choices that follows from one number (splitmix64)."""

    def __init__(self, seed: int) -> None:
        self._state = seed & MASK
        self._said: set[str] = set()

    def of(self, options: list[str]) -> str:
        """One of the options, not one that was taken before as long as there are others."""
        fresh = [option for option in options if option not in self._said] or options
        chosen = fresh[self._number() % len(fresh)]
        if chosen:
            self._said.add(chosen)
        return chosen

    def _number(self) -> int:
        self._state = (self._state + 0x9E3779B97F4A7C15) & MASK
        z = self._state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)


def write(
    language: str, topic: str, emotion: int, seed: int, slots: Mapping[str, str]
) -> tuple[str, str]:
    """Write a subject and a body.

    Args:
        language: `nl` or `en`.
        topic: group and name in the grammar, as `ticket.late_parcel`.
        emotion: -2 to +2.
        seed: the same seed writes the same text.
        slots: what stands for `{product}` and the like; an unknown slot stays as it is.
    """
    grammar, mood, luck = _grammar(language), MOODS[emotion + 2], Luck(seed)
    group, name = topic.split(".")
    rules = grammar[group][name]
    subject = rules.get(f"subject.{mood}", rules.get("subject", [""]))
    return tuple(  # type: ignore[return-value]  # two texts in, two texts out
        _filled(_expanded(luck.of(options), grammar["phrases"], mood, luck), slots)
        for options in (subject, rules["body"])
    )


def _expanded(text: str, phrases: Mapping[str, list[str]], mood: str, luck: Luck) -> str:
    def phrase(match: re.Match[str]) -> str:
        name = match.group(1)
        options = phrases.get(f"{name}.{mood}") or phrases[name]
        return _expanded(luck.of(options), phrases, mood, luck)

    return SYMBOL.sub(phrase, text)


def _filled(text: str, slots: Mapping[str, str]) -> str:
    filled = SLOT.sub(lambda match: slots.get(match.group(1), match.group(0)), text)
    words = " ".join(filled.split())
    return words[:1].upper() + words[1:]


@cache
def _grammar(language: str) -> dict[str, Any]:
    return toml(f"texts_{language}")
