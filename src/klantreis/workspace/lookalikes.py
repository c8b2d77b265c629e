"""Lookalikes: the customers nearest to a group, why, and how far that may be trusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from klantreis.errors import InputError, NotFoundError, message
from klantreis.segments import (
    FARTHEST,
    HELD_OUT,
    TRAITS,
    Interval,
    Likeness,
    Trait,
    area_under,
    needed_for_likeness,
    trait_values,
    wilson,
)
from klantreis.workspace.audiences import Audiences
from klantreis.workspace.reading import Reading
from klantreis.workspace.segment_overlaps import AUDIENCE

__all__ = ["Found", "Lookalike", "Lookalikes", "TraitCompared"]

MOST_MEMBERS, MOST_OTHERS = 20_000, 40_000
KNOWN_OF = 0.2  # a trait that is known of a smaller part of the customers tells too little
TOP = 0.1
BEYOND = 0.1
LISTED = 25
REASONS = 3
# A fixed order that has nothing to do with what a customer does (Lehmer's generator).
SHUFFLE, SHUFFLE_BY = 48_271, 2_147_483_647
Row = Mapping[str, Any]


@dataclass(frozen=True)
class TraitCompared:
    """A trait of the group, of the other customers, and of the lookalikes, as means.

    Attributes:
        trait: code.
        measure: how it is written.
        members, others, alike: means of who it is known of; empty where of nobody.
        apart: difference between group and others in standard deviations of all, as it was compared.
        weight: what one standard deviation adds to the likeness, in log odds.
    """

    trait: str
    measure: str
    members: float | None
    others: float | None
    alike: float | None
    apart: float
    weight: float


@dataclass(frozen=True)
class Found:
    """One lookalike; `because` are the traits that made it most alike."""

    customer_id: int
    name: str
    city: str
    because: tuple[str, ...]


@dataclass(frozen=True)
class Lookalike:
    """What was learned of a group.

    Attributes:
        group: code, as `rfm.loyal` or `audience.Regulars`.
        members: known customers in the group.
        others: other known customers.
        needed: how many of each the model asks for.
        tested: members that were kept apart to test it on; 0 when nothing was learned.
        area, area_low, area_high: how often such a member scored higher than somebody else.
        found: part of those members that were among the tenth that scores highest, by the scores
            of the others.
        traits: what they differ in, the most telling first.
    """

    group: str
    members: int
    others: int
    needed: int
    tested: int = 0
    area: float | None = None
    area_low: float | None = None
    area_high: float | None = None
    found: Interval | None = None
    traits: tuple[TraitCompared, ...] = ()

    @property
    def lacking(self) -> int:
        """How many more customers are needed before anything can be learned."""
        return max(0, self.needed - min(self.members, self.others))

    @property
    def is_better_than_chance(self) -> bool:
        """Whether the likeness stood its test."""
        return self.area_low is not None and self.area_low > 0.5


@dataclass(frozen=True)
class _Scale:
    """A trait that is in use, with its mean and deviation as it is compared.

    Attributes:
        low, high: in standard deviations; what lies farther counts as this far.
    """

    trait: Trait
    mean: float
    deviation: float
    low: float = -FARTHEST
    high: float = FARTHEST


@dataclass(frozen=True)
class _Learned:
    """What was found of a group, and what it takes to score customers."""

    told: Lookalike
    scales: tuple[_Scale, ...]
    model: Likeness


class Lookalikes:
    """Customers who resemble a group without being in it: `workspace.lookalikes`.

    Only known customers are looked at, for others cannot be reached. Learned from at most 20,000
    members and 40,000 others; three in ten of them are kept apart to test it on.

    Args:
        reading: the published tables.
        audiences: saved ones are looked up by name.
    """

    def __init__(self, reading: Reading, audiences: Audiences) -> None:
        self._reading, self._audiences = reading, audiences

    def of(self, group: str, *, size: int = 500) -> Lookalike:
        """What was learned of a group, with the traits of its so many nearest customers.

        Args:
            group: `<segmentation>.<segment>`, or `audience.<name>` of a saved audience.
            size: how many lookalikes the means are of.

        Raises:
            NotFoundError: there is no such group.
        """
        learned = self._learned(group)
        if not learned.told.traits:
            return learned.told
        nearest = self._nearest(group, learned, size)
        means = nearest.aggregate(**{one.trait.name: nearest[one.trait.name].mean()
                                     for one in learned.scales})  # fmt: skip
        (row,) = self._reading.rows(means)
        traits = tuple(
            TraitCompared(
                one.trait, one.measure, one.members, one.others, row[one.trait], one.apart,
                one.weight,
            )
            for one in learned.told.traits
        )  # fmt: skip
        return Lookalike(**{**vars(learned.told), "traits": traits})

    def listed(self, group: str, *, size: int = 500) -> tuple[Found, ...]:
        """The nearest customers with why, at most 25 of them; nobody when none is to be trusted.

        Raises:
            NotFoundError: there is no such group.
        """
        learned = self._learned(group)
        if not learned.told.is_better_than_chance:
            return ()
        nearest = self._nearest(group, learned, min(size, LISTED))
        people = self._reading.table("portraits").select("customer_id", "name", "city")
        rows = self._reading.rows(
            nearest.join(people, "customer_id").order_by(ibis.desc("score"), "customer_id")
        )
        return tuple(
            Found(row["customer_id"], row["name"] or "", row["city"] or "", _because(row, learned))
            for row in rows
        )

    def members(self, group: str, *, size: int = 500) -> ir.Table:
        """The nearest customers, for use as an audience: a table with `customer_id`.

        Raises:
            NotFoundError: there is no such group.
            InputError: there are too few customers to learn from, or it is no better than chance.
        """
        learned = self._learned(group)
        if learned.told.lacking:
            raise InputError(
                message(
                    "Too few customers to tell who resembles them",
                    where=group,
                    got=f"{learned.told.members} in the group, {learned.told.others} others",
                    allowed=f"at least {learned.told.needed} of each",
                )
            )
        if not learned.told.is_better_than_chance:
            raise InputError(
                message(
                    "Nothing that we know tells this group from the other customers",
                    where=group,
                    got=f"an area of {learned.told.area:.2f} on members that were kept apart",
                    allowed="an interval above 0.5",
                )
            )
        return self._nearest(group, learned, size).select("customer_id")

    # Learning

    def _learned(self, group: str) -> _Learned:
        in_group = self._group(group)
        question = ("lookalikes", group, self._rule(group), self._audiences.consents.refused())
        return self._reading.remembered(question, lambda: self._learn(group, in_group))

    def _learn(self, group: str, in_group: ir.Table) -> _Learned:
        people = self._people(in_group)
        stats = people.aggregate(
            members=people.count(where=people["is_member"]),
            others=people.count(where=~people["is_member"]),
            **{f"{t.name}_known": _compared(people, t).count() for t in TRAITS},
            **{f"{t.name}_mean": _compared(people, t).mean() for t in TRAITS},
            **{f"{t.name}_deviation": _compared(people, t).std() for t in TRAITS},
        )
        (row,) = self._reading.rows(stats)
        scales = tuple(_scales(row))
        needed = needed_for_likeness(len(scales))
        told = Lookalike(group, row["members"], row["others"], needed)
        if told.lacking or not scales:
            return _Learned(told, (), Likeness())
        return self._tested(told, scales, people)

    def _tested(self, told: Lookalike, scales: tuple[_Scale, ...], people: ir.Table) -> _Learned:
        members, others = (
            self._standardised(self._sample(people.filter(which), most), scales)
            for which, most in (
                (people["is_member"], MOST_MEMBERS),
                (~people["is_member"], MOST_OTHERS),
            )
        )
        (seen, kept), (seen_others, kept_others) = _split(members), _split(others)
        is_member = np.arange(len(seen) + len(seen_others)) < len(seen)
        model = Likeness().fit(np.vstack([seen, seen_others]), is_member)
        scales = tuple(_within(seen, scales, model))
        lows, highs = [one.low for one in scales], [one.high for one in scales]
        theirs, rest = (model.score(np.clip(rows, lows, highs)) for rows in (kept, kept_others))
        area = area_under(theirs, rest)
        above = int((theirs > np.quantile(rest, 1 - TOP)).sum())
        traits = self._compared(scales, model, people)
        done = {
            "tested": len(kept),
            "area": area.value,
            "area_low": area.low,
            "area_high": area.high,
            "found": wilson(above, len(kept)),
            "traits": traits,
        }
        return _Learned(Lookalike(**{**vars(told), **done}), scales, model)

    def _compared(
        self, scales: Sequence[_Scale], model: Likeness, people: ir.Table
    ) -> tuple[TraitCompared, ...]:
        sides = {"members": people["is_member"], "others": ~people["is_member"]}
        means = {
            f"{name}_{side}": people[name].mean(where=which)
            for side, which in sides.items()
            for name in (one.trait.name for one in scales)
        }
        levels = {
            f"{one.trait.name}_{side}_level": _compared(people, one.trait).mean(where=which)
            for side, which in sides.items()
            for one in scales
        }
        (row,) = self._reading.rows(people.aggregate(**means, **levels))
        found = [
            TraitCompared(
                trait=(name := one.trait.name),
                measure=one.trait.measure,
                members=row[f"{name}_members"],
                others=row[f"{name}_others"],
                alike=None,
                apart=_apart(row[f"{name}_members_level"], row[f"{name}_others_level"], one),
                weight=float(weight),
            )
            for one, weight in zip(scales, model.coefficients_, strict=True)
        ]
        return tuple(sorted(found, key=lambda one: -abs(one.apart)))

    # Customers

    def _people(self, in_group: ir.Table) -> ir.Table:
        """Known customers with their traits and whether they are in the group."""
        published = self._reading.published
        assert published is not None
        portraits = self._reading.table("portraits")
        values = trait_values(portraits.filter(portraits["is_known"]), published.as_of)
        marked = in_group.select("customer_id").distinct().mutate(marked=ibis.literal(True))
        joined = values.left_join(marked, "customer_id").drop("customer_id_right")
        return joined.mutate(is_member=joined["marked"].fill_null(False)).drop("marked")

    def _nearest(self, group: str, learned: _Learned, size: int) -> ir.Table:
        people = self._people(self._group(group))
        rest = people.filter(~people["is_member"])
        score = learned.model.score_of({one.trait.name: _scaled(rest, one)
                                        for one in learned.scales})  # fmt: skip
        scored = rest.mutate(score=score)
        return scored.order_by(scored["score"].desc(), "customer_id").limit(size)

    def _sample(self, people: ir.Table, most: int) -> ir.Table:
        mixed = people.mutate(place=(people["customer_id"] * SHUFFLE) % SHUFFLE_BY)
        return mixed.order_by("place", "customer_id").limit(most)

    def _standardised(self, people: ir.Table, scales: Sequence[_Scale]) -> np.ndarray[Any, Any]:
        shaped = people.select(
            "place", "customer_id", **{f"z_{one.trait.name}": _scaled(people, one)
                                       for one in scales}
        ).order_by("place", "customer_id")  # fmt: skip
        rows = self._reading.fetch(shaped.drop("place", "customer_id"))
        return np.column_stack([column.to_numpy() for column in rows.columns])

    def _group(self, group: str) -> ir.Table:
        division, _, name = group.partition(".")
        if division == AUDIENCE:
            return self._audiences.members(self._audiences.one(name).rule)
        members = self._reading.table("memberships")
        own = members.filter((members["segmentation"] == division) & (members["segment"] == name))
        if not self._reading.fetch(own.limit(1)).num_rows:
            allowed = "<segmentation>.<segment> of memberships, or audience.<name>"
            raise NotFoundError(message("No such group", got=repr(group), allowed=allowed))
        return own.select("customer_id")

    def _rule(self, group: str) -> str:
        division, _, name = group.partition(".")
        return self._audiences.one(name).rule if division == AUDIENCE else ""


def _compared(people: ir.Table, trait: Trait) -> ir.FloatingValue:
    """A trait as it is compared: the logarithm of 1 more where it is skewed."""
    value: ir.FloatingValue = people[trait.name]
    return (ibis.ifelse(value > 0, value, 0.0) + 1).ln() if trait.is_skewed else value


def _scaled(people: ir.Table, scale: _Scale) -> ir.FloatingValue:
    """In standard deviations from the mean; who it is not known of counts as the mean."""
    value = (_compared(people, scale.trait) - scale.mean) / scale.deviation
    kept: ir.FloatingValue = value.fill_null(0.0).clip(scale.low, scale.high)
    return kept


def _scales(row: Row) -> Iterator[_Scale]:
    customers = row["members"] + row["others"]
    for trait in TRAITS:
        deviation = row[f"{trait.name}_deviation"]
        if row[f"{trait.name}_known"] >= KNOWN_OF * customers and deviation and deviation > 1e-9:
            yield _Scale(trait, row[f"{trait.name}_mean"], deviation)


def _within(
    seen: np.ndarray[Any, Any], scales: Sequence[_Scale], model: Likeness
) -> Iterator[_Scale]:
    """Who goes farther than nine in ten of the members is no more alike for it."""
    low, high = np.quantile(seen, BEYOND, axis=0), np.quantile(seen, 1 - BEYOND, axis=0)
    for place, (scale, weight) in enumerate(zip(scales, model.coefficients_, strict=True)):
        if weight > 0:
            yield replace(scale, high=float(high[place]))
        else:
            yield replace(scale, low=float(low[place]))


def _apart(members: float | None, others: float | None, scale: _Scale) -> float:
    if members is None or others is None:
        return 0.0
    return (members - others) / scale.deviation


def _split(rows: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """What is learned from, and what is kept apart; the rows stand in no order of theirs."""
    kept = max(1, round(len(rows) * HELD_OUT))
    return rows[kept:], rows[:kept]


def _because(row: Row, learned: _Learned) -> tuple[str, ...]:
    """The traits that added most to this customer's likeness."""
    added = []
    for one, weight in zip(learned.scales, learned.model.coefficients_, strict=True):
        value = row[one.trait.name]
        if value is None:
            continue
        level = np.log1p(max(value, 0.0)) if one.trait.is_skewed else value
        far = float(np.clip((level - one.mean) / one.deviation, one.low, one.high))
        added.append((float(weight) * far, one.trait.name))
    return tuple(name for gain, name in sorted(added, reverse=True)[:REASONS] if gain > 0)
