"""What decisions rest on: customers with their facts, entries and messages, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from itertools import islice

import ibis.expr.types as ir
import pyarrow as pa

from klantreis.campaigns import (
    GATHERED,
    Entry,
    Flow,
    Known,
    Sent,
    candidates,
    horizon,
    known_customers,
)
from klantreis.state import State
from klantreis.workspace.consents import Consents
from klantreis.workspace.live_facts import LiveFacts
from klantreis.workspace.live_people import NOTHING, numbers
from klantreis.workspace.reading import Reading
from klantreis.workspace.rule_names import rule_tables

__all__ = ["CampaignFacts", "Standing"]

BATCH = 2000
BATCHES_TOGETHER = 10  # of what was collected the tables are made for so many at once
Standing = tuple[Known, Sequence[Entry], Sequence[Sent]]
Tables = Mapping[str, ir.Table]
Refuses = Callable[[int, str], bool]


class CampaignFacts:
    """Gathers customers for decisions.

    Args:
        reading: the published tables.
        live: what was collected since.
        state: knows entries, messages and withdrawals.
    """

    def __init__(self, reading: Reading, live: LiveFacts, state: State) -> None:
        self._reading, self._live, self._state = reading, live, state
        self._consents = Consents(reading, state)

    def tables(self) -> Tables:
        """The published tables that facts are gathered from; a no said since counts in them."""
        return self._consents.strictest(self._published())

    def found_in(self, now: datetime) -> Tables:
        """The same to find customers in: with all moments of one kind of event together."""
        return self._consents.strictest({**self._published(), **rule_tables(self._reading, now)})

    def _published(self) -> Tables:
        return {name: self._reading.table(name) for name in GATHERED}

    def concerned(self, flow: Flow, now: datetime) -> Iterator[Iterator[Standing]]:
        """Everyone whom a flow may be about now, in batches: for whom its trigger holds by the
        tables, of whom something was collected since, and who is on the way through it."""
        merged = self._merged()
        active = {entry.customer_id for entry in self._state.campaigns.active(flow.name)}
        found = self._reading.fetch(candidates(flow, self.found_in(now), now=now))
        ids = {merged.get(number, number) for number in active}
        ids |= self._moved(flow, now)
        waiting = iter(sorted(ids.union(found["customer_id"].to_pylist())))
        while several := list(islice(waiting, BATCH * BATCHES_TOGETHER)):
            live = self._live.tables(several, self._published(), now=now)
            tables = self._consents.strictest(live)
            refuses = self._live.collected.refuses
            for start in range(0, len(several), BATCH):
                batch = several[start : start + BATCH]
                yield self._standing(flow, batch, now, tables, refuses)

    def standing(self, flow: Flow, ids: Sequence[int], now: datetime) -> Iterator[Standing]:
        """Each customer by the published tables alone, with their entries and messages.

        Args:
            flow: tells how far back to look.
            ids: customers.
            now: later moments do not count, naive UTC.
        """
        return self._standing(flow, ids, now, self.tables(), NOTHING.refuses)

    def _standing(
        self, flow: Flow, ids: Sequence[int], now: datetime, tables: Tables, refuses: Refuses
    ) -> Iterator[Standing]:
        """Each customer with their entries and messages, those of merged numbers too."""
        if not ids:
            return
        batch = set(ids)
        before = {old: new for old, new in self._merged().items() if new in batch}
        customers = [*ids, *before]
        entries: dict[int, list[Entry]] = {}
        for kept in self._state.campaigns.entries_of(customers):
            whose = before.get(kept.customer_id, kept.customer_id)
            entries.setdefault(whose, []).append(Entry(**asdict(kept)))
        sent: dict[int, list[Sent]] = {}
        for one in self._state.outbox.messages_of(customers):
            whose = before.get(one.customer_id, one.customer_id)
            told = Sent(one.campaign, one.entered_at, one.letter, one.is_service, one.decided_at)
            sent.setdefault(whose, []).append(told)
        for known in self._known(flow, ids, before, now, tables, refuses):
            number = known.customer_id
            yield known, entries.get(number, []), sent.get(number, [])

    def _known(
        self,
        flow: Flow,
        ids: Sequence[int],
        before: Mapping[int, int],
        now: datetime,
        tables: Tables,
        refuses: Refuses,
    ) -> list[Known]:
        customers, addresses = self._consents.refused()
        withdrawn = {before.get(number, number) for number in customers}
        back = horizon(flow)

        def has_withdrawn(number: int, email: str) -> bool:
            is_ours = number in withdrawn or email in addresses
            return is_ours or refuses(number, email)

        return known_customers(
            self._reading.engine.table(pa.table({"customer_id": pa.array(ids, pa.int64())})),
            tables,
            self._reading.rows,
            rules=flow.rules,
            since=now - back if back else datetime(1970, 1, 1),
            now=now,
            withdrawn=has_withdrawn,
        )

    def _moved(self, flow: Flow, now: datetime) -> frozenset[int]:
        """Customers for whom the trigger may hold by what was collected since the publication."""
        collected = self._live.collected
        everyone = collected.customers()
        if not flow.trigger.event or not everyone:
            return everyone
        # Their rule may hold now; the moment itself may have come before the publication.
        moment = replace(flow, trigger=replace(flow.trigger, rule=None))
        mine = self._reading.engine.table(numbers(everyone))
        earlier = candidates(moment, self.found_in(now), now=now).semi_join(mine, "customer_id")
        found = self._reading.fetch(earlier)["customer_id"].to_pylist()
        return collected.customers(flow.trigger.event).union(found)

    def _merged(self) -> dict[int, int]:
        rows = self._reading.rows(self._reading.table("customer_merges"))
        return {row["old_customer_id"]: row["customer_id"] for row in rows}
