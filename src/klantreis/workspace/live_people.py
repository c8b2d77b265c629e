"""Of whom something was collected since the publication, and who said no to mail since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from klantreis.tables import contract
from klantreis.workspace.live_events import LIVE_TABLES
from klantreis.workspace.live_owners import Statement, owners
from klantreis.workspace.reading import Reading

__all__ = ["NOTHING", "Collected", "numbers", "whose"]

TYING = ("user_id", "cookie", "subscriber")


@dataclass(frozen=True)
class Collected:
    """What was collected since the publication, and whose it is.

    Attributes:
        tables: as `LiveEvents` has them.
        owner: customer by person record.
        refused_customers, refused_addresses: who said no to mail since.
    """

    tables: Mapping[str, pa.Table]
    owner: Mapping[str, int] = field(default_factory=dict)
    refused_customers: frozenset[int] = frozenset()
    refused_addresses: frozenset[str] = frozenset()

    def refuses(self, customer_id: int, address: str) -> bool:
        """Whether a no to mail was collected since, of a customer or of an address."""
        return customer_id in self.refused_customers or address.lower() in self.refused_addresses

    def customers(self, event: str = "") -> frozenset[int]:
        """Those of whom something was collected since; with `event`, of that kind."""
        found = self.events_of.items()
        return frozenset(one for one, names in found if not event or event in names)

    @cached_property
    def events_of(self) -> Mapping[int, frozenset[str]]:
        """Names of what each customer did; none for who only tried to pay."""
        found: dict[int, set[str]] = {}
        for row in self.tables["events"].select(["person_id", "name"]).to_pylist():
            if row["person_id"] in self.owner:
                found.setdefault(self.owner[row["person_id"]], set()).add(row["name"])
        for person in self.tables["payments"]["person_id"].to_pylist():
            if person in self.owner:
                found.setdefault(self.owner[person], set())
        return {customer: frozenset(names) for customer, names in found.items()}


NOTHING = Collected(
    {name: pa.Table.from_batches([], contract(name).schema.to_pyarrow()) for name in LIVE_TABLES}
)


def whose(live: Mapping[str, pa.Table], reading: Reading) -> Collected:
    """Find the customers of what was collected; see `owners` for when that is certain.

    Args:
        live: as `LiveEvents` has them.
        reading: the published tables.
    """
    stated, addresses = _stated(live)
    links = _links(stated, reading)
    pointing = _pointing({one for said in stated.values() for one in said}, reading)
    claimed = {*links.values(), *(one for found in pointing.values() for one in found)}
    known = frozenset(row["customer_id"] for row in _customers(claimed, reading) if row["is_known"])
    owner = owners(stated, links, pointing, known)
    refusing = _refusing(live["consents"])
    customers = frozenset(owner[person] for person in refusing if person in owner)
    refused = {address for person in refusing for address in addresses.get(person, ())}
    refused |= {row["email"] for row in _customers(customers, reading) if row["email"]}
    return Collected(live, owner, customers, frozenset(refused))


def numbers(customers: Collection[int]) -> pa.Table:
    """Customers as a table of one column."""
    return pa.table({"customer_id": pa.array(sorted(customers), pa.int64())})


def _stated(
    live: Mapping[str, pa.Table],
) -> tuple[dict[str, set[Statement]], dict[str, set[str]]]:
    """What each person record that was collected goes by, and its e-mail addresses."""
    stated: dict[str, set[Statement]] = {}
    addresses: dict[str, set[str]] = {}
    for row in live["identifiers"].select(["person_id", "kind", "value"]).to_pylist():
        if row["kind"] in TYING:
            said = Statement(row["kind"], row["value"])
            stated.setdefault(row["person_id"], set()).add(said)
        elif row["kind"] == "email":
            addresses.setdefault(row["person_id"], set()).add(row["value"].strip().lower())
    for name in ("events", "payments"):
        for row in live[name].select(["person_id", "order_id"]).to_pylist():
            if row["person_id"] and row["order_id"]:
                said = Statement("order", row["order_id"])
                stated.setdefault(row["person_id"], set()).add(said)
    return stated, addresses


def _links(persons: Iterable[str], reading: Reading) -> Mapping[str, int]:
    """The customer of each person record that the tables know."""
    asked = reading.engine.table(pa.table({"person_id": pa.array(persons, pa.string())}))
    rows = reading.rows(reading.table("links").semi_join(asked, "person_id"))
    return {row["person_id"]: row["customer_id"] for row in rows if row["customer_id"]}


def _pointing(
    statements: Collection[Statement], reading: Reading
) -> Mapping[Statement, frozenset[int]]:
    """Customers of each identifier in the tables; of blocked ones none."""
    asked = reading.engine.table(
        pa.table(
            {
                "kind": pa.array([one.kind for one in statements], pa.string()),
                "value": pa.array([one.value for one in statements], pa.string()),
            }
        )
    )
    links = reading.table("links")
    links = links.filter(links["customer_id"].notnull()).select("person_id", "customer_id")
    both = _by_identifier(asked, links, reading).union(_by_order(asked, links, reading))
    found: dict[Statement, set[int]] = {}
    for row in reading.rows(both.distinct()):
        one = Statement(row["kind"], row["value"])
        found.setdefault(one, set()).add(row["customer_id"])
    return {one: frozenset(customers) for one, customers in found.items()}


def _by_identifier(asked: ir.Table, links: ir.Table, reading: Reading) -> ir.Table:
    identifiers = reading.table("identifiers")
    tying = identifiers.filter(identifiers["kind"].isin(TYING))
    fit = tying.anti_join(reading.table("blocked_identifiers"), ["kind", "value"])
    stated = fit.semi_join(asked, ["kind", "value"]).select("person_id", "kind", "value")
    return stated.join(links, "person_id").select("kind", "value", "customer_id")


def _by_order(asked: ir.Table, links: ir.Table, reading: Reading) -> ir.Table:
    wanted = asked.filter(asked["kind"] == "order").select("kind", order_id="value")
    orders = reading.table("orders").select("order_id", "person_id")
    bought = orders.join(wanted, "order_id").join(links, "person_id")
    return bought.select("kind", "customer_id", value="order_id").select(
        "kind", "value", "customer_id"
    )


def _customers(ids: Collection[int], reading: Reading) -> list[dict[str, Any]]:
    if not ids:
        return []
    customers = reading.table("customers").select("customer_id", "is_known", "email")
    return reading.rows(customers.semi_join(reading.engine.table(numbers(ids)), "customer_id"))


def _refusing(consents: pa.Table) -> frozenset[str]:
    """Person records whose last word on mail is no; of two at the same moment the no counts."""
    last: dict[str, tuple[datetime, bool]] = {}
    for row in consents.to_pylist():
        if row["purpose"] == "email_marketing":
            said = (row["stated_at"], not row["is_granted"])
            last[row["person_id"]] = max(last.get(row["person_id"], said), said)
    return frozenset(person for person, (_, is_no) in last.items() if is_no)
