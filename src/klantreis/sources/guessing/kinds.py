"""What kind of values a column holds, from the values themselves: counted, never assumed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from klantreis.sources.guessing.moments import Moments, moments_of

__all__ = ["FITTING", "LOOKED_AT", "NEARLY_ALL", "Kinds", "is_value", "kinds_of"]

LOOKED_AT = 500  # different values that are looked at, at most
# Parts of the values: so many must be what a name says; so many tell it without a name.
FITTING, NEARLY_ALL = 0.5, 0.9

EMAIL = re.compile(r"^'?[^@\s,;<>]+@[^@\s,;<>]+\.[A-Za-z]{2,}$")
PHONE = re.compile(r"^(\+|00?)[\d\s().\-/]{7,20}\d$|^\(0\d{1,3}\)[\d\s\-]{5,}$")
DATE = re.compile(r"^\d{1,4}([-/.])\d{1,2}\1\d{1,4}( |T|$)")
POSTCODE = re.compile(
    r"^\d{4}\s?[A-Za-z]{2}$|^(B-)?[1-9]\d{3}$|^[A-Za-z]{1,2}\d[A-Za-z\d]?\s?\d[A-Za-z]{2}$"
)
DUTCH_POSTCODE = re.compile(r"^\d{4}\s?[A-Za-z]{2}$")
# An address in one text, with street, number, postcode and town; and the last two of these.
PLACED = r"([1-9]\d{3}\s?[A-Za-z]{2}|([A-Z]{1,2}-)?\d{4,5})"
ADDRESS = re.compile(rf"^[^\W\d_]\D*\d.*[\s,]{PLACED}[\s,/-]+[^\W\d_'].*$")
POSTCODE_TOWN = re.compile(rf"^{PLACED}[\s,/-]+[^\W\d_'][^\d]*$|^[^\W\d_'][^\d]*[\s,/-]+{PLACED}$")
WHOLE = re.compile(r"^[-+]?\d{1,18}$")
COMMA_NUMBER = re.compile(r"^[-+]?(\d{1,3}(\.\d{3})+|\d+),\d+$|^[-+]?\d{1,3}(\.\d{3}){2,}$")
POINT_NUMBER = re.compile(
    r"^[-+]?(\d{1,3}(,\d{3})+|\d+)\.\d+([eE][-+]?\d+)?$|^[-+]?\d{1,3}(,\d{3}){2,}$"
)
MONEY = re.compile(
    r"^[-+]?\s*(€|EUR|\$|£)\s*[-+]?\d[\d.,]*(-|--)?$|^[-+]?\d[\d.,]*\s*(€|EUR)$|^\d+,-$"
)
URL = re.compile(r"^(https?://|www\.)\S+$|^/[\w\-/]+", re.IGNORECASE)
DAY_OF_MONTH = re.compile(r"^(0?\d|[12]\d|3[01])$")
MONTH = re.compile(
    r"^(0?\d|1[0-2]|(jan|feb|maa|mrt|mar|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec)[a-z]*\.?)$",
    re.IGNORECASE,
)
YEAR = re.compile(r"^(1[5-9]|20)\d{2}$|^\d{2}$")
CLOCK = re.compile(r"^([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?$")
ID = re.compile(r"^(?=.*\d)[A-Za-z0-9_#:./\-]{1,64}$")
PAYMENT_REFERENCE = re.compile(r"^(tr|pay|py|ch|pi|psp|re|ord)_[A-Za-z0-9]{3,}$")  # Mollie, Stripe
LONG_ID = re.compile(r"^[0-9a-fA-F]{16,64}$|^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$")
NAME = re.compile(r"^[^\W\d_][^\d@:/\\]*$")
PERSONAL_NAME = re.compile(r"^[^\W\d_][^\d@:/\\]*[ ,]+[^\d@:/\\]*[^\W\d_.]\.?$")
BOOLEANS = frozenset(
    ("true", "false", "yes", "no", "ja", "nee", "j", "n", "y", "0", "1", "waar", "onwaar")
)
GENDERS = frozenset(
    (
        "m",
        "v",
        "f",
        "x",
        "man",
        "vrouw",
        "male",
        "female",
        "dhr",
        "dhr.",
        "mevr",
        "mevr.",
        "mw",
        "mw.",
        "mevrouw",
        "de heer",
        "herr",
        "frau",
        "männlich",
        "weiblich",
        "heer",
        "mr",
        "mrs",
        "ms",
        "mr.",
        "mrs.",
        "ms.",
        "other",
        "anders",
        "miss",
        "onbekend",
        "unknown",
    )
)

TESTS: dict[str, Callable[[str], object]] = {
    "email": EMAIL.match,
    "phone": lambda value: PHONE.match(value) and not DATE.match(value),
    "postcode": POSTCODE.match,
    "dutch_postcode": DUTCH_POSTCODE.match,
    "address": ADDRESS.match,
    "postcode_town": POSTCODE_TOWN.match,
    "whole": WHOLE.match,
    "comma_number": COMMA_NUMBER.match,
    "point_number": POINT_NUMBER.match,
    "money": MONEY.match,
    "url": URL.match,
    "clock": CLOCK.match,
    "day_of_month": DAY_OF_MONTH.match,
    "month": MONTH.match,
    "year": YEAR.match,
    "id": ID.match,
    "long_id": LONG_ID.match,
    "payment_reference": PAYMENT_REFERENCE.match,
    "name": NAME.match,
    "personal_name": PERSONAL_NAME.match,
    "boolean": lambda value: value.lower() in BOOLEANS,
    "gender": lambda value: value.lower() in GENDERS,
}


@dataclass(frozen=True)
class Kinds:
    """What was counted in a column.

    Attributes:
        looked_at: different values that were looked at.
        filled, rows: values that are there, and rows.
        shares: part of the values looked at that is of a kind.
        moments: how its dates or times are written, where nearly all are.
        examples: the values that come most, at most 3.
        words: all values, when they are few: they may be codes.
        is_unique: whether no value comes twice.
    """

    looked_at: int
    filled: int
    rows: int
    shares: dict[str, float] = field(default_factory=dict)
    moments: Moments | None = None
    examples: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    is_unique: bool = False

    def share(self, kind: str) -> float:
        """The part of the values that is of a kind; see `synonyms.toml` for the kinds."""
        match kind:
            case "text":
                return 1.0 - max(
                    self.share("decimal"),
                    self.share("date"),
                    self.share("moment"),
                    self.share("email"),
                    self.share("whole"),
                )
            case "date" | "moment":
                return self.moments.share if self.moments else 0.0
            case "decimal":
                return (
                    min(
                        1.0,
                        max(self.shares.get("comma_number", 0), self.shares.get("point_number", 0))
                        + self.shares.get("whole", 0),
                    )
                    if self.is_decimal
                    else 0.0
                )
            case "amount":
                return max(self.shares.get("money", 0.0), self.share("decimal"))
        return self.shares.get(kind, 0.0)

    @property
    def is_decimal(self) -> bool:
        return self.shares.get("comma_number", 0) > 0 or self.shares.get("point_number", 0) > 0

    def fits(self, kinds: Sequence[str]) -> float:
        """How well the values are of one of these kinds, from 0 to 1; 1 when there are none."""
        if not self.looked_at:
            return 0.5
        return max(self.share(kind) for kind in kinds)


def kinds_of(values: Sequence[str | None]) -> Kinds:
    """Count the kinds of a column's values."""
    filled = [value for value in values if value]
    counts = Counter(filled)
    different = list(counts)[:LOOKED_AT]
    if not different:
        return Kinds(0, 0, len(values))
    shares = {
        kind: sum(1 for value in different if is_one(value)) / len(different)
        for kind, is_one in TESTS.items()
    }
    return Kinds(
        looked_at=len(different),
        filled=len(filled),
        rows=len(values),
        shares=shares,
        moments=moments_of(different),
        examples=tuple(value for value, _ in counts.most_common(3)),
        words=tuple(sorted(counts)) if len(counts) <= 60 else (),
        is_unique=len(counts) == len(filled),
    )


def is_value(cell: str) -> bool:
    """Whether a cell cannot be the name of a column: it is a number, a time or an address."""
    return bool(
        cell
        and (
            WHOLE.match(cell)
            or COMMA_NUMBER.match(cell)
            or POINT_NUMBER.match(cell)
            or MONEY.match(cell)
            or EMAIL.match(cell)
            or moments_of([cell])
        )
    )
