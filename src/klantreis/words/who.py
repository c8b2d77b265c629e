"""Why two records are one customer or not, in words: for pages and commands alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from klantreis.words.translator import Translator

__all__ = [
    "bits",
    "decision_told",
    "found_told",
    "match_told",
    "obstacle_told",
    "other_told",
    "tie_told",
    "why_told",
]

MINUS = "\N{MINUS SIGN}"
ALMOST_SURE = 0.999


class TieLike(Protocol):
    """What ties two records."""

    @property
    def way(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def probability(self) -> float | None: ...
    @property
    def by(self) -> str: ...


class ObstacleLike(Protocol):
    """What stands between two records."""

    @property
    def reason(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def persons(self) -> int | None: ...


class MatchLike(Protocol):
    """How likely two records are one human being."""

    @property
    def probability(self) -> float: ...
    @property
    def match_weight(self) -> float: ...
    @property
    def weights(self) -> Sequence[tuple[str, float]]: ...


class RecordLike(Protocol):
    """A record of a source."""

    @property
    def person_id(self) -> str: ...
    @property
    def customer_id(self) -> int | None: ...


class DecisionLike(Protocol):
    """What somebody decided of two records."""

    @property
    def verdict(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def decided_at(self) -> datetime: ...
    @property
    def decided_by(self) -> str: ...
    @property
    def undone_at(self) -> datetime | None: ...


class FoundLike(Protocol):
    """The customer that a record is."""

    @property
    def customer_id(self) -> int | None: ...
    @property
    def band(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def probability(self) -> float | None: ...


class OtherLike(Protocol):
    """Another customer that a record may be."""

    @property
    def customer_id(self) -> int: ...
    @property
    def probability(self) -> float | None: ...
    @property
    def stopped_by(self) -> str: ...


class ChainTieLike(TieLike, Protocol):
    """A tie with the records that it is between."""

    @property
    def left_person_id(self) -> str: ...
    @property
    def right_person_id(self) -> str: ...


class WhyLike(Protocol):
    """All that is known of two records."""

    @property
    def left(self) -> RecordLike: ...
    @property
    def right(self) -> RecordLike: ...
    @property
    def is_one(self) -> bool: ...
    @property
    def chain(self) -> Sequence[ChainTieLike]: ...
    @property
    def obstacles(self) -> Sequence[ObstacleLike]: ...
    @property
    def match(self) -> MatchLike | None: ...
    @property
    def decisions(self) -> Sequence[DecisionLike]: ...


def why_told(words: Translator, why: WhyLike) -> Iterator[str]:
    """The answer with what it rests on, line by line."""
    pair = {"left": why.left.person_id, "right": why.right.person_id}
    if why.is_one:
        yield words.text(
            "%(left)s and %(right)s are one customer, number %(number)s:",
            **pair,
            number=why.left.customer_id,
        )
        for tie in why.chain:
            yield f"  {tie.left_person_id} – {tie.right_person_id}: {tie_told(words, tie)}"
    else:
        yield words.text("%(left)s and %(right)s are not one customer:", **pair)
        for obstacle in why.obstacles:
            yield f"  {obstacle_told(words, obstacle)}"
    if why.match:
        weights = (
            f"{words.code('match_field', name)} {bits(words, weight)}"
            for name, weight in why.match.weights
        )
        yield f"{match_told(words, why.match)}: {', '.join(weights)}"
    yield from (decision_told(words, decision) for decision in why.decisions)


def found_told(words: Translator, found: FoundLike) -> str:
    """Which customer a record is, by what, and how sure that is."""
    if found.customer_id is None:
        return words.text("Nobody whom we know")
    rule = words.code("rule", found.rule)
    by = f"{rule[:1].lower()}{rule[1:]}"
    if found.band == "match":
        told = words.text("Customer %(number)s, by %(rule)s", number=found.customer_id, rule=by)
    else:
        told = words.text(
            "Perhaps customer %(number)s, by %(rule)s", number=found.customer_id, rule=by
        )
    if found.probability is None:
        return told
    sure = words.text("%(probability)s likely", probability=_likely(words, found.probability))
    return f"{told}, {sure}"


def other_told(words: Translator, other: OtherLike) -> str:
    """Another customer that a record may be, or why it is none."""
    if other.stopped_by:
        return words.text(
            "Not customer %(number)s, though alike: they contradict each other",
            number=other.customer_id,
        )
    told = words.text("It may be customer %(number)s too", number=other.customer_id)
    if other.probability is None:
        return told
    sure = words.text("%(probability)s likely", probability=_likely(words, other.probability))
    return f"{told}, {sure}"


def decision_told(words: Translator, decision: DecisionLike) -> str:
    """What was decided, by whom, when and why."""
    told = (
        words.code("verdict", decision.verdict),
        decision.decided_by,
        words.day(decision.decided_at),
        decision.note,
        words.text("taken back") if decision.undone_at else "",
    )
    return " · ".join(part for part in told if part)


def bits(words: Translator, weight: float) -> str:
    """A weight with its sign: `+3.1`, `−2.0`."""
    return f"{'+' if weight >= 0 else MINUS}{words.number(abs(weight), 1)}"


def tie_told(words: Translator, tie: TieLike) -> str:
    """One link of the chain between two records."""
    what = _stated(words, tie.kind, tie.value)
    if tie.way == "decision" and not tie.by:
        return words.text("one of us decided that they are one human being")
    if tie.way == "decision":
        return words.text("%(name)s decided that they are one human being", name=tie.by)
    if tie.way == "match":
        return words.text(
            "what they tell of themselves agrees: %(probability)s likely to be one human being",
            probability=_likely(words, tie.probability or 0.0),
        )
    if tie.way == "namesakes":
        return words.text("both state %(what)s and bear the same name", what=what)
    return words.text("both state %(what)s", what=what)


def _likely(words: Translator, probability: float) -> str:
    """A probability that is never told as certain."""
    if probability > ALMOST_SURE:
        return f"> {words.percent(ALMOST_SURE, 1)}"
    return words.percent(probability, 1)


def obstacle_told(words: Translator, obstacle: ObstacleLike) -> str:
    """Why two records are not one customer."""
    what = _stated(words, obstacle.kind, obstacle.value)
    told = {
        "decision": words.text("Somebody decided that these are two people."),
        "waits": words.text(
            "Somebody decided that these are one human being; that shows from the next run on."
        ),
        "junk": words.text(
            "Both state %(what)s, but that is a placeholder: it points to nobody.", what=what
        ),
        "shared": words.text(
            "Both state %(what)s, but so do %(records)s: more than one customer can be.",
            what=what,
            records=words.units(obstacle.persons or 0, "persons"),
        ),
        "conflict": words.text(
            "Both state %(what)s, but so do people who contradict each other by name or birth "
            "date: it ties namesakes only, and these are none.",
            what=what,
        ),
        "unique": words.text(
            "Both state %(what)s, but together they would have two values of a kind of which a "
            "customer has one.",
            what=what,
        ),
        "doubtful": words.text(
            "Both state %(what)s, but a record without a name states several of the kind, which "
            "lead to different people.",
            what=what,
        ),
        "nobody": words.text(
            "Both state %(what)s, but one of them is nobody: a record without a name under an "
            "account that is junk or shared.",
            what=what,
        ),
        "conflict_of_match": words.text(
            "They look alike, but contradict each other in something of which a human being has "
            "only one."
        ),
        "two_values": words.text(
            "They look alike, but have two values of a kind of which a customer has one: %(what)s.",
            what=what,
        ),
        "weak_link": words.text(
            "They look alike, but this alone would bring two whole groups of records together: "
            "too weak for that."
        ),
        "doubtful_match": words.text("They look alike, but too little to be sure."),
        "nothing_shared": words.text(
            "They state no identifier that is the same, and name and address do not point to each "
            "other."
        ),
    }
    return told[obstacle.reason]


def match_told(words: Translator, match: MatchLike) -> str:
    """How likely two records are one human being, with the weight behind it."""
    return words.text(
        "%(probability)s likely to be one human being (%(weight)s bits)",
        probability=_likely(words, match.probability),
        weight=words.number(match.match_weight, 1),
    )


def _stated(words: Translator, kind: str, value: str) -> str:
    name = words.code("identifier", kind)
    return f"{name[:1].lower()}{name[1:]} {value}" if kind else ""
