"""What may stand at a place of a rule that is being written."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from klantreis.errors import RuleError
from klantreis.rules.reading import CALLED, Reader
from klantreis.rules.syntax import Rule
from klantreis.rules.tokens import TOKENS
from klantreis.rules.vocabulary import (
    COLUMNS,
    COUNTED,
    EDGES,
    FIELDS,
    LISTS,
    MEASURES,
    PERMISSIONS,
    PURPOSES,
)
from klantreis.rules.writing import quoted
from klantreis.tables.vocabulary import CHANNELS

__all__ = ["Completion", "completions"]

OFFERED = 60
REST_OF_WORD = re.compile(r"\w*")
REST_OF_TEXT = re.compile(r"[\w-]*'?")
FIXED: Mapping[str, Collection[str]] = {
    "column": tuple(COLUMNS),
    "measure": tuple(MEASURES),
    "function": tuple(f"{name}(" for name in (*CALLED, *LISTS, *COUNTED, *EDGES)),
    "field": tuple(FIELDS),
    "unit": ("days", "weeks", "hours"),
}
CONSENTS = (*PURPOSES, *PERMISSIONS)
Values = Callable[[str, str], Iterable[str]]


@dataclass(frozen=True)
class Completion:
    """Something that may stand at a place of a rule.

    Attributes:
        text: as it is written there, texts with their quotes.
        kind: what it is: `word`, `sign`, `column`, `measure`, `function`, `field`, `unit`,
            `event`, `channel`, `segment`, `value` ...
        name: the same without quotes and bracket.
        start, end: the part of the rule that it takes the place of.
    """

    text: str
    kind: str
    name: str
    start: int
    end: int


def completions(
    text: str,
    position: int,
    *,
    own_events: Collection[str] = (),
    audiences: Mapping[str, Rule] | None = None,
    values: Values = lambda kind, of: (),
) -> tuple[Completion, ...]:
    """What may stand where the cursor is; what begins as the word before it comes first.

    Args:
        text: the rule so far; what stands behind the cursor does not count.
        position: of the cursor, from 0.
        own_events: events that may be asked for beside the shared vocabulary.
        audiences: saved audiences by name.
        values: names of a kind (`segment`, `persona`, `phase`, `category`, `source`, `brand`,
            `consent`), or for `value` what stands in a column. Without any consent all purposes
            that the language knows are offered.

    >>> [one.text for one in completions("did 'add_to_c", 13)]
    ["'add_to_cart'"]
    """
    before = text[:position]
    start = _start(before)
    written = before[start:]
    if before[-1:].isdigit() and not written:
        return ()  # the number may go on
    is_text = written.startswith("'")
    rest = (REST_OF_TEXT if is_text else REST_OF_WORD).match(text, position)
    end = rest.end() if rest else position
    try:
        reader = Reader(before[:start], own_events, audiences or {}, ())
    except RuleError:
        return ()
    with suppress(RuleError):
        reader.read()
    begun = written.lstrip("'").casefold()
    found: list[tuple[bool, int, Completion]] = []
    for kind, of in reader.expected:
        names, is_quoted = _names(kind, of, reader.events, audiences or {}, values)
        if is_text and not is_quoted:
            continue
        for name in names:
            like = name.casefold()
            if like == begun or (begun and begun not in like):
                continue
            shown = quoted(name) if is_quoted else name
            one = Completion(shown, kind, name.rstrip("("), start, end)
            found.append((not like.startswith(begun), len(like) if begun else 0, one))
    ordered = [one for _, _, one in sorted(found, key=lambda ranked: ranked[:2])]
    return tuple({one.text: one for one in ordered}.values())[:OFFERED]


def _start(before: str) -> int:
    """Where the word or text begins that ends at the cursor; the cursor itself for none."""
    position = 0
    while position < len(before):
        found = TOKENS.match(before, position)
        if found is None:
            return position
        if found.end() == len(before) and found.lastgroup == "word":
            return position
        position = found.end()
    return len(before)


def _names(
    kind: str, of: str, events: Collection[str], audiences: Mapping[str, Rule], values: Values
) -> tuple[Iterable[str], bool]:
    """The names of a kind, and whether they are written in quotes."""
    if kind in ("word", "sign"):
        return (of,), False
    if kind in FIXED:
        return FIXED[kind], False
    if kind == "event":
        return events, True
    if kind == "in_audience":
        return tuple(audiences), True
    if kind == "channel":
        return CHANNELS, True
    if kind == "consent":
        return tuple(values(kind, of)) or CONSENTS, True
    return (values(kind, of) if kind not in ("number", "date", "text") else ()), True
