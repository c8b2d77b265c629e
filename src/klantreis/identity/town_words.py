"""The words in which people write a town, without what stands around its name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

__all__ = ["heard", "is_part_of_town", "key", "province_of", "words"]

POSTCODE = re.compile(r"\b[1-9][0-9]{3} ?[a-z]{2}\b|[0-9]{4,}")
NOUGHT_FOR_O = re.compile(r"(?<=[a-z])0|0(?=[a-z])")
# Written in one way: what is short for a word, and words that are short already.
SHORT: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(a ?[/.] ?d\b\.?|a\.?d\.?(?= )|aan (de[nr]?|het)\b)"), " ad "),
    (re.compile(r"\b(o ?[/.] ?d\b\.?|op (de[nr]?|het)\b)"), " od "),
    (re.compile(r"\b(st|ste|sint|sinte|saint|sainte)\b\.?"), " sint "),
    (re.compile(r"\b(nw|nwe)\b\.?"), " nieuw "),
    (re.compile(r"&"), " en "),
)
NOISE = frozenset(
    {"te", "in", "gem", "gemeente", "ca", "postbus", "postadres", "nl", "nld", "nederland"}
    | {"netherlands", "holland", "be", "bel", "belgie", "belgium", "belgique"}
)
SIDE = "(noord|zuid|oost|west|midden|nrd|zd|wst|nd|no|nw|zo|zw|n|z|o|w)"
PART = re.compile(rf"^((oud|nieuw)?{SIDE}{{1,3}}|centrum|centr|cent|c|cs|stad|binnenstad)$")
PROVINCES: Mapping[str, str] = {
    written: province
    for province, ways in {
        "NH": "nh noordholland nholland",
        "ZH": "zh zuidholland zholland",
        "NB": "nb nbr noordbrabant nbrabant brabant",
        "Gld": "gld gl gelderland",
        "Ov": "ov overijssel overyssel",
        "Lb": "l lb lim limb limburg",
        "Dr": "d dr drenthe",
        "Gn": "gn gr gron groningen",
        "Fr": "fr frl friesland fryslan",
        "Ut": "ut utr utrecht",
        "Ze": "z ze zl zld zeeland",
        "Fl": "fl flevoland",
        "Antwerpen": "antwerpen",
        "Vlaams-Brabant": "vlaamsbrabant vlbr",
        "Waals-Brabant": "waalsbrabant brabantwallon",
        "West-Vlaanderen": "westvlaanderen wvl",
        "Oost-Vlaanderen": "oostvlaanderen ovl",
        "Henegouwen": "henegouwen hainaut",
        "Luik": "luik liege",
        "Luxemburg": "luxemburg luxembourg",
        "Namen": "namen namur",
    }.items()
    for written in ways.split()
}
# Each of these sounds the same in a Dutch mouth, whatever the spelling; the order matters.
SOUNDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(written), spoken)
    for written, spoken in (
        ("sch$", "s"),
        ("sch", "sg"),
        ("ph", "f"),
        ("th", "t"),
        ("(ck|kx|q)", "k"),
        ("x", "ks"),
        ("c(?=[eiy])", "s"),
        ("(ch|gh)", "g"),
        ("c", "k"),
        ("(ey|ei|ij)", "y"),
        ("(au|ouw|auw)", "ou"),
        ("ae", "a"),
        ("oe", "u"),
        ("v", "f"),
        ("z", "s"),
        ("dt?$", "t"),
        (r"(.)\1+", r"\1"),
    )
)


def words(text: str) -> tuple[str, ...]:
    """The words of a town, small, without accents, figures and signs.

    >>> words("2511 AB  's-Gravenhage (ZH)")
    ('s', 'gravenhage', 'zh')
    """
    small = unicodedata.normalize("NFKD", text.lower())
    small = "".join(letter for letter in small if not unicodedata.combining(letter))
    small = NOUGHT_FOR_O.sub("o", POSTCODE.sub(" ", small))
    for short, long in SHORT:
        small = short.sub(long, small)
    found = tuple(re.findall("[a-z]+", re.sub("[0-9]", "", small)))
    telling = tuple(word for word in found if word not in NOISE)
    return telling or found


def key(parts: Sequence[str]) -> str:
    """Words run together, with one letter for `ij`.

    >>> key(("capelle", "ad", "ijssel"))
    'capelleadyssel'
    """
    return "".join(parts).replace("ij", "y")


def heard(form: str) -> str:
    """How a key sounds: equal for `oosterwijk` and `oosterweik`, `denbosch` and `denbos`."""
    for written, spoken in SOUNDS:
        form = written.sub(spoken, form)
    return form


def province_of(form: str) -> str | None:
    """The province that a key stands for, if any."""
    return PROVINCES.get(form)


def is_part_of_town(form: str) -> bool:
    """Whether a key only says which part of a town: a side of it, or its centre."""
    return PART.match(form) is not None
