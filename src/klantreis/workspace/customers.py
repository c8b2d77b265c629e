"""One customer in Python: `shop.customer("ann@voorbeeld.nl")`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any

from klantreis.errors import InputError, message
from klantreis.workspace.consents import CONSENT_PURPOSES, Consent, Consents
from klantreis.workspace.identity import Identity
from klantreis.workspace.identity_facts import Why
from klantreis.workspace.reading import Reading

__all__ = ["Customer", "CustomerMoment", "CustomerRecord", "StatedIdentifier"]

EMAIL = "email_marketing"


@dataclass(frozen=True)
class CustomerMoment:
    """Something that happened, as a row of `timeline`.

    Attributes:
        at: when, naive UTC.
        position: 1 for the customer's first moment.
        session: number of the visit.
        amount: money that changed hands in EUR, negative for a return; None where none did.
        score: -1 to 1; None where none was given.
        record_table, record_id: the record behind it.
    """

    at: datetime
    position: int
    channel: str
    event: str
    session: int
    amount: Decimal | None
    score: float | None
    product_id: str | None
    order_id: str | None
    store_id: str | None
    page: str | None
    campaign: str | None
    text: str | None
    record_table: str
    record_id: str


@dataclass(frozen=True)
class StatedIdentifier:
    """Something that points to the customer.

    Attributes:
        kind: as in the contract of `identifiers`; value: in the form in which it is compared.
        sources: where it was stated.
        records: how many of the customer's records state it.
        is_junk: whether it is a placeholder that points to nobody.
    """

    kind: str
    value: str
    sources: tuple[str, ...]
    records: int
    is_junk: bool


@dataclass(frozen=True)
class CustomerRecord:
    """A record of the customer in one source.

    Attributes:
        person_id: as `shopify:1001`.
        source: folder of its export.
        tied_by: kind of identifier that tied it to the customer's other records, `matched` for name
            and address or somebody's decision, `alone` when nothing did.
    """

    person_id: str
    source: str
    tied_by: str


class Customer:
    """Everything about one customer, each part read when it is asked for.

    Made by `Workspace.customer`. Of one publication at a time: after a run ask for it again.

    Args:
        number: under which the customer is known now.
        reading: the published tables.
        consents: what customers allow.
        identity: why records are one customer.
    """

    def __init__(
        self, number: int, reading: Reading, consents: Consents, identity: Identity
    ) -> None:
        self.number = number
        self._reading, self._consents, self._identity = reading, consents, identity

    # Who it is

    @cached_property
    def portrait(self) -> Mapping[str, Any]:
        """Every column of `portraits`, as docs/tables.md tells them; money is a `Decimal` in EUR."""
        (row,) = self._rows("portraits")
        return MappingProxyType(row)

    def __getitem__(self, column: str) -> Any:
        """A column of the portrait.

        Raises:
            InputError: there is no such column.
        """
        if column not in self.portrait:
            allowed = ", ".join(self.portrait)
            raise InputError(
                message("A portrait has no such column", got=repr(column), allowed=allowed)
            )
        return self.portrait[column]

    @property
    def name(self) -> str:
        """Name, or an empty text."""
        return self.portrait["name"] or ""

    @cached_property
    def records(self) -> tuple[CustomerRecord, ...]:
        """The records of sources that are this customer, with what ties them."""
        links, persons = self._reading.table("links"), self._reading.table("persons")
        own = links.filter(links["customer_id"] == self.number)
        told = own.join(persons.select("person_id", "source"), "person_id")
        rows = self._reading.rows(told.order_by("person_id"))
        return tuple(CustomerRecord(row["person_id"], row["source"], row["rule"]) for row in rows)

    @cached_property
    def identifiers(self) -> tuple[StatedIdentifier, ...]:
        """What points to the customer: addresses, cards, cookies; also what is no longer in use."""
        links, stated = self._reading.table("links"), self._reading.table("stated_identifiers")
        own = links.filter(links["customer_id"] == self.number).select("person_id")
        grouped = stated.semi_join(own, "person_id").group_by("kind", "value", "is_junk")
        found = grouped.aggregate(
            sources=lambda table: table["source"].collect(distinct=True),
            records=lambda table: table["person_id"].nunique(),
        )
        rows = self._reading.rows(found.order_by("kind", "value"))
        return tuple(
            StatedIdentifier(
                row["kind"],
                row["value"],
                tuple(sorted(row["sources"])),
                row["records"],
                row["is_junk"],
            )
            for row in rows
        )

    @cached_property
    def old_numbers(self) -> tuple[int, ...]:
        """Numbers that went over into this one; they lead here for ever."""
        merges = self._reading.table("customer_merges")
        own = merges.filter(merges["customer_id"] == self.number).select("old_customer_id")
        rows = self._reading.rows(own.order_by("old_customer_id"))
        return tuple(
            row["old_customer_id"] for row in rows if row["old_customer_id"] != self.number
        )

    def why(self, other: str | int | None = None) -> tuple[Why, ...]:
        """Why the customer's records are one customer; or why another one is it too, or is not.

        Args:
            other: number of a customer, or a record as `shopify:1001`; by default each of the
                customer's own records is set beside the first of them.

        Raises:
            NotFoundError: there is no such customer or record.
        """
        if other is not None:
            return (self._identity.why(self.number, other),)
        first, *others = (one.person_id for one in self.records)
        return tuple(self._identity.why(first, one) for one in others)

    # What happened

    @cached_property
    def timeline(self) -> tuple[CustomerMoment, ...]:
        """Every moment over all channels, the first one first."""
        table = self._reading.table("timeline")
        own = table.filter(table["customer_id"] == self.number).order_by("position")
        rows = self._reading.rows(own.rename(at="occurred_at").drop("customer_id"))
        return tuple(CustomerMoment(**row) for row in rows)

    @cached_property
    def segments(self) -> Mapping[str, str]:
        """The segment in each division: `{"rfm": "champions", "age": "age_25_34", ...}`."""
        rows = sorted(self._rows("memberships"), key=lambda row: row["segmentation"])
        return MappingProxyType({row["segmentation"]: row["segment"] for row in rows})

    # What they allow

    @property
    def consents(self) -> tuple[Consent, ...]:
        """Every yes and no that was stated, of every purpose, the newest first."""
        return self._consents.of(self.number)

    @property
    def permissions(self) -> Mapping[str, bool | None]:
        """For each purpose whether the customer may be served for it, by the strictest of their
        records and of what was said to us; None where nothing was ever stated, which is no yes."""
        stated = {one.purpose for one in self.consents}
        told = {one: self.may(one) if one in stated else None for one in CONSENT_PURPOSES}
        return MappingProxyType(told)

    def may(self, purpose: str) -> bool:
        """Whether the customer may be served for a purpose; of mail as in audiences and campaigns.

        Raises:
            InputError: there is no such purpose.
        """
        if purpose not in CONSENT_PURPOSES:
            allowed = ", ".join(CONSENT_PURPOSES)
            raise InputError(message("Unknown purpose", got=repr(purpose), allowed=allowed))
        if purpose != EMAIL:
            return self._consents.may(self.number, purpose)
        # Somebody else who states the same address may have refused mail to it.
        strict = self._consents.strictest({"portraits": self._reading.table("portraits")})
        own = strict["portraits"].filter(strict["portraits"]["customer_id"] == self.number)
        (row,) = self._reading.rows(own.select("may_email"))
        return bool(row["may_email"]) and self._consents.may(self.number, purpose)

    def _rows(self, name: str) -> list[dict[str, Any]]:
        table = self._reading.table(name)
        return self._reading.rows(table.filter(table["customer_id"] == self.number))

    @property
    def _as_of(self) -> str:
        published = self._reading.published
        assert published is not None  # or the customer would not have been found
        return f"as of {published.as_of:%Y-%m-%d %H:%M} UTC"

    def __repr__(self) -> str:
        return "\n  ".join(line for line in self._lines() if line)

    def _lines(self) -> tuple[str, ...]:
        told = self.portrait
        who = ", ".join(part for part in (self.name or "no name", told["city"] or "") if part)
        answers = {True: "yes", False: "no", None: "never asked"}
        may = (f"{name} {answers[answer]}" for name, answer in self.permissions.items())
        kinds = Counter(one.kind for one in self.identifiers if not one.is_junk)
        known = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
        sources = ", ".join(sorted({one.source for one in self.records}))
        return (
            f"Customer {self.number}: {who} ({self._as_of})",
            f"seen {_day(told['first_seen_at'])} to {_day(told['last_seen_at'])}: "
            f"{told['events']:,} moments on {', '.join(told['channels']) or 'no channel'}",
            f"bought {told['orders']:,} times for EUR {told['revenue_amount']:,.2f}, "
            f"last {_day(told['last_order_at'])}",
            "in " + ", ".join(f"{name} {segment}" for name, segment in self.segments.items()),
            "may: " + ", ".join(may),
            f"known by {known or 'nothing'}; {len(self.records)} records of {sources}",
            f"was also {', '.join(map(str, self.old_numbers))}" if self.old_numbers else "",
        )


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "never"
