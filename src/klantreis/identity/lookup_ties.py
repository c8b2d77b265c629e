"""Which customer the identifiers of a single record tie it to, by the rules of a run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from klantreis.identity.contradictions import OTHER
from klantreis.identity.lookup_forms import Forms
from klantreis.identity.lookup_rows import BESIDE, REASONS, LookupRows, fingerprint
from klantreis.identity.normalise import MOBILE_NUMBER
from klantreis.identity.rules import RULES, IdentifierRule, Reach, ranks

__all__ = ["Given", "StatedIdentifier", "Tying"]

PEOPLE_JUDGED = 20  # names under which a customer is known; of more the first are judged
OF_NOBODY_HERE = ("junk", "shared")


@dataclass(frozen=True)
class StatedIdentifier:
    """What came of one identifier of a record.

    Attributes:
        verdict: `ties`; `unknown`; `junk`, `shared` or `unique` (it ties nobody; also where whom it
            points to has another value of a kind of which a customer has one); `several` (it
            points to more customers); `conflict` (whom it points to contradicts the record);
            `doubtful` (too weak beside what else the record states).
        customer_id: to whom it points, when it is one customer.
    """

    kind: str
    verdict: str
    customer_id: int | None = None


@dataclass(frozen=True)
class Given:
    """One identifier, in its normal form.

    Attributes:
        reason: why it is blocked; empty when it is not.
    """

    kind: str
    value: str
    reason: str

    @property
    def reach(self) -> Reach:
        return RULES[self.kind].reach


class Tying:
    """Judges identifiers as a run does.

    Args:
        rows: as `lookup_rows` laid them ready.
        forms: of a record.
        country: ISO code; national telephone numbers of records without a country are meant so.
        rules: what each kind may do.
    """

    def __init__(
        self, rows: LookupRows, forms: Forms, country: str, rules: Mapping[str, IdentifierRule]
    ) -> None:
        self._rows, self._forms, self._country = rows, forms, country
        self._kinds = [kind for kind in ranks(rules) if rules[kind].may_tie]

    def given(self, said: Mapping[str, Any]) -> tuple[Given, ...]:
        """The identifiers of a record, the surest kind first."""
        country = said["country"] or self._country
        found = []
        for kind in self._kinds:
            if said[kind] is not None:
                value, is_junk = self._forms.value(kind, said[kind], country)
                found.append(Given(kind, value, "junk" if is_junk else self._reason(kind, value)))
        return tuple(found)

    def judged(
        self,
        given: Sequence[Given],
        said: Mapping[str, Any],
        has_another: Callable[[int], bool],
    ) -> tuple[StatedIdentifier, ...]:
        """What comes of each identifier.

        Args:
            given: the identifiers of a record.
            said: all that it says.
            has_another: whether a customer has another value than the record of a kind of which
                one is allowed.
        """
        person = self._forms.names(said)
        is_someone = any(value is not None for value in person.values())
        # As a till's account for sales without a card: nothing that it states ties.
        is_nobody = not is_someone and any(
            one.reason for one in given if one.reach is Reach.ACCOUNT
        )
        found: list[StatedIdentifier] = []
        for one in given:
            pointed_to = [] if one.reason not in ("", "conflict") else self._owners(one)
            owners = [owner for owner in pointed_to if not has_another(owner)]
            if one.reason not in ("", "conflict"):
                found.append(StatedIdentifier(one.kind, one.reason))
            elif not pointed_to:
                found.append(StatedIdentifier(one.kind, "unknown"))
            elif not owners:
                only = pointed_to[0] if len(pointed_to) == 1 else None
                found.append(StatedIdentifier(one.kind, "unique", only))
            elif is_nobody:
                found.append(StatedIdentifier(one.kind, "doubtful"))
            elif one.reach is Reach.DEVICE:
                found.append(self._of_device(one, owners, found))
            else:
                found.append(self._of_person(one, owners, person, found))
        return tuple(found)

    def _reason(self, kind: str, value: str) -> str:
        start, end = self._rows.span("blocked", fingerprint(kind, value))
        reasons = self._rows.arrays["blocked_reasons"]
        return REASONS[int(reasons[start])] if start < end else ""

    def _owners(self, one: Given) -> list[int]:
        """The customers of whom a record states this."""
        start, end = self._rows.span("identified", fingerprint(one.kind, one.value))
        if start == end and one.kind == "email":  # a source may know it hashed only
            hashed = sha256(one.value.encode()).hexdigest()
            start, end = self._rows.span("identified", fingerprint("email_sha256", hashed))
        customers = self._rows.arrays["identified_customers"]
        return sorted({int(customer) for customer in customers[start:end]})

    def _of_device(
        self, one: Given, owners: Sequence[int], before: Sequence[StatedIdentifier]
    ) -> StatedIdentifier:
        """Whoever is known by something surer is not who else signed in on the device."""
        if len(owners) > 1:
            return StatedIdentifier(one.kind, "several")
        owner = owners[0]
        is_theirs = any(each.verdict == "ties" and each.customer_id == owner for each in before)
        is_signed_in = any(each.verdict not in OF_NOBODY_HERE for each in before)
        known = self._rows.arrays["known"]
        if is_theirs or not (is_signed_in and bool(known[owner])):
            return StatedIdentifier(one.kind, "ties", owner)
        return StatedIdentifier(one.kind, "doubtful", owner)

    def _of_person(
        self,
        one: Given,
        owners: Sequence[int],
        person: Mapping[str, Any],
        before: Sequence[StatedIdentifier],
    ) -> StatedIdentifier:
        fit = [owner for owner in owners if self._may_tie(one, owner, person, before)]
        if len(fit) == 1:
            return StatedIdentifier(one.kind, "ties", fit[0])
        if fit:
            return StatedIdentifier(one.kind, "several")
        return StatedIdentifier(one.kind, "conflict", owners[0] if len(owners) == 1 else None)

    def _may_tie(
        self,
        one: Given,
        owner: int,
        person: Mapping[str, Any],
        before: Sequence[StatedIdentifier],
    ) -> bool:
        """As in a run: whom a value in conflict points to, it ties as namesakes only."""
        is_mobile = one.kind == "phone" and re.search(MOBILE_NUMBER, one.value) is not None
        known = self._people(owner)
        pairs = [self._forms.pair({**person, "is_personal": is_mobile}, each) for each in known]
        if any(pair["are_namesakes"] for pair in pairs):
            return True
        if one.reason == "conflict":
            return False
        is_named = bool(person["first"] or person["last"])
        if one.reach is not Reach.HOUSEHOLD:
            unlike = "are_strangers" if one.reach is Reach.ADDRESS else "are_others"
            return not is_named or not any(pair[unlike] for pair in pairs)
        if is_named and known:
            return False
        # Who has an account of their own and no name may be anyone of the household.
        owned = ("email", "loyalty_card")
        return not any(each.kind in owned and each.verdict != "junk" for each in before)

    def _people(self, customer_id: int) -> list[dict[str, Any]]:
        """Under which names and birth dates a customer is known."""
        start, end = self._rows.span("people_customers", customer_id)
        found = []
        for place in range(start, min(end, start + PEOPLE_JUDGED)):
            first, last, birth = self._rows.text("people", place).split(BESIDE)
            born = date.fromisoformat(birth) if birth else None
            found.append(
                {
                    f"{OTHER}first": first or None,
                    f"{OTHER}last": last or None,
                    f"{OTHER}birth_on": born,
                }
            )
        return found
