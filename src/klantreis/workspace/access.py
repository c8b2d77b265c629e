"""Everything about one customer in one file: for whoever asks what is known of them."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import openpyxl
import pyarrow.parquet as pq

from klantreis.campaigns import EVERYTHING, is_held_out
from klantreis.runner.exports import find_exports
from klantreis.runner.store import FOLDER
from klantreis.settings import Settings
from klantreis.state import State
from klantreis.tables import TABLES
from klantreis.workspace.accounts import utc_now
from klantreis.workspace.audience_members import AudienceMembers
from klantreis.workspace.collecting import Collecting
from klantreis.workspace.needles import Needles
from klantreis.workspace.reading import Reading
from klantreis.workspace.rewriting import is_their_object
from klantreis.workspace.their_rows import rows_with_identifier

__all__ = ["Access"]

WORDS = {
    "nl": {
        "title": "Wat wij over u weten",
        "made": "Gemaakt op",
        "none": "niets",
        "rows": "regels",
        "tables": "Wat wij eruit hebben afgeleid",
        "decided": "Wat wij u stuurden of niet stuurden, wat u toestond, en wat wij opschreven",
        "held_out": "Controlegroepen: wie daarin zit krijgt een campagne niet, om de werking te meten",
        "audiences": "In welke bewaarde publieken u zit, kwam en uit ging",
        "exports": "Zoals het in de bestanden van onze systemen staat",
    },
    "en": {
        "title": "What we know about you",
        "made": "Made on",
        "none": "nothing",
        "rows": "rows",
        "tables": "What we derived from it",
        "decided": "What we sent you or did not send, what you allowed, and what we wrote down",
        "held_out": "Holdouts: who is in one does not get a campaign, to measure what it does",
        "audiences": "Which saved audiences you are in, came into and left",
        "exports": "As it stands in the files of our systems",
    },
}
IN_TEXTS = ("quarantine", "blocked_identifiers")  # rows that tie to nobody, but may name somebody


class Access:
    """Writes the file.

    Args:
        folder: the workspace.
        reading: the published tables.
        state: what people decided.
        settings: of the workspace.
        collecting: events that were collected.
    """

    def __init__(
        self,
        folder: Path,
        reading: Reading,
        state: State,
        settings: Settings,
        collecting: Collecting,
    ) -> None:
        self._folder, self._reading, self._state = folder, reading, state
        self._settings, self._collecting = settings, collecting

    def file(self, customer_id: int, needles: Needles, *, language: str) -> bytes:
        """A zip with `customer.json`, and `customer.html` to read.

        Args:
            needles: what points to the customer.
            language: of the page, `nl` or `en`.
        """
        facts = {
            "customer_id": customer_id,
            "made_at": utc_now(),
            "tables": self._tables(customer_id, needles),
            "decided": self._state.persons.about(
                needles.customers, needles.is_named_in, needles.persons
            ),
            "held_out": self._held_out(customer_id),
            "audiences": self._audiences(needles),
            "exports": self._as_written(needles),
        }
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            text = json.dumps(facts, ensure_ascii=False, indent=1, default=str)
            archive.writestr("customer.json", text)
            archive.writestr("customer.html", _page(facts, WORDS[language], language))
        return written.getvalue()

    def _tables(self, customer_id: int, needles: Needles) -> Mapping[str, list[dict[str, Any]]]:
        found = {name: self._rows_of(name, customer_id, needles) for name in TABLES}
        return {name: rows for name, rows in found.items() if rows}

    def _rows_of(self, name: str, customer_id: int, needles: Needles) -> list[dict[str, Any]]:
        table = self._reading.table(name)
        own = _own(table, customer_id, needles)
        if own is not None:
            return self._reading.rows(table.filter(own))
        if name in IN_TEXTS:
            rows = self._reading.fetch(table)
            named = rows_with_identifier(rows, needles)
            found: list[dict[str, Any]] = [] if named is None else rows.filter(named).to_pylist()
            return found
        return []

    def _held_out(self, customer_id: int) -> Mapping[str, bool]:
        """Whether the draw put them in the holdout over all campaigns."""
        salt = self._state.campaigns.secret("holdout")
        share = self._settings.global_holdout
        return {"all_campaigns": is_held_out(customer_id, EVERYTHING, share, salt=salt)}

    def _audiences(self, needles: Needles) -> list[dict[str, Any]]:
        """Which saved audiences they are in, came into and left, as far as that is kept."""
        kept = AudienceMembers(self._folder / FOLDER)
        marks = {
            (one.name, size.rule_mark): None
            for one in self._state.audiences.all()
            for size in self._state.audiences.sizes(one.name)
        }
        return [
            {"audience": name, "at": at, "what": what}
            for name, mark in marks
            for at, what in kept.of_customer(mark, needles.customers)
        ]

    def _as_written(self, needles: Needles) -> Mapping[str, list[str]]:
        """Lines in which an identifier stands, as written: of exports, messages for others, events."""
        outbox = sorted((self._folder / FOLDER / "outbox").glob("*.csv"))
        files = [*(found.path for found in find_exports(self._folder)), *outbox]
        found = {
            path.relative_to(self._folder).as_posix(): list(
                _lines_with(path.name, path.read_bytes(), needles)
            )
            for path in files
        }
        found["collected"] = self._collecting.lines_with(partial(_is_their_event, needles))
        return {name: lines for name, lines in found.items() if lines}


def _is_their_event(needles: Needles, source: str, line: bytes) -> bool:
    return is_their_object(line, source, needles)


def _own(table: ir.Table, customer_id: int, needles: Needles) -> ir.BooleanValue | None:
    if "customer_id" in table.columns:
        return table["customer_id"] == customer_id
    if "person_id" in table.columns:
        return table["person_id"].isin(sorted(needles.persons))
    if "order_id" in table.columns and needles.orders:
        return table["order_id"].isin(sorted(needles.orders))
    return None


def _lines_with(name: str, content: bytes, needles: Needles) -> Iterator[str]:
    if content[:2] == b"\x1f\x8b":
        yield from _lines_with(name.removesuffix(".gz"), gzip.decompress(content), needles)
    elif content[:4] == b"PAR1":
        table = pq.read_table(io.BytesIO(content))
        named = rows_with_identifier(table, needles)
        rows: list[dict[str, Any]] = [] if named is None else table.filter(named).to_pylist()
        yield from (json.dumps(row, ensure_ascii=False, default=str) for row in rows)
    elif name.lower().endswith(".xlsx"):
        for sheet in openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets:
            for cells in sheet.iter_rows(values_only=True):
                shown = "; ".join("" if cell is None else str(cell) for cell in cells)
                if needles.is_in_text(shown):
                    yield shown
    elif content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for member in packed.namelist():
                yield from _lines_with(member, packed.read(member), needles)
    elif needles.is_in(content):
        for line in content.splitlines():
            if needles.is_in(line):
                yield line.decode("utf-8", "replace")


def _page(facts: Mapping[str, Any], words: Mapping[str, str], language: str) -> str:
    def sections(tables: Mapping[str, list[dict[str, Any]]]) -> str:
        return "".join(
            f"<h3>{escape(name)} ({len(rows)} {words['rows']})</h3>{_grid(rows)}"
            for name, rows in tables.items()
        )

    exports = "".join(
        f"<h3>{escape(path)}</h3><pre>{escape(chr(10).join(lines))}</pre>"
        for path, lines in facts["exports"].items()
    )
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        f"<title>{words['title']}</title>"
        "<style>body{font:14px system-ui;margin:2rem}table{border-collapse:collapse}"
        "td,th{border:1px solid #dfdcd4;padding:4px 8px;text-align:left}</style>"
        f"<h1>{words['title']}</h1><p>{words['made']} {facts['made_at']:%Y-%m-%d}</p>"
        f"<h2>{words['decided']}</h2>{sections(facts['decided']) or words['none']}"
        f"<h2>{words['held_out']}</h2>{_grid([facts['held_out']])}"
        f"<h2>{words['audiences']}</h2>{_grid(facts['audiences']) if facts['audiences'] else words['none']}"
        f"<h2>{words['tables']}</h2>{sections(facts['tables']) or words['none']}"
        f"<h2>{words['exports']}</h2>{exports or words['none']}</html>"
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
