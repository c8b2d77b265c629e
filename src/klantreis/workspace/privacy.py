"""What a person may ask: what do you know about me, and erase it; with proof, and for ever."""

from __future__ import annotations

import gzip
import hmac
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from html import escape
from pathlib import Path
from typing import Any
from uuid import uuid4

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from klantreis.errors import NotFoundError, message
from klantreis.runner import Store
from klantreis.runner.exports import content_id, find_exports
from klantreis.runner.store import FOLDER
from klantreis.state import ImportPart, State
from klantreis.tables import TABLES
from klantreis.workspace.accounts import utc_now
from klantreis.workspace.collecting import Collecting
from klantreis.workspace.needles import Identifier, Needles, comparable
from klantreis.workspace.proof import Proof, prove
from klantreis.workspace.reading import Reading
from klantreis.workspace.rewriting import is_their_object, rewritten
from klantreis.workspace.secret import new_secret

__all__ = ["Consent", "Erased", "Privacy"]

IDENTIFYING = (
    "email",
    "email_sha256",
    "phone",
    "loyalty_card",
    "customer_number",
    "user_id",
    "cookie",
    "device",
    "social",
    "payer",
)
WORDS = {
    "nl": {
        "title": "Wat wij over u weten",
        "made": "Gemaakt op",
        "none": "niets",
        "rows": "regels",
        "exports": "Zoals het in de bestanden van onze systemen staat",
    },
    "en": {
        "title": "What we know about you",
        "made": "Made on",
        "none": "nothing",
        "rows": "rows",
        "exports": "As it stands in the files of our systems",
    },
}


@dataclass(frozen=True)
class Consent:
    """A yes or no to a purpose: when it was stated, and in which source."""

    purpose: str
    is_granted: bool
    stated_at: datetime
    source: str


@dataclass(frozen=True)
class Erased:
    """What an erasure did.

    Attributes:
        customer_id: number under which the customer was known.
        exports: files of exports that were rewritten.
        parts: what imports wrote, rewritten.
        state_rows: rows of the state that were deleted or changed.
        proof: what a search of everything found afterwards.
    """

    customer_id: int
    exports: tuple[str, ...]
    parts: int
    state_rows: int
    proof: Proof


