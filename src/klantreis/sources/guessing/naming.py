"""Names of columns, compared with what columns are called in Dutch and English exports."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

from rapidfuzz.distance import DamerauLevenshtein

__all__ = ["Assigned", "Concept", "concepts", "meanings", "name_likeness", "plain"]

# By column what it means, as in `synonyms.toml`, and how sure that is, from 0 to 1.
Assigned: TypeAlias = Mapping[str, tuple[str, float]]

HERE = Path(__file__).parent
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
NO_WORD = re.compile(r"[^a-z0-9]+")
# With one of these before it, a name is of something else: of a first purchase, a count, a birth.
OTHERWISE = frozenset(
    (
        "first",
        "last",
        "eerste",
        "laatste",
        "aantal",
        "count",
        "avg",
        "average",
        "gemiddeld",
        "gemiddelde",
        "birth",
        "geboorte",
        "estimated",
        "expected",
        "verwachte",
        "previous",
        "vorige",
        "max",
        "min",
        "total",
        "seller",
        "verkoper",
        "image",
        "parent",
        "shipping",
        "delivery",
        "discount",
        "korting",
        "tax",
        "btw",
        "refund",
        "refunded",
        "terugbetaald",
        "ip",
        "mac",
        "web",
        "website",
        "erste",
        "letzte",
        "anzahl",
    )
)
BARE = frozenset(("id", "name", "naam", "nummer", "type", "code", "titel", "title"))
# Words before a name that say whose it is and nothing else.
LEADING = frozenset(
    (
        "customer",
        "klant",
        "billing",
        "factuur",
        "contact",
        "client",
        "buyer",
        "user",
        "person",
        "order",
        "bestelling",
        "product",
        "artikel",
        "item",
        "the",
        "shop",
        "src",
        "tbl",
        "fld",
        "dim",
    )
)
# What sets of records have behind a name, and means nothing: the first of several, a cleaned one.
TRAILING = re.compile(r" (0?1|[cv]\d{1,2}|clean|cleaned|std|raw)$")
# `First Name (Billing)`, `Created (UTC)`: the name, and more about it.
BRACKETED = re.compile(r"^(.+?)\s*[(\[]([^()\[\]]*)[)\]]\s*$")
FIELD = re.compile(r"\.(?=\S)")  # before the last field of a path, as no point before a blank is
BEFORE_BRACKETS = 0.9
# In brackets: of another address than that of the customer, or before it was counted.
ELSEWHERE = frozenset(
    ("shipping", "verzending", "verzendadres", "delivery", "bezorging", "lieferung", "versand")
)
WITHIN = frozenset(("in", "im", "de", "the", "via"))
PLACES = ("first_name", "last_name", "street", "house_number", "postcode", "city", "country")
TYPING = 0.85  # so alike, two longer names are one that was mistyped
LONG_ENOUGH = 5


@dataclass(frozen=True)
class Concept:
    """What a column can mean.

    Attributes:
        name: as in `synonyms.toml`.
        values: kinds of values that it can hold.
        names: what it is called, in small letters, with every "number" as `nummer`.
        side: `web` or `store` where it tells of purchases there only, empty where of all; None where
            names say nothing of sides.
    """

    name: str
    values: tuple[str, ...]
    names: frozenset[str]
    side: str | None = None


@cache
def concepts() -> Mapping[str, Concept]:
    """All that columns can mean, by name; from `synonyms.toml`."""
    raw = tomllib.loads((HERE / "synonyms.toml").read_text(encoding="utf-8"))
    found = {}
    for name, one in raw.items():
        values = tuple(one["values"])
        names = frozenset(_counted(plain(n)) for n in one["names"])
        found[name] = Concept(name, values, names, "" if "sides" in one else None)
        for side in one.get("sides", ()):
            found[f"{side}_{name}"] = Concept(f"{side}_{name}", values, names, side)
    return found


@cache
def meanings() -> Mapping[str, Mapping[str, str]]:
    """By what a column means: what the words in it say; from `meanings.toml`."""
    raw = tomllib.loads((HERE / "meanings.toml").read_text(encoding="utf-8"))
    return {
        name: {word: code for code, words in one.items() for word in words}
        for name, one in raw.items()
    }


def plain(name: str) -> str:
    """A name in small letters without accents, its words apart.

    >>> plain("Order-ID"), plain("orderId"), plain("InvoiceNo"), plain("Geb.datum (dd-mm)")
    ('order id', 'order id', 'invoice no', 'geb datum dd mm')
    """
    parts = CAMEL.sub(" ", name)
    bare = (
        unicodedata.normalize("NFKD", parts.replace("ß", "ss"))
        .encode("ascii", "ignore")
        .decode()
        .lower()
    )
    return " ".join(NO_WORD.sub(" ", bare).split())


def name_likeness(name: str, concept: Concept) -> float:
    """How sure a name says that a column means something, from 0 to 1.

    1 is a name from the list; less where only a word before it, a mistyped letter, or what stands in
    brackets behind it, differs. Of purchases on a side, the name is what is left without the word
    for the side: `Total orders (online)`, `aankopen_winkel`.
    """
    if concept.side is not None:
        side, name = _side(name)
        if side != concept.side:
            return 0.0
    whole = _whole_likeness(name, concept)
    bracketed = BRACKETED.match(name)
    if whole >= BEFORE_BRACKETS or not bracketed or ELSEWHERE & set(plain(bracketed[2]).split()):
        return whole
    return max(whole, BEFORE_BRACKETS * _whole_likeness(bracketed[1], concept))


def _side(name: str) -> tuple[str | None, str]:
    """The side that a name tells of, and the name without it; None when of several, or another."""
    words = plain(name).split()
    sides = {meanings()["side"].get(word, "") for word in words} - {""}
    if not sides:
        return "", name
    rest = [word for word in words if word not in meanings()["side"] and word not in WITHIN]
    return (sides.pop() if len(sides) == 1 else None), " ".join(rest)


def _whole_likeness(name: str, concept: Concept) -> float:
    last = FIELD.split(name)[-1]
    return _likeness(_counted(plain(last)), _counted(plain(name)), concept)


def _counted(name: str) -> str:
    """The same name with every way to write "number" alike."""
    return " ".join(
        "nummer"
        if word in ("nr", "no", "num", "number")
        else f"{word[:-2]}nummer"
        if word.endswith("nr") and len(word) > LONG_ENOUGH
        else word
        for word in name.split()
    )


def _likeness(last: str, whole: str, concept: Concept) -> float:
    if whole in concept.names or whole.replace(" ", "") in _joined(concept):
        return 1.0
    bare = TRAILING.sub("", whole)
    if bare != whole and (bare in concept.names or bare.replace(" ", "") in _joined(concept)):
        return 0.85
    words = whole.split()
    if last != whole and (last in concept.names or last.replace(" ", "") in _joined(concept)):
        return 0.9
    rest = " ".join(words[1:])
    if len(words) > 1 and words[0] in LEADING and rest not in BARE and rest in concept.names:
        return 0.85
    if len(whole) >= LONG_ENOUGH and any(
        len(known) >= LONG_ENOUGH
        and DamerauLevenshtein.normalized_similarity(whole, known) >= TYPING
        and (concept.side is None or OTHERWISE & set(words) == OTHERWISE & set(known.split()))
        for known in concept.names
    ):
        return 0.7
    if concept.side is not None:
        return 0.0  # any word before it changes it: of cancelled orders, of the year before
    endings = (n for n in concept.names - BARE if len(n) >= LONG_ENOUGH and whole.endswith(f" {n}"))
    before = [whole.removesuffix(known).strip() for known in endings]
    if any(not OTHERWISE & set(one.split()) and one not in _names_of_places() for one in before):
        return 0.55
    return 0.0


@cache
def _names_of_places() -> frozenset[str]:
    """What parts of an address and of a name are called: `huisnummer verzending` is no `verzending`."""
    return frozenset(name for one in PLACES for name in concepts()[one].names)


@cache
def _joined(concept: Concept) -> frozenset[str]:
    return frozenset(name.replace(" ", "") for name in concept.names)
