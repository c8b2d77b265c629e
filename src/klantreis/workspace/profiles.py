"""Profiles of visitors, laid ready for answers within milliseconds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import msgspec

from klantreis import registry
from klantreis.campaigns import wanted_products
from klantreis.journeys import with_phase
from klantreis.runner.store import FOLDER
from klantreis.workspace.reading import Reading

__all__ = ["Profile", "ProfileBook", "Profiles"]

USUAL_MODEL = "see_think_do_care"
ID_KINDS = ("user_id", "cookie", "device", "customer_number")
PRODUCTS_KEPT = 20
SCHEMA = """
CREATE TABLE profiles (customer_id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
CREATE TABLE ids (id TEXT PRIMARY KEY, customer_id INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE facts (name TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT;
"""


class Profile(msgspec.Struct, frozen=True):
    """What is known of a customer, as of the last run.

    Attributes:
        customer_id: number.
        persona, persona_probability: most probable persona; empty when nobody was scored.
        segments: segment by segmentation.
        phase: phase of the open journey in the usual model; empty without one.
        orders: completed purchases.
        has_open_basket, has_open_complaint, may_email: as in the portrait.
        days_since_order: days; None without a purchase.
        wanted: products bought or put in a basket, the latest first.
        bought: those of them that were bought.
    """

    customer_id: int
    persona: str = ""
    persona_probability: float | None = None
    segments: Mapping[str, str] = msgspec.field(default_factory=dict)
    phase: str = ""
    orders: int = 0
    has_open_basket: bool = False
    has_open_complaint: bool = False
    may_email: bool = False
    days_since_order: int | None = None
    wanted: Sequence[str] = ()
    bought: Sequence[str] = ()


@dataclass(frozen=True)
class ProfileBook:
    """The profiles of one publication, opened for reading; one per thread that reads.

    Attributes:
        publication_id: the publication that they are of.
        facts: what holds for all: `neighbours`, `most_bought`, `checks`, `phases`, `as_of`.
    """

    publication_id: int
    facts: Mapping[str, Any]
    connection: sqlite3.Connection

    def find(self, visitor_id: str) -> Profile | None:
        """The profile of whoever is known by this user id, cookie, device or customer number."""
        row = self.connection.execute(
            "SELECT body FROM ids JOIN profiles USING (customer_id) WHERE id = ?", (visitor_id,)
        ).fetchone()
        return None if row is None else msgspec.msgpack.decode(row[0], type=Profile)


class Profiles:
    """Makes and opens the profiles of the published tables.

    Args:
        folder: the workspace's folder.
        reading: the published tables.
    """

    def __init__(self, folder: Path, reading: Reading) -> None:
        self._folder = folder / FOLDER / "profiles"
        self._reading = reading

    def open(self) -> ProfileBook | None:
        """The profiles of the newest publication, made first when they are not there yet."""
        published = self._reading.published
        if published is None:
            return None
        file = self._folder / f"{published.publication_id}.sqlite"
        if not file.exists():
            self._make(file)
        connection = sqlite3.connect(
            f"file:{file}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        rows = connection.execute("SELECT name, body FROM facts")
        facts = {name: msgspec.msgpack.decode(body) for name, body in rows}
        return ProfileBook(published.publication_id, facts, connection)

    def _make(self, file: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        connection = sqlite3.connect(unfinished)
        connection.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {SCHEMA}")
        connection.executemany("INSERT INTO profiles VALUES (?, ?)", self._profiles())
        connection.executemany("INSERT OR IGNORE INTO ids VALUES (?, ?)", self._ids())
        connection.executemany("INSERT INTO facts VALUES (?, ?)", self._facts())
        connection.commit()
        connection.close()
        unfinished.replace(file)
        for older in self._folder.glob("*.sqlite"):
            if int(older.stem) < int(file.stem):
                older.unlink()

    def _profiles(self) -> Iterator[tuple[int, bytes]]:
        encode = msgspec.msgpack.Encoder().encode
        for batch in self._reading.fetch(self._rows()).to_batches(max_chunksize=50_000):
            for row in batch.to_pylist():
                row["segments"] = {s["segmentation"]: s["segment"] for s in row["segments"] or ()}
                for name in ("wanted", "bought", "persona", "phase"):
                    row[name] = row[name] or ("" if name in ("persona", "phase") else ())
                yield row["customer_id"], encode(row)

    def _rows(self) -> ir.Table:
        portraits = self._reading.table("portraits")
        published = self._reading.published
        assert published is not None
        until = ibis.literal(published.as_of, "timestamp(6)")
        since = until.delta(portraits["last_order_at"], unit="day")
        rows = portraits.select(
            "customer_id",
            "orders",
            "has_open_complaint",
            "may_email",
            has_open_basket=portraits["open_basket_amount"].notnull(),
            days_since_order=since,
        )
        for other in (self._personas(), self._segments(), self._phases(), self._products()):
            rows = rows.left_join(other, "customer_id").drop("customer_id_right")
        return rows

    def _personas(self) -> ir.Table:
        members = self._reading.table("persona_memberships")
        most = ibis.struct(
            {"probability": members["probability"], "persona_id": members["persona_id"]}
        ).max()
        best = members.group_by("customer_id").aggregate(best=most)
        return best.select(
            "customer_id",
            persona=best["best"]["persona_id"],
            persona_probability=best["best"]["probability"],
        )

    def _segments(self) -> ir.Table:
        members = self._reading.table("memberships")
        pair = ibis.struct({"segmentation": members["segmentation"], "segment": members["segment"]})
        return members.group_by("customer_id").aggregate(segments=pair.collect())

    def _phases(self) -> ir.Table:
        """The last phase of each journey that is still open, in the usual model."""
        visits, journeys = self._reading.table("phase_visits"), self._reading.table("journeys")
        still_open = journeys.filter(journeys["outcome"] == "open").select("journey_id")
        own = visits.filter(visits["phase_model"] == USUAL_MODEL).semi_join(
            still_open, "journey_id"
        )
        last = own.group_by("customer_id").aggregate(
            last=ibis.struct({"entered_at": own["entered_at"], "phase": own["phase"]}).max()
        )
        return last.select("customer_id", phase=last["last"]["phase"])

    def _products(self) -> ir.Table:
        names = ("timeline", "orders", "order_lines", "links")
        wanted = wanted_products(*(self._reading.table(name) for name in names))
        newest = ibis.window(group_by="customer_id", order_by=[ibis.desc("last_at"), "product_id"])
        kept = wanted.mutate(place=ibis.row_number().over(newest))
        kept = kept.filter(kept["place"] < PRODUCTS_KEPT)
        placed = ibis.struct({"place": kept["place"], "product_id": kept["product_id"]})
        lists = kept.group_by("customer_id").aggregate(
            wanted=placed.collect().sort(),
            bought=kept["product_id"].collect(where=kept["bought_at"].notnull()),
        )
        return lists.select(
            "customer_id", "bought", wanted=lists["wanted"].map(lambda each: each.product_id)
        )

    def _ids(self) -> Iterator[tuple[str, int]]:
        """Identifiers that stand for one customer; who shares a device stays unknown there."""
        stated, links = self._reading.table("identifiers"), self._reading.table("links")
        blocked = self._reading.table("blocked_identifiers").select("kind", "value")
        known = stated.filter(stated["kind"].isin(ID_KINDS)).anti_join(blocked, ["kind", "value"])
        owned = known.join(links.select("person_id", "customer_id"), "person_id")
        ids = owned.group_by("value").aggregate(
            customer_id=owned["customer_id"].min(), last=owned["customer_id"].max()
        )
        ids = ids.filter(ids["customer_id"] == ids["last"]).select("value", "customer_id")
        for batch in self._reading.fetch(ids).to_batches(max_chunksize=100_000):
            yield from zip(
                batch["value"].to_pylist(), batch["customer_id"].to_pylist(), strict=True
            )

    def _facts(self) -> Iterator[tuple[str, bytes]]:
        published = self._reading.published
        assert published is not None
        near = self._reading.table("product_neighbours").order_by("product_id", "rank")
        neighbours: dict[str, list[tuple[str, float]]] = {}
        for row in self._reading.rows(near):
            neighbours.setdefault(row["product_id"], []).append((row["neighbour_id"], row["score"]))
        facts = {
            "as_of": published.as_of.isoformat(),
            "neighbours": neighbours,
            "most_bought": self._most_bought(),
            "checks": self._reading.rows(self._reading.table("recommendation_checks")),
            "phases": self._touchpoint_phases(),
        }
        for name, value in facts.items():
            yield name, msgspec.msgpack.encode(value)

    def _most_bought(self) -> list[str]:
        lines = self._reading.table("order_lines")
        lines = lines.filter(lines["product_id"].notnull())
        counted = lines.group_by("product_id").aggregate(lines=lines.count())
        ordered = counted.order_by([ibis.desc("lines"), "product_id"]).limit(200)
        return [row["product_id"] for row in self._reading.rows(ordered)]

    def _touchpoint_phases(self) -> dict[str, str]:
        """The phase of each touchpoint before a purchase: where a live visitor is now."""
        seen = self._reading.table("steps").select("channel", "event").distinct()
        is_purchase = seen["event"] == "purchase"
        seen = seen.mutate(moment=ibis.ifelse(is_purchase, "purchase", "before"))
        placed = with_phase(seen, phase_model=registry.load("phase_models", USUAL_MODEL))
        rows = self._reading.rows(placed.filter(placed["phase"].notnull()))
        return {f"{row['channel']}.{row['event']}": row["phase"] for row in rows}