class Privacy:
    """Access, consent and erasure.

    Args:
        folder: the workspace.
        reading: the published tables.
        state: what people decided.
        store: where tables are.
        collecting: events that were collected.
        run: makes and publishes all tables anew.
    """

    def __init__(
        self,
        folder: Path,
        reading: Reading,
        state: State,
        store: Store,
        collecting: Collecting,
        run: Callable[[], Any],
    ) -> None:
        self._folder = folder
        self._reading = reading
        self._state = state
        self._store = store
        self._collecting = collecting
        self._run = run

    # Consent

    def consents(self, customer_id: int) -> tuple[Consent, ...]:
        """Every yes and no of a customer, newest first."""
        consents, links = self._reading.table("consents"), self._reading.table("links")
        own = links.filter(links["customer_id"] == customer_id).select("person_id")
        rows = self._reading.rows(consents.semi_join(own, "person_id"))
        stated = (
            Consent(row["purpose"], row["is_granted"], row["stated_at"], row["source"])
            for row in rows
        )
        return tuple(sorted(stated, key=lambda one: (one.stated_at, one.source), reverse=True))

    def may(self, customer_id: int, purpose: str) -> bool:
        """Whether a customer may be served for a purpose: the strictest of what each source last
        heard; no when nothing was ever stated."""
        last: dict[str, Consent] = {}
        for one in self.consents(customer_id):
            if one.purpose == purpose:
                held = last.setdefault(one.source, one)
                # Two statements at the same moment: the no counts.
                if held.stated_at == one.stated_at and not one.is_granted:
                    last[one.source] = one
        return bool(last) and all(one.is_granted for one in last.values())

    # Access

    def access(self, customer_id: int, *, language: str = "nl") -> bytes:
        """Everything about one customer: a zip with JSON and a page to read.

        Args:
            language: of the page, `nl` or `en`.

        Raises:
            NotFoundError: there is no such customer.
        """
        needles = self._needles(customer_id)
        tables = {
            name: rows for name in TABLES if (rows := self._rows_of(name, customer_id, needles))
        }
        raw = self._raw(needles)
        facts = {"customer_id": customer_id, "made_at": utc_now(), "tables": tables, "exports": raw}
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            text = json.dumps(facts, ensure_ascii=False, indent=1, default=str)
            archive.writestr("customer.json", text)
            archive.writestr("customer.html", _page(tables, raw, WORDS[language], language))
        return written.getvalue()

    def _rows_of(self, name: str, customer_id: int, needles: Needles) -> list[dict[str, Any]]:
        table = self._reading.table(name)
        return (
            self._reading.rows(table.filter(own))
            if (own := _own(table, customer_id, needles)) is not None
            else []
        )

    def _raw(self, needles: Needles) -> Mapping[str, list[str]]:
        """Lines of the exports in which an identifier stands, as written."""
        found: dict[str, list[str]] = {}
        for file in find_exports(self._folder):
            lines = _plain_lines(file.path.read_bytes())
            own = [line.decode("utf-8", "replace") for line in lines if needles.is_in(line)]
            if own:
                found[file.shown_path] = own
        return found

    # Erasure

    def erase(self, customer_id: int) -> Erased:
        """Erase a customer from exports, tables, earlier versions and state, and prove it.

        A mark stays (keyed hashes of the identifiers), so that a later import of an old export
        does not bring them back. Backups made before still hold them.

        Raises:
            NotFoundError: there is no such customer.
            WorkspaceBusyError: an import or run is at work.
        """
        needles = self._needles(customer_id)
        numbers = self._numbers(customer_id)
        self._state.erasures.add(self._marks(needles.identifiers), utc_now())
        with self._store.writing():
            exports, parts = self._remove(needles)
        self._run()
        with self._store.writing():
            self._state.forget_before(1)
            state_rows = self._state.erasures.remove(numbers, needles.without)
            self._store.remove_unused(self._state.files_in_use())
            for derived in ("spill", "profiles"):
                shutil.rmtree(self._store.folder / derived, ignore_errors=True)
        proof = prove(self._folder, self._state, needles)
        return Erased(customer_id, exports, parts, state_rows, proof)

    def keep_out(self) -> int:
        """After an import: take out again whoever was erased before; returns how many records."""
        marks = self._state.erasures.marks()
        if not marks:
            return 0
        stated = [one for one in self._stated() if self._mark(one[1]) in marks]
        if not stated:
            return 0
        persons = frozenset(person for person, _ in stated)
        identifiers = tuple({identifier for _, identifier in stated})
        needles = Needles(identifiers, persons, self._orders_of(persons))
        with self._store.writing():
            self._remove(needles)
            self._state.erasures.remove((), needles.without)
            self._store.remove_unused(self._state.files_in_use())
        return len(persons)

    def _remove(self, needles: Needles) -> tuple[tuple[str, ...], int]:
        """Rewrite files of exports and parts of imports without the rows that needles point to."""
        exports, files = [], []
        held = self._state.imported_files()
        for found in find_exports(self._folder):
            if not rewritten(found.path, found.source, needles):
                continue
            exports.append(found.shown_path)
            known = next((one for one in reversed(held) if one.path == found.shown_path), None)
            if known:
                facts = found.path.stat()
                fresh = replace(known, size_bytes=facts.st_size, changed_at=facts.st_mtime)
                files.append(replace(fresh, file_id=content_id(found.path)))
        # What was read earlier may come again under any name: then it must be read, to be refused.
        forgotten = [
            one for one in held if one.path in exports or not (self._folder / one.path).exists()
        ]
        self._collecting.erase(partial(_is_their_event, needles))
        for path in self._other_files():
            if rewritten(path, "", needles):
                exports.append(path.relative_to(self._folder).as_posix())
        parts: dict[str, ImportPart] = {}
        for part in self._state.import_parts():
            without = self._part_without(part, needles)
            if without is not part:
                parts[part.part_id] = without
        self._state.replace_parts(parts, files, forgotten)
        return tuple(exports), len(parts)

    def _part_without(self, part: ImportPart, needles: Needles) -> ImportPart:
        files, rows, is_changed = [], 0, False
        for name in part.files:
            held = self._store.folder / name
            table = pq.read_table(held)
            kept = _rows_kept(table, part, needles)
            rows += kept.num_rows
            if kept is table:
                files.append(name)
                continue
            is_changed = True
            if kept.num_rows:
                target = held.with_name(f"{uuid4().hex[:12]}.parquet")
                pq.write_table(kept, target, compression="zstd")
                files.append(target.relative_to(self._store.folder).as_posix())
        if not is_changed:
            return part
        part_id = f"{part.part_id[:27]}-{uuid4().hex[:12]}"
        return replace(part, part_id=part_id, files=tuple(files), rows=rows)

    def _other_files(self) -> Iterable[Path]:
        """Files of the workspace that are neither exports nor tables nor state."""
        for path in sorted(self._folder.rglob("*")):
            inside = path.relative_to(self._folder).parts
            is_ours = inside[0] == FOLDER and (
                inside[-1] == FOLDER
                or inside[1] in OWN_OF_STORE
                or inside[1].startswith("state.sqlite")
            )
            if path.is_file() and inside[0] != "exports" and not is_ours:
                yield path

    # Who it is

    def _needles(self, customer_id: int) -> Needles:
        persons = frozenset(self._persons(customer_id))
        if not persons:
            raise NotFoundError(
                message("Unknown customer", got=str(customer_id), next_step="see klantreis query")
            )
        own: set[Identifier] = set()
        others: set[str] = set()
        for person, identifier in self._stated():
            if person in persons:
                own.add(identifier)
            else:
                others.add(comparable(identifier))
        # What others share (a household's telephone) stays theirs.
        identifiers = sorted(
            (one for one in own if comparable(one) not in others), key=lambda one: comparable(one)
        )
        return Needles(tuple(identifiers), persons, self._orders_of(persons))

    def _persons(self, customer_id: int) -> list[str]:
        links = self._reading.table("links")
        rows = self._reading.rows(links.filter(links["customer_id"] == customer_id))
        return [row["person_id"] for row in rows]

    def _numbers(self, customer_id: int) -> tuple[int, ...]:
        merges = self._reading.table("customer_merges")
        rows = self._reading.rows(merges.filter(merges["customer_id"] == customer_id))
        return (customer_id, *(row["old_customer_id"] for row in rows))

    def _stated(self) -> Iterable[tuple[str, Identifier]]:
        """Each person record with each of its identifiers, from what imports wrote."""
        for part in self._state.import_parts():
            if part.table_name not in ("identifiers", "persons"):
                continue
            for name in part.files:
                yield from _identifiers_in(pq.read_table(self._store.folder / name))

    def _orders_of(self, persons: frozenset[str]) -> frozenset[str]:
        own: set[str] = set()
        for part in self._state.import_parts():
            if part.table_name == "orders":
                for name in part.files:
                    table = pq.read_table(
                        self._store.folder / name, columns=["order_id", "person_id"]
                    )
                    mask = pc.is_in(table["person_id"], pa.array(sorted(persons), pa.string()))
                    own.update(table.filter(mask)["order_id"].to_pylist())
        return frozenset(own)

    def _marks(self, identifiers: Iterable[Identifier]) -> list[str]:
        return [self._mark(one) for one in identifiers]

    def _mark(self, identifier: Identifier) -> str:
        key = self._key()
        return hmac.new(key, comparable(identifier).encode(), "sha256").hexdigest()

    def _key(self) -> bytes:
        if not hasattr(self, "_held_key"):
            self._held_key = self._state.erasures.key(new_secret()).encode()
        return self._held_key


