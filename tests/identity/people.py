"""Small shops of people: rows with only what a case is about, and the steps over them.

A step costs the same for one little world as for fifty, so cases are run side by side: `in_world`
gives each its own records and values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import datetime
from types import MappingProxyType
from typing import Any

import ibis.expr.types as ir

from klantreis import identity
from klantreis.engine import Engine
from klantreis.runner.changes import changed_keys
from klantreis.settings import IdentifierSettings
from klantreis.tables import Renewal, conform, contract
from tests.rows import Row, made, rows_of

NOW = datetime(2026, 3, 1)
NOTHING_SAID = {"granted": (), "refused": (), "refused_emails": ()}
JUNK = ("test@test.nl", "0000000000", "0000000000000", "null")


def person(person_id: str, first_name: str | None = None, **more: Any) -> Row:
    """A record with a name or without; `created_at` and all else where a case needs it."""
    return {
        "person_id": person_id,
        "source": person_id.split(":")[0],
        "first_name": first_name,
        **more,
    }


def states(person_id: str, **values: str | Sequence[str]) -> list[Row]:
    """Identifiers of one record: `states("crm:1", email="a@b.nl", phone=["06...", "020..."])`."""
    return [
        {"person_id": person_id, "source": person_id.split(":")[0], "kind": kind, "value": value}
        for kind, given in values.items()
        for value in ([given] if isinstance(given, str) else given)
    ]


def all_state(person_ids: Iterable[str], **values: str) -> list[Row]:
    """The same identifiers, stated by several records."""
    return [row for person_id in person_ids for row in states(person_id, **values)]


def in_world(world: int, rows: Iterable[Row]) -> list[Row]:
    """The same rows in a world of their own, numbered from 10 to 99; junk is junk in all."""
    return [
        {
            **row,
            "person_id": f"{row['person_id']}~{world}",
            **({"value": _value_in_world(world, row)} if "value" in row else {}),
        }
        for row in rows
    ]


def _value_in_world(world: int, row: Row) -> str:
    value = str(row["value"])
    if value in JUNK:
        return value
    if row["kind"] == "email":
        return value.replace("@", f".w{world}@")
    # The last two digits of a telephone number or a card, so that it keeps its form.
    return f"{value[:-2]}{world}" if row["kind"] in ("phone", "loyalty_card") else f"{value}{world}"


class Shop:
    """The identity steps over persons and identifiers, one run after another.

    Args:
        goes_on: whether a run keeps what holds of the one before, as a workspace does.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        limit: int = 6,
        country: str = "NL",
        rules: Mapping[str, IdentifierSettings] = MappingProxyType({}),
        goes_on: bool = False,
    ) -> None:
        self.engine = engine
        self.limit = limit
        self.country = country
        self.rules = rules
        self.goes_on = goes_on
        self.decided: Mapping[str, Sequence[tuple[str, str]]] = {"same": (), "different": ()}
        self.links: list[dict[str, Any]] = []
        self.merges: list[dict[str, Any]] = []
        self.blocked: list[dict[str, Any]] = []
        self.matches: list[dict[str, Any]] = []
        self.groups: list[dict[str, Any]] = []
        self.model: list[dict[str, Any]] = []
        self.keys: list[dict[str, Any]] = []
        self.told: list[dict[str, Any]] = []
        self.known: tuple[Sequence[Row], Sequence[Row]] = ((), ())
        self.customer_of: dict[str, int | None] = {}

    def resolve(
        self, persons: Sequence[Row], identifiers: Sequence[Row], orders: Sequence[Row] = ()
    ) -> dict[str, int | None]:
        """Run the steps once more; the customer of each record."""
        self._block(persons, identifiers, orders)
        self._group(persons, identifiers)
        return self._link()

    def _block(
        self, persons: Sequence[Row], identifiers: Sequence[Row], orders: Sequence[Row] = ()
    ) -> None:
        blocked = identity.blocked_identifiers(
            rows_of("persons", persons),
            rows_of("identifiers", identifiers),
            rows_of("orders", orders),
            engine=self.engine,
            shared_identifier_limit=self.limit,
            country=self.country,
            identifier_rules=self.rules,
        )
        self.blocked = made("blocked_identifiers", blocked, self.engine)

    def _group(self, persons: Sequence[Row], identifiers: Sequence[Row]) -> None:
        groups = identity.identifier_groups(
            rows_of("persons", persons),
            rows_of("identifiers", identifiers),
            rows_of("blocked_identifiers", self.blocked),
            engine=self.engine,
            country=self.country,
            identifier_rules=self.rules,
            own_decisions=self.decided,
            previous_identifier_groups=rows_of("identifier_groups", self.groups),
        )
        self.groups = made("identifier_groups", groups, self.engine)

    def _link(self) -> dict[str, int | None]:
        previous_links = rows_of("links", self.links)
        previous_merges = rows_of("customer_merges", self.merges)
        links = identity.links(
            rows_of("identifier_groups", self.groups),
            rows_of("matches", self.matches),
            engine=self.engine,
            previous_links=previous_links,
            previous_customer_merges=previous_merges,
        )
        self.links = made("links", links, self.engine)
        merges = identity.customer_merges(
            rows_of("links", self.links),
            previous_links=previous_links,
            previous_customer_merges=previous_merges,
            as_of=NOW,
        )
        self.merges = made("customer_merges", merges, self.engine)
        return {row["person_id"]: row["customer_id"] for row in self.links}

    def match(
        self,
        persons: Sequence[Row],
        identifiers: Sequence[Row] = (),
        *,
        same: Sequence[tuple[str, str]] = (),
        different: Sequence[tuple[str, str]] = (),
    ) -> dict[str, int | None]:
        """Run the steps with matching by names and addresses; the customer of each record."""
        self.decided = {"same": same, "different": different}
        before = copy(self)
        self._block(persons, identifiers)
        self._group(persons, identifiers)
        grouped = rows_of("identifier_groups", self.groups)
        told = identity.person_profiles(
            rows_of("persons", persons),
            rows_of("identifiers", identifiers),
            rows_of("blocked_identifiers", self.blocked),
            grouped,
            engine=self.engine,
            country=self.country,
            kept_person_profiles=self._kept("person_profiles", self.told),
            changed_persons=self._changed("persons", persons, self.known[0]),
            changed_identifiers=self._changed("identifiers", identifiers, self.known[1]),
            changed_blocked_identifiers=self._changed(
                "blocked_identifiers", self.blocked, before.blocked
            ),
            changed_identifier_groups=self._changed(
                "identifier_groups", self.groups, before.groups
            ),
        )
        self.known = (persons, identifiers)
        told_before, self.told = self.told, self._made("person_profiles", told, self.told)
        profiles = rows_of("person_profiles", self.told)
        model_before = self._kept("match_model", self.model)
        model = identity.match_model(
            profiles,
            engine=self.engine,
            kept_match_model=model_before,
            own_decisions=self.decided,
        )
        self.model = made("match_model", model, self.engine)
        learnt = rows_of("match_model", self.model)
        model_changed = changed_keys(learnt, model_before, contract("match_model"))
        keys = identity.match_keys(
            profiles,
            learnt,
            engine=self.engine,
            kept_match_keys=self._kept("match_keys", self.keys),
            changed_match_model=model_changed,
        )
        self.keys = made("match_keys", keys, self.engine)
        matches = identity.matches(
            grouped,
            profiles,
            learnt,
            rows_of("match_keys", self.keys),
            rows_of("persons", persons),
            rows_of("identifiers", identifiers),
            rows_of("blocked_identifiers", self.blocked),
            engine=self.engine,
            country=self.country,
            identifier_rules=self.rules,
            own_decisions=self.decided,
            kept_matches=self._kept("matches", self.matches),
            changed_person_profiles=self._changed("person_profiles", self.told, told_before),
            changed_match_model=model_changed,
        )
        self.matches = made("matches", matches, self.engine)
        return self._link()

    def _made(
        self, name: str, made_anew: ir.Table | Renewal, before: Sequence[Row]
    ) -> list[dict[str, Any]]:
        """The table after a step that may have renewed it."""
        if not isinstance(made_anew, Renewal):
            return made(name, made_anew, self.engine)
        table = contract(name)
        held = rows_of(name, before).anti_join(self.engine.keep(made_anew.gone), list(table.key))
        fresh = conform(made_anew.fresh, table)
        return made(name, conform(held, table).union(fresh), self.engine)

    def _kept(self, name: str, before: Sequence[Row]) -> ir.Table:
        return rows_of(name, before if self.goes_on else [])

    def _changed(self, name: str, now: Sequence[Row], before: Sequence[Row]) -> ir.Table:
        return changed_keys(rows_of(name, now), self._kept(name, before), contract(name))

    def customers(
        self,
        persons: Sequence[Row],
        identifiers: Sequence[Row],
        consents: Sequence[Row] = (),
        *,
        own_consents: Mapping[str, Sequence[object]] = NOTHING_SAID,
    ) -> dict[str, dict[str, Any]]:
        """The customers of a run over these rows, by each of their records."""
        customer_of = self.resolve(persons, identifiers)
        customers = identity.customers(
            rows_of("persons", persons),
            rows_of("identifiers", identifiers),
            rows_of("consents", consents),
            rows_of("links", self.links),
            rows_of("customer_merges", self.merges),
            engine=self.engine,
            country=self.country,
            own_consents=own_consents,
        )
        rows = {row["customer_id"]: row for row in made("customers", customers, self.engine)}
        return {person_id: rows[number] for person_id, number in customer_of.items() if number}

    def reasons(self) -> dict[str, str]:
        return {row["value"]: row["reason"] for row in self.blocked}

    def resolves(self) -> dict[int, int]:
        return {row["old_customer_id"]: row["customer_id"] for row in self.merges}


def groups(customer_of: Mapping[str, int | None]) -> set[frozenset[str]]:
    """Who is together, whatever the numbers; records that are nobody are left out."""
    together: dict[int, set[str]] = {}
    for person_id, customer_id in customer_of.items():
        if customer_id is not None:
            together.setdefault(customer_id, set()).add(person_id)
    return {frozenset(records) for records in together.values()}
