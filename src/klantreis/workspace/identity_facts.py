"""What is told of two records: what each states, what ties them and what stands between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein

from klantreis.identity.call_names import are_called_alike
from klantreis.identity.normalise import NOT_A_BIRTH_DATE, PLACEHOLDERS
from klantreis.state import IdentityDecision
from klantreis.tables import contract

__all__ = [
    "FIELDS",
    "WEIGHTS",
    "FieldPair",
    "MatchTold",
    "Obstacle",
    "RecordTold",
    "SharedValue",
    "Tie",
    "Why",
    "field_pairs",
    "match_told",
    "record_told",
]

FIELDS = (
    "first_name", "last_name", "gender", "birth_on", "email", "phone", "address",
    "postcode", "city", "country",
)  # fmt: skip
WEIGHTS = tuple(
    name.removeprefix("weight_")
    for name in contract("matches").schema.names
    if name.startswith("weight_")
)


@dataclass(frozen=True)
class RecordTold:
    """A record as its source wrote it.

    Attributes:
        customer_id: whose it is; none for a record that is nobody.
        values: what it says: names of `FIELDS` with what is filled in there.
        created_at: when the source made it (UTC).
    """

    person_id: str
    source: str
    customer_id: int | None
    values: tuple[tuple[str, str], ...]
    created_at: datetime | None


@dataclass(frozen=True)
class FieldPair:
    """What two records say in one field.

    Attributes:
        field: as in `FIELDS`.
        agreement: `same`; `alike`: an initial, a short form, a call name or a slip of the pen apart; `differs`;
            or `lacking` where one of them says nothing, or no more than `unknown`.
    """

    field: str
    left: str
    right: str
    agreement: str


@dataclass(frozen=True)
class SharedValue:
    """A value that both records state.

    Attributes:
        kind, value: of the identifier, normalised.
        ties: whether it ties the two.
        reason: why it does not: that of `blocked_identifiers`, `doubtful` when a nameless record
            states several that lead to different people, `nobody` when a record is not someone.
        persons: how many records state it in all; none when it is not blocked.
    """

    kind: str
    value: str
    ties: bool
    reason: str = ""
    persons: int | None = None


@dataclass(frozen=True)
class Tie:
    """One link of the chain between two records.

    Attributes:
        way: `decision`, `identifier`, `namesakes` (a value in conflict and the same name) or `match`.
        kind, value: of the identifier; empty for the other ways.
        probability: of a match.
        by: who decided; empty when that was taken back since.
    """

    left_person_id: str
    right_person_id: str
    way: str
    kind: str = ""
    value: str = ""
    probability: float | None = None
    by: str = ""


@dataclass(frozen=True)
class Obstacle:
    """Why two records are not one customer.

    Attributes:
        reason: `decision`, a reason of `SharedValue`, `conflict_of_match`, `two_values` (of a kind
            of which a customer has one), `weak_link`, `doubtful_match`, `waits` (decided after the
            last run) or `nothing_shared`.
        kind, value: of the identifier that it is about.
        persons: how many records state that.
    """

    reason: str
    kind: str = ""
    value: str = ""
    persons: int | None = None


@dataclass(frozen=True)
class MatchTold:
    """How likely two records are one human being, by name, address and birth date.

    Attributes:
        match_weight: bits; the sum of `weights`.
        weights: bits by field, `prior` first; a field that one of them lacks says nothing.
        stopped_by: why a match does not tie; empty when it does, or is doubtful.
    """

    match_weight: float
    probability: float
    band: str
    is_used: bool
    stopped_by: str
    weights: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Why:
    """Why two records are one customer, or why not.

    Attributes:
        left, right: the records that were compared.
        left_asked, right_asked: what was asked for.
        is_one: whether they are one customer now.
        chain: how they hang together; empty when they are not one.
        shared: what both state.
        obstacles: why they are not one; empty when they are.
        fields: what they say, side by side.
        match: by name and address; none when the two were never compared.
        decisions: what was ever decided of the two, newest first.
        records: how many records of the customers were looked at.
    """

    left_asked: str
    right_asked: str
    left: RecordTold
    right: RecordTold
    is_one: bool
    chain: tuple[Tie, ...]
    shared: tuple[SharedValue, ...]
    obstacles: tuple[Obstacle, ...]
    fields: tuple[FieldPair, ...]
    match: MatchTold | None
    decisions: tuple[IdentityDecision, ...]
    records: int


CODES = ("gender", "country")  # of one or two signs: another one is another thing
NOTHING_SAID = frozenset((*PLACEHOLDERS, *NOT_A_BIRTH_DATE))
LONG_ENOUGH_FOR_TWO = 7  # signs, of which two may differ in a slip of the pen


def record_told(row: Mapping[str, Any], customer_id: int | None) -> RecordTold:
    """A row of `persons` as it is shown."""
    # Some systems keep `van der` apart, others do not.
    joined = {"last_name": ("prefix", "last_name"), "address": ("street", "house_number")}
    parts = {name: [row[one] for one in held if row[one]] for name, held in joined.items()}
    values = {**row, **{name: " ".join(held) for name, held in parts.items()}}
    return RecordTold(
        row["person_id"],
        row["source"],
        customer_id,
        tuple((name, _written(values[name])) for name in FIELDS if values[name]),
        row["created_at"],
    )


def field_pairs(left: RecordTold, right: RecordTold) -> tuple[FieldPair, ...]:
    """The fields that at least one of two records fills in."""
    one, two = dict(left.values), dict(right.values)
    named = [name for name in FIELDS if name in one or name in two]
    return tuple(_pair(name, one.get(name, ""), two.get(name, "")) for name in named)


def match_told(row: Mapping[str, Any]) -> MatchTold:
    """A row of `matches` as it is shown."""
    weights = ((name, row[f"weight_{name}"]) for name in WEIGHTS)
    return MatchTold(
        row["match_weight"],
        row["probability"],
        row["band"],
        row["is_used"],
        row["stopped_by"] or "",
        tuple((name, float(weight)) for name, weight in weights if weight is not None),
    )


def _pair(name: str, left: str, right: str) -> FieldPair:
    if any(text.strip().casefold() in NOTHING_SAID for text in (left, right)):
        return FieldPair(name, left, right, "lacking")
    one, other = _comparable(name, left), _comparable(name, right)
    if one == other:
        return FieldPair(name, left, right, "same")
    return FieldPair(name, left, right, "alike" if _alike(name, one, other) else "differs")


def _alike(name: str, one: str, other: str) -> bool:
    if name in CODES:
        return False
    is_short_form = one.startswith(other) or other.startswith(one)
    if name == "first_name" and (is_short_form or are_called_alike(one, other)):
        return True
    # Some systems keep `van der` apart, others do not.
    if name == "last_name" and (one.endswith(other) or other.endswith(one)):
        return True
    slips = DamerauLevenshtein.distance(one, other)
    return slips <= (2 if len(one) >= LONG_ENOUGH_FOR_TWO else 1)


def _comparable(name: str, text: str) -> str:
    signs = "".join(sign for sign in text.casefold() if sign.isalnum())
    # `06-12345678` and `+31612345678` end alike.
    return signs[-9:] if name == "phone" else signs


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