OWN_OF_STORE = ("tables", "parts", "spill", "writing.lock")


def _is_their_event(needles: Needles, source: str, line: bytes) -> bool:
    return is_their_object(line, source, needles)


def _identifiers_in(table: pa.Table) -> Iterable[tuple[str, Identifier]]:
    if "kind" in table.column_names:
        columns = (table[name].to_pylist() for name in ("person_id", "kind", "source", "value"))
        for person, kind, source, value in zip(*columns, strict=True):
            if kind in IDENTIFYING and value and value.strip():
                yield person, Identifier(kind, source, value)
        return
    for kind in ("email", "phone"):
        columns = (table[name].to_pylist() for name in ("person_id", "source", kind))
        for person, source, value in zip(*columns, strict=True):
            if value and value.strip():
                yield person, Identifier(kind, source, value)


def _rows_kept(table: pa.Table, part: ImportPart, needles: Needles) -> pa.Table:
    """The rows of a part that stay; the very table when all do."""
    gone = pa.array([False] * table.num_rows)
    for column, ids in (("person_id", needles.persons), ("order_id", needles.orders)):
        if column in table.column_names:
            own = pc.is_in(table[column], pa.array(sorted(ids), pa.string()))
            gone = pc.or_(gone, pc.fill_null(own, False))
    for name in table.column_names:
        if pa.types.is_string(table[name].type) or pa.types.is_large_string(table[name].type):
            texts = pc.unique(table[name]).drop_null().to_pylist()
            bad = [one for one in texts if needles.is_in_text(one)]
            if bad:
                found = pc.is_in(table[name], pa.array(bad, table[name].type))
                gone = pc.or_(gone, pc.fill_null(found, False))
    return table.filter(pc.invert(gone)) if pc.any(gone).as_py() else table


