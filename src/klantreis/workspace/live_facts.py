"""The published tables together with what was collected since, for the customers that it is of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from klantreis.engine import Engine
from klantreis.portraits import Known, continued, portrayed
from klantreis.settings import Settings
from klantreis.tables import conform, contract
from klantreis.workspace.collecting import Collecting
from klantreis.workspace.live_events import LiveEvents
from klantreis.workspace.live_people import NOTHING, Collected, numbers, whose
from klantreis.workspace.reading import Reading

__all__ = ["LiveFacts"]


class LiveFacts:
    """Knows of each customer what the tables say and what was collected since.

    Args:
        folder: of the workspace.
        reading: the published tables.
        collecting: the log of collected events.
        settings: of the workspace.
        connect: starts an engine.
    """

    def __init__(
        self,
        folder: Path,
        reading: Reading,
        collecting: Collecting,
        settings: Settings,
        connect: Callable[[], Engine],
    ) -> None:
        self._folder, self._reading, self._collecting = folder, reading, collecting
        self._settings, self._connect = settings, connect
        self._held: tuple[tuple[int, int], Collected] | None = None

    @property
    def collected(self) -> Collected:
        """What was collected since the publication; read again when there is more, or a new one."""
        published, newest = self._reading.published, self._collecting.newest
        if published is None or not newest:
            return NOTHING
        asked = (published.publication_id, newest)
        if self._held is None or self._held[0] != asked:
            live = LiveEvents.read(
                self._collecting, self._reading, self._settings, self._folder, self._connect
            )
            self._held = (asked, whose(live.tables, self._reading))
        return self._held[1]

    def tables(
        self, ids: Collection[int], tables: Mapping[str, ir.Table], *, now: datetime
    ) -> Mapping[str, ir.Table]:
        """Published tables in which the rows of these customers know what was collected since.

        Timeline and portrait are made by the steps that a run makes them with; segments stay as
        they were.

        Args:
            ids: some ten thousand customers at most.
            tables: published; `timeline`, `portraits`, `payments` and `links` among them.
            now: later moments do not count in portraits, naive UTC.
        """
        held = self.collected
        own = sorted(held.events_of.keys() & set(ids))
        if not own:
            return tables
        table = self._reading.engine.table
        made = {name: table(rows) for name, rows in self._made(own, held, now).items()}
        mine, persons = table(numbers(own)), made["links"].select("person_id")
        kept = {
            "timeline": tables["timeline"].anti_join(mine, "customer_id"),
            "portraits": tables["portraits"].anti_join(mine, "customer_id"),
            "links": tables["links"].anti_join(persons, "person_id"),
            "payments": tables["payments"],
        }
        together = {
            name: conform(rows, contract(name)).union(made[name]) for name, rows in kept.items()
        }
        return {**tables, **together}

    def _made(self, own: Sequence[int], held: Collected, now: datetime) -> Mapping[str, pa.Table]:
        """Timeline and portraits of some customers made anew; payments and links that are new."""
        links = _links(own, held)
        persons = links["person_id"].combine_chunks()
        events, payments = (
            rows.filter(pc.is_in(rows["person_id"], persons))
            for rows in (held.tables["events"], held.tables["payments"])
        )
        engine = self._connect()
        try:
            timeline = continued(
                engine.table(self._of(own, "timeline")),
                engine.table(events),
                engine.table(links),
                session_minutes=self._settings.session_minutes,
            )
            whole = engine.fetch(conform(timeline, contract("timeline")))
            tables = self._beside(whole)
            known = Known(
                engine.table(self._of(own, "customers")),
                engine.table(whole),
                engine.table(tables["orders"]),
                engine.table(tables["order_lines"]),
                engine.table(tables["products"]),
                engine.table(pa.concat_tables([tables["payments"], payments])),
                engine.table(tables["feedback"]),
                engine.table(self._of(own, "households")),
                engine.table(self._of(own, "undated_purchases")),
            )
            made = portrayed(known, engine=engine, as_of=now, time_zone=self._settings.time_zone)
            portrait = engine.fetch(conform(made, contract("portraits")))
        finally:
            engine.close()
        return {"timeline": whole, "portraits": portrait, "payments": payments, "links": links}

    def _of(self, own: Sequence[int], name: str) -> pa.Table:
        mine = self._reading.engine.table(numbers(own))
        return self._fetched(name, self._reading.table(name).semi_join(mine, "customer_id"))

    def _beside(self, timeline: pa.Table) -> Mapping[str, pa.Table]:
        """What portraits read beside a timeline, as far as the timeline speaks of it."""
        table = self._reading.table
        ids = self._values("order_id", timeline["order_id"])
        taken_back = table("orders").semi_join(
            ids.select(refers_to_order_id="order_id"), "refers_to_order_id"
        )
        found = {
            name: self._fetched(name, table(name).semi_join(ids, "order_id"))
            for name in ("orders", "order_lines", "payments")
        }
        receipts = self._fetched("orders", taken_back.anti_join(ids, "order_id"))
        found["orders"] = pa.concat_tables([found["orders"], receipts])
        wanted = pa.chunked_array(
            [*timeline["product_id"].chunks, *found["order_lines"]["product_id"].chunks],
            pa.string(),
        )
        about = {
            "products": ("product_id", wanted),
            "feedback": ("feedback_id", timeline["record_id"]),
        }
        for name, (key, values) in about.items():
            asked = self._values(key, values)
            found[name] = self._fetched(name, table(name).semi_join(asked, key))
        return found

    def _values(self, name: str, values: pa.ChunkedArray) -> ir.Table:
        return self._reading.engine.table(pa.table({name: pc.unique(values).drop_null()}))

    def _fetched(self, name: str, expression: ir.Table) -> pa.Table:
        return self._reading.fetch(conform(expression, contract(name)))


def _links(own: Sequence[int], held: Collected) -> pa.Table:
    """The person records of some customers of whom something was collected."""
    mine = set(own)
    rows = [
        {"person_id": person, "customer_id": customer, "rule": "collected"}
        for person, customer in held.owner.items()
        if customer in mine
    ]
    return pa.Table.from_pylist(rows, contract("links").schema.to_pyarrow())
