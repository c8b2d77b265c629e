"""Which customer a single record is, within a millisecond: by the rules and the model of a run.

First by what it states: an identifier ties it as it would in a run. Then by name, address and
birth date: the profiles that share a key with it are weighed, those with the rarest keys first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from heapq import nlargest
from math import log2
from typing import Any

import numpy as np

from klantreis.identity.agreeing import Agreement, Beside, Weighing, frequency
from klantreis.identity.clustering import Described
from klantreis.identity.comparing import FIELDS
from klantreis.identity.judging import DOUBT_FROM, MATCH_FROM, weight_of
from klantreis.identity.lookup_accounts import Accounts
from klantreis.identity.lookup_forms import Forms, Profile, SoughtRecord
from klantreis.identity.lookup_rows import BESIDE, LookupRows, fingerprint
from klantreis.identity.lookup_ties import Given, StatedIdentifier, Tying
from klantreis.identity.matches import sureness
from klantreis.identity.profiles import COMPARED, KEYS
from klantreis.identity.rules import RULES, IdentifierRule
from klantreis.identity.town_spellings import town_spelling

__all__ = ["FoundCustomer", "Lookup", "Other"]

SHARING_AT_MOST = 400  # profiles that share a key with the record and are counted
WEIGHED_AT_MOST = 24  # profiles that are weighed
LEAST_SHARED = 0.4  # of what the best shares, in rareness of keys; who shares less is not weighed
OTHERS_TOLD = 3
TOWNS_REMEMBERED = 20_000  # of which the spelling was looked up
COMPARED_THOUGH = ("", "conflict", "unique")  # blocked or not, said of someone
FIRST, LAST, BIRTH = (COMPARED.index(name) for name in ("first", "last", "birth"))


@dataclass(frozen=True)
class Other:
    """Another customer that the record may be.

    Attributes:
        stopped_by: `conflict` when the two contradict each other.
    """

    customer_id: int
    probability: float | None
    stopped_by: str = ""


@dataclass(frozen=True)
class FoundCustomer:
    """The customer that a record is, and why.

    Attributes:
        customer_id: the number that is in use; none when nobody was found.
        band: `match`, `doubtful` or `none`.
        rule: the surest kind of identifier that ties it, or `matched` by name and address.
        probability: by the model, that it is this customer; empty when an identifier ties: that
            is a rule, no estimate.
        match_weight: log2 of the odds of the record and the most similar profile of the customer.
        person_id: the record with that profile.
        prior: log2 odds that any two records are one human being.
        fields: what each field says.
        identifiers: what came of each identifier.
        others: other customers that it may be, the likeliest first.
        weighed: profiles that were weighed.
    """

    customer_id: int | None = None
    band: str = "none"
    rule: str = ""
    probability: float | None = None
    match_weight: float | None = None
    person_id: str = ""
    prior: float | None = None
    fields: tuple[Agreement, ...] = ()
    identifiers: tuple[StatedIdentifier, ...] = ()
    others: tuple[Other, ...] = ()
    weighed: int = 0


@dataclass(frozen=True)
class _Weighed:
    """A profile beside the record."""

    customer_id: int
    weight: float
    told: Profile
    person_id: str


class Lookup:
    """Answers for one publication; threads may share it.

    Args:
        rows: as `lookup_rows` laid them ready.
        country: ISO code; national telephone numbers of records without a country are meant so.
        rules: what each kind of identifier may do.
    """

    def __init__(
        self, rows: LookupRows, *, country: str, rules: Mapping[str, IdentifierRule] = RULES
    ) -> None:
        self._rows, self._forms = rows, Forms()
        self._tying = Tying(rows, self._forms, country, rules)
        self._country = country
        self._domains = frozenset(rows.facts["domains"])
        self._homes = frozenset(rows.facts["homes"])
        self._town = lru_cache(TOWNS_REMEMBERED)(self._spelled)
        for home in self._homes:
            self._town("", home)  # the first one of a country reads its towns
        self._weighing = Weighing(rows.facts["model"], self._frequency)
        self._sure = sureness(rows.facts["model"])
        self._terms = {level.term: level for f in FIELDS for level in f.levels if level.term}

    def find(self, sought: SoughtRecord) -> FoundCustomer:
        """The customer that a record is."""
        said = sought.said()
        given = self._tying.given(said)
        accounts = Accounts.stated(self._rows, given, said)
        identifiers = self._tying.judged(given, said, accounts.contradict)
        told = self._told(said, given)
        is_told = bool(told["is_telling"])
        profile = tuple(told[name] for name in COMPARED)
        if any(one.verdict == "ties" for one in identifiers):
            return self._by_identifier(identifiers, profile if is_told else None)
        if is_told:
            return self._by_comparison(identifiers, profile, self._sharing(told), accounts)
        return FoundCustomer(identifiers=identifiers)

    def described(self, sought: SoughtRecord) -> Mapping[str, Any]:
        """What is compared of a record, in the form of a run."""
        said = sought.said()
        return self._told(said, self._tying.given(said))

    def _by_identifier(
        self, identifiers: tuple[StatedIdentifier, ...], profile: Profile | None
    ) -> FoundCustomer:
        """The customer of the surest identifier, with what the model says of it beside."""
        first, *rest = [one for one in identifiers if one.verdict == "ties"]
        others = dict.fromkeys(one.customer_id for one in rest)
        found = FoundCustomer(
            first.customer_id,
            "match",
            first.kind,
            identifiers=identifiers,
            others=tuple(
                Other(number, None) for number in others if number not in (None, first.customer_id)
            ),
        )
        if profile is None or first.customer_id is None:
            return found
        beside = self._weighing.beside(profile)
        places = self._places(first.customer_id)[:WEIGHED_AT_MOST]
        weighed = self._weighed(beside, places)
        if not weighed:
            return found
        return self._explained(found, beside, max(weighed, key=_weight), len(weighed))

    def _by_comparison(
        self,
        identifiers: tuple[StatedIdentifier, ...],
        profile: Profile,
        places: Sequence[int],
        accounts: Accounts,
    ) -> FoundCustomer:
        """The likeliest customer; who contradicts the record is not it, whatever the weight.

        A record is one customer at most: who is as likely takes from the others.
        """
        beside = self._weighing.beside(profile)
        weighed = self._weighed(beside, places)
        best: dict[int, _Weighed] = {}
        for one in sorted(weighed, key=_weight, reverse=True):
            if one.weight >= weight_of(DOUBT_FROM):
                best.setdefault(one.customer_id, one)
        odds = {
            number: 2.0**one.weight
            for number, one in best.items()
            if not (accounts.contradict(number) or self._contradicts(profile, number))
        }
        everything = 1 + sum(odds.values())
        likely = [
            Other(number, odds[number] / everything)
            if number in odds
            else Other(number, None, "conflict")
            for number in best
        ]
        first = next((one for one in likely if one.probability), None)
        found = FoundCustomer(
            identifiers=identifiers,
            others=tuple(one for one in likely if one is not first)[:OTHERS_TOLD],
            weighed=len(weighed),
        )
        if first is None or (first.probability or 0) < DOUBT_FROM:
            return replace(found, others=tuple(likely[:OTHERS_TOLD]))
        found = replace(
            found,
            customer_id=first.customer_id,
            band="match" if (first.probability or 0) >= MATCH_FROM else "doubtful",
            rule="matched",
            probability=first.probability,
        )
        return self._explained(found, beside, best[first.customer_id], len(weighed))

    def _explained(
        self, found: FoundCustomer, beside: Beside, best: _Weighed, weighed: int
    ) -> FoundCustomer:
        return replace(
            found,
            match_weight=best.weight,
            person_id=best.person_id,
            prior=self._weighing.prior,
            fields=beside.told(best.told),
            weighed=weighed,
        )

    def _told(self, said: Mapping[str, Any], given: Sequence[Given]) -> dict[str, Any]:
        """What the record says in the form in which it is compared, and its keys."""
        fit = {one.kind: one.value for one in given if one.reason in COMPARED_THOUGH}
        address = fit.get("email")
        domain = address.rpartition("@")[2] if address else None
        contacts = {
            "phone": fit.get("phone"),
            "address": address,
            "is_usual_domain": domain in self._domains,
        }
        town = self._town(said["city"], said["country"] or self._country) if said["city"] else None
        return self._forms.told({**said, **contacts, "city": town})

    def _spelled(self, city: str, home: str) -> str:
        return town_spelling(city, home, is_known=home in self._homes)

    def _sharing(self, told: Mapping[str, Any]) -> list[int]:
        """The profiles worth weighing: those that share the rarest keys, and most of them."""
        prints = np.array(
            [fingerprint(key, told[f"key_{key}"]) for key in KEYS if told[f"key_{key}"]],
            np.uint64,
        )
        keys, sharing = self._rows.arrays["keys"], self._rows.arrays["key_profiles"]
        starts = keys.searchsorted(prints, "left").tolist()
        ends = keys.searchsorted(prints, "right").tolist()
        blocks = sorted((end - start, start) for start, end in zip(starts, ends, strict=True))
        everything = log2(len(self._rows.arrays["profiles_customers"]) + 1)
        scores: dict[int, float] = defaultdict(float)
        counted = 0
        for size, start in blocks:
            if not size:
                continue
            counted += size
            if counted > SHARING_AT_MOST and scores:
                break
            rare = everything - log2(size)
            for place in sharing[start : start + size].tolist():
                scores[place] += rare
        ranked = nlargest(WEIGHED_AT_MOST, scores, key=scores.__getitem__)
        least = max(scores.values(), default=0.0) * LEAST_SHARED
        return [place for place in ranked if scores[place] >= least]

    def _places(self, customer_id: int) -> range:
        """Where the profiles of a customer are."""
        return range(*self._rows.span("profiles_customers", customer_id))

    def _profile(self, place: int) -> tuple[Profile, str]:
        *told, person_id = self._rows.text("profiles", place).split(BESIDE, len(COMPARED))
        return tuple([value or None for value in told]), person_id

    def _weighed(self, beside: Beside, places: Iterable[int]) -> list[_Weighed]:
        customers = self._rows.arrays["profiles_customers"]
        found = []
        for place in places:
            told, person_id = self._profile(place)
            found.append(_Weighed(int(customers[place]), beside.weight(told), told, person_id))
        return found

    def _contradicts(self, profile: Profile, customer_id: int) -> bool:
        """Whether the record cannot be this customer, as where customers grow by matches."""
        known = [self._profile(place)[0] for place in self._places(customer_id)]
        return _described([profile]).contradicts(_described(known), sure=self._sure)

    def _frequency(self, column: str, value: str) -> float:
        start, end = self._rows.span("terms", fingerprint(column, value))
        count = int(self._rows.arrays["term_counts"][start]) if start < end else 0
        return frequency(count, self._rows.facts["totals"][column], self._terms[column])


def _described(profiles: Sequence[Profile]) -> Described:
    return Described(
        frozenset(first for one in profiles if (first := one[FIRST])),
        frozenset(birth for one in profiles if (birth := one[BIRTH])),
        lasts=frozenset(last for one in profiles if (last := one[LAST])),
    )


def _weight(one: _Weighed) -> float:
    return one.weight
