"""All that is known of a few records, gathered to be looked at row by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.errors import NotFoundError, message
from klantreis.identity.evidence import evidence
from klantreis.identity.rules import rules_with, unique_kinds
from klantreis.identity.statements import UNFIT, statements
from klantreis.identity.uniqueness import unique_statements
from klantreis.settings import Settings
from klantreis.state import IdentityDecision, State
from klantreis.workspace.identity_facts import RecordTold, record_told
from klantreis.workspace.reading import Reading

__all__ = ["Gathered", "Gathering", "Pair", "in_order"]

Pair = tuple[str, str]
NOTHING_SPECIAL: dict[str, Any] = {"namesakes": {}, "nobody": frozenset(), "blocked": {}}


@dataclass(frozen=True)
class Gathered:
    """All that is known of some records: small enough to be looked at row by row.

    Attributes:
        persons: rows of `persons`, by id.
        customers: whose each record is.
        stated: kinds and values by record, without junk or with, normalised.
        used: those that tie.
        blocked: rows of `blocked_identifiers` by kind and value.
        namesakes: what ties namesakes, by pair.
        nobody: records that are not someone.
        matches: rows of `matches` by pair.
        decided: the decision in force by pair.
        own: kinds and values, by record, of which a customer has one.
    """

    persons: Mapping[str, Mapping[str, Any]]
    customers: Mapping[str, int | None]
    stated: Mapping[str, frozenset[Pair]]
    used: Mapping[str, frozenset[Pair]]
    blocked: Mapping[Pair, Mapping[str, Any]]
    namesakes: Mapping[Pair, Pair]
    nobody: frozenset[str]
    matches: Mapping[Pair, Mapping[str, Any]]
    decided: Mapping[Pair, IdentityDecision]
    own: Mapping[str, frozenset[Pair]]

    def told(self, person_id: str) -> RecordTold:
        return record_told(self.persons[person_id], self.customers.get(person_id))


class Gathering:
    """Finds the records in question and what is known of them.

    Args:
        reading: the published tables.
        state: what people decided.
        settings: country.
        connect: starts an engine for the few rows in question.
    """

    def __init__(
        self, reading: Reading, state: State, settings: Settings, connect: Callable[[], Engine]
    ) -> None:
        self._reading, self._state, self._settings = reading, state, settings
        self._connect = connect

    def records(self, asked: str | int) -> Sequence[str]:
        """The records of a customer, or the one record that is asked for.

        Raises:
            NotFoundError: there is no such customer or record.
        """
        text = str(asked).strip()
        links = self._reading.table("links")
        if text.isdecimal():
            merges = self._reading.table("customer_merges")
            went = self._reading.rows(merges.filter(merges["old_customer_id"] == int(text)))
            number = went[0]["customer_id"] if went else int(text)
            own = links.filter(links["customer_id"] == number).select("person_id")
        else:
            own = links.filter(links["person_id"] == text).select("person_id")
        found = [row["person_id"] for row in self._reading.rows(own.order_by("person_id"))]
        if not found:
            raise NotFoundError(
                message(
                    "Unknown record or customer",
                    got=repr(text),
                    allowed="a number of a customer, or source:id of a record as shopify:1001",
                    next_step="see the page of the customer, at its records",
                )
            )
        return found

    def _beside(self, person_ids: Sequence[str]) -> set[str]:
        """These records and all others of the same customers."""
        links = self._reading.table("links")
        own = links.filter(links["person_id"].isin(list(person_ids)))
        theirs = own.filter(own["customer_id"].notnull()).select("customer_id").distinct()
        rows = self._reading.rows(links.semi_join(theirs, "customer_id").select("person_id"))
        return {*person_ids, *(row["person_id"] for row in rows)}

    def gather(self, person_ids: Iterable[str]) -> Gathered:
        """What is known of these records and all others of the same customers."""
        ids = sorted(self._beside(list(person_ids)))
        links = self._rows("links", ids)
        matches = self._reading.table("matches")
        among = matches.filter(
            matches["left_person_id"].isin(ids) & matches["right_person_id"].isin(ids)
        )
        told = self._judged(ids)
        return Gathered(
            persons={row["person_id"]: row for row in self._rows("persons", ids)},
            customers={row["person_id"]: row["customer_id"] for row in links},
            matches={
                (row["left_person_id"], row["right_person_id"]): row
                for row in self._reading.rows(among)
            },
            decided={one.pair: one for one in self._state.identity.in_force()},
            **told,
        )

    def _judged(self, ids: Sequence[str]) -> dict[str, Any]:
        """What the records state and what of it ties, by the rules of the step itself."""
        country = self._settings.country
        unique = unique_kinds(rules_with(self._settings.identifier_rules))
        engine = self._connect()
        try:
            persons, identifiers = (
                engine.table(self._reading.fetch(self._own(name, ids)))
                for name in ("persons", "identifiers")
            )
            forms = statements(identifiers, persons, engine=engine, country=country)
            stated = engine.fetch(forms).to_pylist()
            own = engine.fetch(unique_statements(forms, unique)).to_pylist() if unique else []
            values = sorted({row["value"] for row in stated})
            blocked = self._reading.table("blocked_identifiers")
            barred = self._reading.fetch(blocked.filter(blocked["value"].isin(values)))
            if not barred.num_rows and not _may_doubt(stated, self._rows("persons", ids)):
                every = _by_record(stated)
                told = {"stated": every, "used": every, "own": _by_record(own)}
                return {**told, **NOTHING_SPECIAL}
            found = evidence(persons, forms, engine.table(barred), engine=engine)
            used, namesakes, nobody = (
                engine.fetch(table).to_pylist()
                for table in (found.used, found.namesakes, found.nobody)
            )
        finally:
            engine.close()
        unfit = {
            (row["kind"], row["value"]) for row in barred.to_pylist() if row["reason"] in UNFIT
        }
        return {
            "stated": _by_record(stated),
            "own": _by_record(row for row in own if (row["kind"], row["value"]) not in unfit),
            "used": _by_record(used),
            "namesakes": {
                in_order(row["left_person_id"], row["right_person_id"]): (row["kind"], row["value"])
                for row in namesakes
            },
            "nobody": frozenset(row["person_id"] for row in nobody),
            "blocked": {(row["kind"], row["value"]): row for row in barred.to_pylist()},
        }

    def _own(self, name: str, ids: Sequence[str]) -> ir.Table:
        table = self._reading.table(name)
        return table.filter(table["person_id"].isin(list(ids)))

    def _rows(self, name: str, ids: Sequence[str]) -> list[dict[str, Any]]:
        return self._reading.rows(self._own(name, ids))


def in_order(one: str, two: str) -> Pair:
    """A pair as tables and decisions have it: the first in the alphabet left."""
    return (one, two) if one < two else (two, one)


def _by_record(rows: Iterable[Mapping[str, Any]]) -> Mapping[str, frozenset[Pair]]:
    found: dict[str, set[Pair]] = defaultdict(set)
    for row in rows:
        found[row["person_id"]].add((row["kind"], row["value"]))
    return {person_id: frozenset(values) for person_id, values in found.items()}


def _may_doubt(stated: Iterable[Mapping[str, Any]], persons: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a record without a name states several values: some of them may be someone else's."""
    several = {one for one, values in _by_record(stated).items() if len(values) > 1}
    return any(
        row["person_id"] in several and not (row["first_name"] or row["last_name"])
        for row in persons
    )
