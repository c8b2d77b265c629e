"""Small shops of people: rows with only what a case is about, and the steps over them.

A step costs the same for one little world as for fifty, so cases are run side by side: `in_world`
gives each its own records and values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

import ibis.expr.types as ir

from klantreis import identity
from klantreis.engine import Engine
from klantreis.pipeline import Step
from klantreis.settings import IdentifierSettings
from klantreis.tables import TABLES, Renewal, conform, contract
from tests.rows import Row, changed_since, made, rows_of

NOW = datetime(2026, 3, 1)
NOTHING_SAID = {"granted": (), "refused": (), "refused_emails": ()}
TYING = (
    identity.stated_identifiers,
    identity.blocked_identifiers,
    identity.identifier_groups,
    identity.links,
    identity.customer_merges,
)
MATCHING = (
    *TYING[:3],
    identity.person_profiles,
    identity.match_model,
    identity.name_doubles,
    identity.match_keys,
    identity.matches,
    *TYING[3:],
)
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
        self.said: Mapping[str, Sequence[object]] = NOTHING_SAID
        self.tables: dict[str, Sequence[dict[str, Any]]] = dict.fromkeys(TABLES, ())
        self.before = dict(self.tables)
        self.customer_of: dict[str, int | None] = {}

    @property
    def blocked(self) -> Sequence[dict[str, Any]]:
        return self.tables["blocked_identifiers"]

    @property
    def groups(self) -> Sequence[dict[str, Any]]:
        return self.tables["identifier_groups"]

    @property
    def told(self) -> Sequence[dict[str, Any]]:
        return self.tables["person_profiles"]

    @property
    def model(self) -> Sequence[dict[str, Any]]:
        return self.tables["match_model"]

    @property
    def keys(self) -> Sequence[dict[str, Any]]:
        return self.tables["match_keys"]

    @property
    def matches(self) -> Sequence[dict[str, Any]]:
        return self.tables["matches"]

    @property
    def links(self) -> Sequence[dict[str, Any]]:
        return self.tables["links"]

    @property
    def merges(self) -> Sequence[dict[str, Any]]:
        return self.tables["customer_merges"]

    def resolve(
        self, persons: Sequence[Row], identifiers: Sequence[Row], orders: Sequence[Row] = ()
    ) -> dict[str, int | None]:
        """Run the steps once more; the customer of each record."""
        self._take_in(persons=persons, identifiers=identifiers, orders=orders)
        return self._made(TYING)

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
        self._take_in(persons=persons, identifiers=identifiers)
        return self._made(MATCHING)

    def customers(
        self,
        persons: Sequence[Row],
        identifiers: Sequence[Row],
        consents: Sequence[Row] = (),
        *,
        own_consents: Mapping[str, Sequence[object]] = NOTHING_SAID,
    ) -> dict[str, dict[str, Any]]:
        """The customers of a run over these rows, by each of their records."""
        self.said = own_consents
        self._take_in(persons=persons, identifiers=identifiers, consents=consents)
        customer_of = self._made((*TYING, identity.customers))
        rows = {row["customer_id"]: dict(row) for row in self.tables["customers"]}
        return {person_id: rows[number] for person_id, number in customer_of.items() if number}

    def _take_in(self, **sources: Sequence[Row]) -> None:
        self.before = dict(self.tables)
        self.tables |= {name: [dict(row) for row in rows] for name, rows in sources.items()}

    def _made(self, functions: Sequence[Callable[..., Any]]) -> dict[str, int | None]:
        """Make these tables; whose each record is then."""
        for function in functions:
            self.make(function)
        return {row["person_id"]: row["customer_id"] for row in self.links}

    def make(self, function: Callable[..., Any]) -> None:
        """Make one table of those that are there."""
        step = Step(function)
        asked: dict[str, Any] = {
            "engine": self.engine,
            "as_of": NOW,
            "country": self.country,
            "shared_identifier_limit": self.limit,
            "identifier_rules": self.rules,
            "own_decisions": self.decided,
            "own_consents": self.said,
        }
        made_anew = step.function(
            **{name: rows_of(name, self.tables[name]) for name in step.reads},
            **{f"previous_{n}": rows_of(n, self.before[n]) for n in step.reads_previous},
            **{f"kept_{name}": self._kept(name) for name in step.reads_kept},
            **self._changed(step),
            **{name: asked[name] for name in step.asks},
        )
        if isinstance(made_anew, Renewal):
            made_anew = self._renewed(step.name, made_anew)
        self.tables[step.name] = made(step.name, made_anew, self.engine)

    def _renewed(self, name: str, renewal: Renewal) -> ir.Table:
        table = contract(name)
        gone = self.engine.keep(renewal.gone)
        held = rows_of(name, self.before[name]).anti_join(gone, list(table.key))
        return conform(held, table).union(conform(renewal.fresh, table))

    def _kept(self, name: str) -> ir.Table:
        return rows_of(name, self.before[name] if self.goes_on else [])

    def _changed(self, step: Step) -> Mapping[str, ir.Table]:
        """What has changed in the tables that a step reads; the first time everything."""
        now = {name: rows_of(name, self.tables[name]) for name in step.reads_changed}
        return changed_since(step.function, now, {name: self._kept(name) for name in now})

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