def _own(table: ir.Table, customer_id: int, needles: Needles) -> ir.BooleanValue | None:
    if "customer_id" in table.columns:
        return table["customer_id"] == customer_id
    if "person_id" in table.columns:
        return table["person_id"].isin(sorted(needles.persons))
    if "order_id" in table.columns and needles.orders:
        return table["order_id"].isin(sorted(needles.orders))
    return None


def _plain_lines(content: bytes) -> list[bytes]:
    if content[:2] == b"\x1f\x8b":
        return _plain_lines(gzip.decompress(content))
    return content.splitlines()


def _page(
    tables: Mapping[str, list[dict[str, Any]]],
    raw: Mapping[str, list[str]],
    words: Mapping[str, str],
    language: str,
) -> str:
    sections = [
        f"<h2>{escape(name)} ({len(rows)} {words['rows']})</h2>{_grid(rows)}"
        for name, rows in tables.items()
    ]
    exports = "".join(
        f"<h3>{escape(path)}</h3><pre>{escape(chr(10).join(lines))}</pre>"
        for path, lines in raw.items()
    )
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        f"<title>{words['title']}</title>"
        "<style>body{font:14px system-ui;margin:2rem}table{border-collapse:collapse}"
        "td,th{border:1px solid #dfdcd4;padding:4px 8px;text-align:left}</style>"
        f"<h1>{words['title']}</h1><p>{words['made']} {utc_now():%Y-%m-%d}</p>"
        + "".join(sections)
        + f"<h2>{words['exports']}</h2>{exports or words['none']}</html>"
    )


def _grid(rows: list[dict[str, Any]]) -> str:
    filled = [name for name in rows[0] if any(row[name] not in (None, "") for row in rows)]
    heads = "".join(f"<th>{escape(name)}</th>" for name in filled)
    lines = "".join(
        "<tr>"
        + "".join(f"<td>{escape('' if row[n] is None else str(row[n]))}</td>" for n in filled)
        + "</tr>"
        for row in rows
    )
    return f"<table><tr>{heads}</tr>{lines}</table>"
