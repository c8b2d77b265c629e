"""Names, streets and sounds in one way of writing, so that what differs is worth comparing."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.identity.normalise import trimmed

__all__ = [
    "birth_name",
    "first_word",
    "house_number",
    "last_word",
    "plain",
    "sound",
    "street_name",
    "without_prefix",
]

SIGNED = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿšžćčđłńśźż"
UNSIGNED = "aaaaaaceeeeiiiinoooooouuuuyyszccdlnszz"
PREFIX = (
    r"van|von|vande|vander|vanden|de|den|der|het|t|te|ten|ter|la|le|du|da|di|el|al"
    r"|in|op|aan|bij|onder|over|uit|voor|s|o|mac|mc"
)
LEADING_PREFIX = rf"^(({PREFIX}) )+"
TRAILING_PREFIX = r"( (van|von|de|den|der|het|t|te|ten|ter))+$"
# Where a first name begins so, it is a family name that stands in its place.
FAMILY_PREFIX = r"^((van|von|vande|vander|vanden|de|den|der|ten|ter|t) )+"
TITLE = r"^((dhr|mevr|mw|mr|mrs|ms|miss|dr|drs|ir|ing|prof|sir|heer|mevrouw|de heer) )+"
# Each of these is heard alike in Dutch or English, whatever the spelling; the order matters.
HEARD: tuple[tuple[str, str], ...] = (
    (r"[^a-z]", ""),
    ("sch", "s"),
    ("ph", "f"),
    ("th", "t"),
    ("(ij|ei|ey|uy|ui|y)", "i"),
    ("(ou|au)w?", "u"),
    ("(ae|aa)", "a"),
    ("oe", "u"),
    ("(ck|kx|ch|c|q|g|x)", "k"),
    ("v", "f"),
    ("z", "s"),
    ("d(t?)$", "t"),
    ("w", "f"),
)
STREETS: tuple[tuple[str, str], ...] = (
    (r"str(aat)?\b\.?", "straat"),
    (r"\b(street|st)\b\.?$", "straat"),
    (r"(ln|laan)\b\.?", "laan"),
    (r"pl(ein)?\b\.?", "plein"),
    (r"w(e)?g\b\.?", "weg"),
    (r"\b(road|rd)\b\.?$", "road"),
    (r"\b(avenue|ave|av)\b\.?$", "avenue"),
    (r"\b(burg|burgem)\b\.?", "burgemeester"),
    (r"\b(dr|doct)\b\.?", "dokter"),
    (r"\b(prof)\b\.?", "professor"),
    (r"\b(kon)\b\.?", "koning"),
    (r"\b(ds)\b\.?", "dominee"),
)
NUMBER_AT_END = r"[ ,]+([0-9]+) ?-?([a-z0-9]{0,4}|bis|hs|huis)$"


def plain(text: ir.StringValue) -> ir.StringValue:
    """Small letters without accents; every other sign is a space.

    >>> import ibis
    >>> plain(ibis.literal("Desirée  O'Neill-Vos")).execute()
    'desiree o neill vos'
    """
    small = text.lower()
    # Most texts have no accent at all, and taking them off is dear.
    signless = small.translate(SIGNED, UNSIGNED).replace("ß", "ss").replace("æ", "ae")
    letters = ibis.ifelse(small.re_search("[^ -~]"), signless, small)
    return trimmed(letters.re_replace(r"[^a-z0-9]+", " ")).nullif("")


def without_prefix(name: ir.StringValue) -> ir.StringValue:
    """A plain family name without what systems keep apart, write behind, or leave out."""
    bare = name.re_replace(LEADING_PREFIX, "").re_replace(TRAILING_PREFIX, "")
    return bare.re_replace(r" (jr|sr|senior|junior|ii|iii)$", "").nullif("")


def first_word(name: ir.StringValue) -> ir.StringValue:
    """The given name in use: the first word that is no title."""
    given = name.re_replace(TITLE, "").re_replace(FAMILY_PREFIX, "")
    return given.re_replace(" .*$", "").nullif("")


def last_word(name: ir.StringValue) -> ir.StringValue:
    """The last part of a double name."""
    return name.re_replace("^.* ", "").nullif("")


def birth_name(name: ir.StringValue) -> ir.StringValue:
    """The first part of a double name, its prefix left out."""
    return name.re_replace(" .*$", "").nullif("")


def sound(name: ir.StringValue) -> ir.StringValue:
    """How a name is heard, roughly: equal for `Meijer` and `Meier`, `Smid` and `Smit`.

    A first letter and the consonants that follow, after Dutch and English spellings of one sound
    were made one (in the manner of Soundex; Odell and Russell, US patent 1,261,167, 1918).
    """
    heard = name
    for written, spoken in HEARD:
        heard = heard.re_replace(written, spoken)
    for letter in "bdfjklmnprst":
        heard = heard.replace(letter * 2, letter)
    return (heard.substr(0, 1) + heard.substr(1).re_replace("[aeiouh]", "")).nullif("")


def street_name(street: ir.StringValue) -> ir.StringValue:
    """A plain street without its number and with its abbreviations written out."""
    name = street.re_replace(NUMBER_AT_END, "").re_replace("^[0-9]+ ", "")
    for short, long in STREETS:
        name = name.re_replace(short, long)
    return name.re_replace("[^a-z0-9]", "").nullif("")


def house_number(number: ir.StringValue, street: ir.StringValue) -> ir.StringValue:
    """The digits of a house number, from the street where it stands there."""
    own = number.re_extract(r"([0-9]+)", 1).nullif("")
    after = street.re_extract(r"[ ,]+([0-9]+) ?-?[a-z0-9]{0,4}$", 1).nullif("")
    before = street.re_extract(r"^([0-9]+) ", 1).nullif("")
    return own.coalesce(after, before)
