"""Timelines that go on: what a change puts in, takes out and moves up, without telling them anew.

Of the records only those are looked at that came, went, or may be somebody else's now; of the
timelines of before only whose these are. So a day costs what it brings, and a few narrow passes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.portraits.moments import all_moments
from klantreis.portraits.numbering import numbered
from klantreis.portraits.owners import order_customers
from klantreis.tables import Renewal, conform, contract

__all__ = ["Change"]

Tables = Mapping[str, ir.Table]

OWNED = ("events", "payments", "feedback")  # may hang on an order instead of a person
TIMELINE = contract("timeline")
KEY = list(TIMELINE.key)
RECORD = ["record_table", "record_id"]
PLACED_BY = ["customer_id", "occurred_at", "event", *RECORD]


@dataclass(frozen=True)
class Change:
    """What changed in links and records since timelines were told.

    Args:
        now: `links` and the tables with records.
        came: the rows of each that are new, or say something else than before.
        gone: the keys of the rows of each that were, and hold no longer.
        previous_links, previous_survey_answers: as they were.
    """

    now: Tables
    came: Tables
    gone: Tables
    previous_links: ir.Table
    previous_survey_answers: ir.Table
    engine: Engine

    @cached_property
    def new(self) -> ir.Table:
        """The moments of all records that came or may be somebody else's now; without a number."""
        records = {
            "orders": self._orders,
            "survey_answers": self._answers,
            **{name: self._came_or_moved(name) for name in (*OWNED, "messages")},
        }
        bought = self._orders_about(records)
        stated = [rows.select("person_id") for rows in (bought, *records.values())]
        persons = self.engine.keep(ibis.union(*stated, distinct=True))
        links = self.engine.keep(self._links.semi_join(persons, "person_id"))
        buyers = self.engine.keep(order_customers(links, bought))
        return self.engine.keep(all_moments(records, links, buyers))

    def touched(self, timeline: ir.Table) -> ir.Table:
        """The customers in whose timeline something stands differently now: `customer_id`, each once.

        Args:
            timeline: as it was told before.
        """
        # What was told of a moved person's own record stood with that person's customer.
        sought = self.engine.keep(self._stale.filter(~self._stale["is_by_person"]))
        owners = ibis.union(
            self.new.select("customer_id"),
            self._were.semi_join(self._moved, "person_id").select("customer_id"),
            timeline.select("customer_id", *RECORD).semi_join(sought, RECORD).select("customer_id"),
            distinct=True,
        )
        return self.engine.keep(owners.filter(owners["customer_id"].notnull()))

    def renewed(self, timeline: ir.Table, touched: ir.Table, session_minutes: int) -> Renewal:
        """What comes and goes in the timelines of whom the change touches.

        Args:
            timeline: as it was told before.
            touched: as `touched` found them.
            session_minutes: silence after which a new visit begins, in minutes.
        """
        narrow = timeline.select(
            *PLACED_BY,
            # Not every engine keeps its own numbers as wide as the contract has them.
            was_position=timeline["position"].cast("int64"),
            was_session=timeline["session"].cast("int64"),
        )
        own = self.engine.keep(narrow.semi_join(touched, "customer_id"))
        stays = own.anti_join(self._stale, RECORD)
        added = self.new.select(
            *PLACED_BY, was_position=ibis.null("int64"), was_session=ibis.null("int64")
        )
        placed = self.engine.keep(numbered(stays.union(added), session_minutes))
        is_new = placed["was_position"].isnull()
        is_elsewhere = (placed["position"] != placed["was_position"]) | (
            placed["session"] != placed["was_session"]
        )
        numbers = ["customer_id", "position", "session"]
        came = self.new.join(placed.filter(is_new).select(*PLACED_BY, *numbers[1:]), PLACED_BY)
        shifted = self.engine.keep(
            placed.filter(~is_new & is_elsewhere).select(
                "customer_id", position="was_position", new_position="position", new="session"
            )
        )
        stood = timeline.join(shifted, KEY)
        moved = stood.mutate(position="new_position", session="new").drop("new_position", "new")
        went = own.semi_join(self._stale, RECORD).select("customer_id", position="was_position")
        return Renewal(
            conform(came, TIMELINE).union(conform(moved, TIMELINE)),
            went.union(shifted.select(KEY)),
            is_compared=True,
        )

    @cached_property
    def _links(self) -> ir.Table:
        links = self.now["links"]
        return links.filter(links["customer_id"].notnull())

    @cached_property
    def _were(self) -> ir.Table:
        """Whose the persons were of whom something is told otherwise now."""
        return self.engine.keep(
            self.previous_links.semi_join(self.gone["links"], "person_id").select(
                "person_id", "customer_id"
            )
        )

    @cached_property
    def _moved(self) -> ir.Table:
        """The persons that are another customer's than before, or had none; each once."""
        are = self.came["links"].select("person_id", "customer_id")
        differ = ibis.union(are.difference(self._were), self._were.difference(are))
        return self.engine.keep(differ.select("person_id").distinct())

    @cached_property
    def _altered(self) -> ir.Table:
        """Orders that changed, or may be somebody else's; with those that take them back."""
        orders = self.now["orders"]
        own = self.engine.keep(
            ibis.union(
                self.came["orders"].select("order_id"),
                self.gone["orders"].select("order_id"),
                orders.semi_join(self._moved, "person_id").select("order_id"),
                distinct=True,
            )
        )
        back = orders.semi_join(own, orders["refers_to_order_id"] == own["order_id"])
        return self.engine.keep(own.union(back.select("order_id"), distinct=True))

    @cached_property
    def _orders(self) -> ir.Table:
        return self.engine.keep(self.now["orders"].semi_join(self._altered, "order_id"))

    @cached_property
    def _responses(self) -> ir.Table:
        """Filled-in surveys of which an answer changed, or whose person is somebody else's now."""
        answers, before = self.now["survey_answers"], self.previous_survey_answers
        responses = ibis.union(
            self.came["survey_answers"].select("response_id"),
            before.semi_join(self.gone["survey_answers"], "answer_id").select("response_id"),
            answers.semi_join(self._moved, "person_id").select("response_id"),
            distinct=True,
        )
        return self.engine.keep(responses)

    @cached_property
    def _answers(self) -> ir.Table:
        return self.engine.keep(
            self.now["survey_answers"].semi_join(self._responses, "response_id")
        )

    def _came_or_moved(self, name: str) -> ir.Table:
        return self.came[name].union(self._moved_of[name])

    @cached_property
    def _moved_of(self) -> Tables:
        """Records that did not change, but may be somebody else's now."""
        return {name: self._moved_records(name) for name in (*OWNED, "messages")}

    def _moved_records(self, name: str) -> ir.Table:
        rows, came = self.now[name], self.came[name]
        ways = [("person_id", self._moved)]
        if name in OWNED:
            ways.append(("order_id", self._altered))
        # Nearly always these are among those that came: found out from the narrow column alone.
        found = [way for way in ways if self._count(rows, *way) > self._count(came, *way)]
        if not found:
            return came.limit(0)
        own = ibis.union(*(rows.semi_join(keys, column) for column, keys in found), distinct=True)
        return self.engine.keep(own.anti_join(came, list(contract(name).key)))

    def _count(self, rows: ir.Table, column: str, keys: ir.Table) -> int:
        own = rows.select(column).semi_join(keys, column)
        (answer,) = self.engine.fetch(own.aggregate(n=own.count())).to_pylist()
        return int(answer["n"])

    @cached_property
    def _stale(self) -> ir.Table:
        """The records of which what was told before does not hold.

        Returns:
            `record_table`, `record_id`, and `is_by_person`: whether it stood with its person's
            customer for certain, and not with that of an order.
        """
        first_told = self.came["orders"].anti_join(self.gone["orders"], "order_id")
        told = [
            _of("orders", self._altered.anti_join(first_told, "order_id")),
            _of("survey_answers", self._responses),
        ]
        for name in (*OWNED, "messages"):
            moved = self._moved_of[name]
            is_by_person = moved["order_id"].isnull() if name in OWNED else True
            told += [_of(name, self.gone[name]), _of(name, moved, is_by_person)]
        return self.engine.keep(ibis.union(*told))

    def _orders_about(self, records: Tables) -> ir.Table:
        """The orders that records are about, with those that these take back."""
        orders = self.now["orders"]
        told = [self._altered, *(records[name].select("order_id") for name in OWNED)]
        ids = self.engine.keep(ibis.union(*told, distinct=True))
        own = self.engine.keep(orders.semi_join(ids, "order_id"))
        origins = orders.semi_join(own, orders["order_id"] == own["refers_to_order_id"])
        return self.engine.keep(own.union(origins, distinct=True))


def _of(name: str, rows: ir.Table, is_by_person: ir.BooleanValue | bool = False) -> ir.Table:
    """The names of records in a table, as the timeline has them."""
    (key,) = ("response_id",) if name == "survey_answers" else contract(name).key
    by_person = ibis.literal(is_by_person) if isinstance(is_by_person, bool) else is_by_person
    return rows.select(record_table=ibis.literal(name), record_id=rows[key], is_by_person=by_person)
