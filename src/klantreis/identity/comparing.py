"""Which fields of two records are compared, in which levels, and what each says until it is learnt.

The shares in `DEFAULTS` are rough ones for contact data of people (a spelling differs in one of
ten, people move): where data are too few to learn from, they hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["CALLED", "FIELDS", "Field", "Level"]


@dataclass(frozen=True)
class Level:
    """A degree of agreement.

    Attributes:
        name: what it is called.
        condition: SQL over `l` and `r`, in the dialect of Splink's DuckDB.
        m: share of the pairs that are one human being of which this holds, until learnt.
        u: the same of two random people.
        term: column whose frequency counts: agreeing on a rare value says more.
    """

    name: str
    condition: str
    m: float
    u: float
    term: str = ""


@dataclass(frozen=True)
class Field:
    """One field, with its levels from the surest agreement down; what is left is `other`.

    Attributes:
        name: as in the columns `weight_...` of `matches`.
        needs: columns of which some must be told for it to be compared at all.
        lacking: SQL for a pair of which one has nothing to compare, or of which another field says
            it already.
        levels: degrees of agreement.
        most_other: the most that one human being's records can differ; what is learnt from pairs
            that differ more was not learnt from one human being.
    """

    name: str
    needs: tuple[str, ...]
    lacking: str
    levels: tuple[Level, ...]
    most_other: float = 0.3

    @property
    def shares(self) -> Mapping[str, tuple[float, float]]:
        """The m and u of every level, with what remains for `other`."""
        known = {level.name: (level.m, level.u) for level in self.levels}
        left = (1 - sum(m for m, _ in known.values()), 1 - sum(u for _, u in known.values()))
        return {**known, "other": left}


def _empty(*columns: str) -> str:
    return " or ".join(f'"{c}_l" is null or "{c}_r" is null' for c in columns)


def _same(column: str) -> str:
    return f'"{column}_l" = "{column}_r"'


def _near(column: str, most: int, shortest: int) -> str:
    return (
        f'(damerau_levenshtein("{column}_l", "{column}_r") <= {most} '
        f'and length("{column}_l") >= {shortest} and length("{column}_r") >= {shortest})'
    )


def _alike(column: str, share: float) -> str:
    return f'jaro_winkler_similarity("{column}_l", "{column}_r") >= {share}'


# Of a double name its first part may be all that came to stand where the first name belongs.
SWAPPED = (
    '("names_l" = "names_r" or (("first_l" = "last_r" or "first_l" = "last_a_r") '
    'and ("first_r" = "last_l" or "first_r" = "last_a_l")))'
)
NEARLY_SWAPPED = (
    '(left("first_l", 1) = left("last_r", 1) and left("last_l", 1) = left("first_r", 1) '
    'and jaro_winkler_similarity("first_l", "last_r") >= 0.9 '
    'and jaro_winkler_similarity("last_l", "first_r") >= 0.9)'
)
# One name stands in the other's place, and the other name is another.
CROSSED = (
    '("names_l" <> "names_r" and "first_l" <> "first_r" '
    'and ("first_l" = "last_r" or "last_l" = "first_r"))'
)
EXCHANGED = f"({SWAPPED} or {NEARLY_SWAPPED} or {CROSSED})"
INITIAL = (
    '(length("first_l") = 1 or length("first_r") = 1) and left("first_l", 1) = left("first_r", 1)'
)
SHORT_FORM = '(starts_with("first_l", "first_r") or starts_with("first_r", "first_l"))'
# Of one who is called as the other is named; `slips.quick` has it in SQL that is quick.
CALLED = 'is_called("first_l", "first_r")'
PART_IN_COMMON = (
    '("last_a_l" = "last_a_r" or "last_a_l" = "last_b_r" or "last_b_l" = "last_a_r" '
    'or "last_b_l" = "last_b_r")'
)
DAY_AND_MONTH = '("birth_l"[1:5] = "birth_r"[1:5] and "birth_l"[6:7] = "birth_r"[9:10] and "birth_l"[9:10] = "birth_r"[6:7])'
TWO_PARTS = (
    '((("birth_l"[1:4] = "birth_r"[1:4])::int + ("birth_l"[6:7] = "birth_r"[6:7])::int '
    '+ ("birth_l"[9:10] = "birth_r"[9:10])::int) = 2)'
)

OTHER_AREA = '"postcode_l"[1:4] <> "postcode_r"[1:4]'
OTHER_TOWN = 'jaro_winkler_similarity("town_l", "town_r") < 0.9'
ELSEWHERE = (
    f"(({OTHER_AREA} and ({OTHER_TOWN} or {_empty('town')})) "
    f"or ({OTHER_TOWN} and ({_empty('postcode')})))"
)
# Whose place is another has another street, too, as a rule; `match_model` says it once only.
MOVED = f'({ELSEWHERE} and jaro_winkler_similarity("street_l", "street_r") < 0.9)'
UNPLACED = f"({_empty('postcode')}) and ({_empty('town')})"

FIELDS: tuple[Field, ...] = (
    Field(
        "first_name",
        ("first",),
        _empty("first"),
        (
            Level("same", _same("first"), 0.75, 0.005, "first"),
            Level("swapped", f"{SWAPPED} or {NEARLY_SWAPPED}", 0.01, 0.00001),
            Level("crossed", CROSSED, 0.001, 0.0002),
            Level("called", CALLED, 0.03, 0.002),
            Level("initial", INITIAL, 0.05, 0.0033),
            Level(
                "near",
                f"{_alike('first', 0.9)} or {SHORT_FORM} or {_near('first', 1, 4)}",
                0.1,
                0.005,
            ),
            Level("alike", f"{_alike('first', 0.75)} or {_near('first', 1, 3)}", 0.03, 0.02),
        ),
    ),
    Field(
        "last_name",
        ("last",),
        f"""{_empty("last")} or ({EXCHANGED} and "last_l" <> "last_r")""",
        (
            Level("same", _same("last"), 0.8, 0.002, "last"),
            Level("slip", f'{_near("last", 1, 4)} and "sound_l" <> "sound_r"', 0.03, 0.0005),
            Level("near", _near("last", 1, 4), 0.03, 0.0005),
            Level("part", PART_IN_COMMON, 0.05, 0.001),
            Level("heard", f"{_same('sound')} or {_alike('last', 0.92)}", 0.02, 0.003),
            Level("alike", _alike("last", 0.8), 0.02, 0.01),
        ),
    ),
    Field(
        "birth_date",
        ("birth",),
        _empty("birth"),
        (
            Level("same", _same("birth"), 0.9, 0.0001, "birth"),
            Level("slip", f"{_near('birth', 1, 10)} or {DAY_AND_MONTH}", 0.05, 0.002),
            Level("two_figures", _near("birth", 2, 10), 0.01, 0.004),
            Level("two_parts", TWO_PARTS, 0.03, 0.004),
            Level("year", '"birth_l"[1:4] = "birth_r"[1:4]', 0.005, 0.015),
        ),
        most_other=0.4,
    ),
    Field(
        "address",
        ("street",),
        _empty("street") + ' or ("number_l" is null) <> ("number_r" is null)',
        (
            Level(
                "same",
                f'{_same("street")} and "number_l" is not distinct from "number_r"',
                0.7,
                0.00002,
            ),
            Level(
                "near",
                f'"number_l" is not distinct from "number_r" and {_alike("street", 0.9)}',
                0.05,
                0.00002,
            ),
            Level("street", f"{_same('street')} or {_alike('street', 0.9)}", 0.04, 0.0005),
            Level("moved", MOVED, 0.1, 0.95),
            Level("number", _same("number"), 0.02, 0.001),
            Level("unplaced", UNPLACED, 0.02, 0.02),
        ),
        most_other=0.7,
    ),
    Field(
        "place",
        ("postcode", "town"),
        UNPLACED,
        (
            Level("same", _same("postcode"), 0.75, 0.0002, "postcode"),
            Level(
                "near",
                f'({_same("town")} or "town_l" is null or "town_r" is null) and {_near("postcode", 1, 5)}',
                0.05,
                0.0005,
            ),
            Level("town", _same("town"), 0.05, 0.02, "town"),
            Level(
                "area",
                f'"postcode_l"[1:4] = "postcode_r"[1:4] or {_alike("town", 0.9)}',
                0.02,
                0.01,
            ),
        ),
        most_other=0.7,
    ),
    Field(
        "phone",
        ("phone",),
        _empty("phone"),
        (
            Level("same", _same("phone"), 0.5, 0.00001),
            Level("near", _near("phone", 1, 9), 0.05, 0.00002),
        ),
        most_other=0.98,
    ),
    Field(
        "email",
        ("email", "mailbox"),
        '("email_l" is null or "email_r" is null) and ("mailbox_l" is null or "mailbox_r" is null)',
        (
            Level("same", _same("email"), 0.3, 0.00001, "email"),
            Level("near", _near("email", 2, 9), 0.1, 0.00001),
            Level("mailbox", _same("mailbox"), 0.15, 0.00005, "mailbox"),
            Level("alike", _alike("email", 0.92), 0.05, 0.0005),
        ),
        most_other=0.95,
    ),
)
