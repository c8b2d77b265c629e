"""Collected events that no published table holds yet, read as an import will read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from klantreis import registry
from klantreis.engine import Engine
from klantreis.runner.exports import export_options
from klantreis.settings import Settings
from klantreis.sources import ExportFile, Source
from klantreis.tables import conform, contract
from klantreis.workspace.collecting import Collecting
from klantreis.workspace.reading import Reading

__all__ = ["LIVE_TABLES", "LiveEvents"]

COLLECTED_AS = "segment"  # the format in which the collection API writes
# What a connector makes of collected calls, with the column that says when.
LIVE_TABLES: Mapping[str, str] = {
    "events": "occurred_at",
    "payments": "created_at",
    "consents": "stated_at",
    "identifiers": "",
}


@dataclass(frozen=True)
class LiveEvents:
    """What was collected and is in no published table, in the shape of the contracts.

    The connector of the source reads the lines, so that an event means the same before and after
    its import; what has the key of a published row is left out, so that it counts once.

    Attributes:
        tables: rows by name: `events`, `payments`, `consents`, and `identifiers`, which are all
            that are stated in these events, published or not.
    """

    tables: Mapping[str, pa.Table]

    @classmethod
    def read(
        cls,
        collecting: Collecting,
        reading: Reading,
        settings: Settings,
        folder: Path,
        connect: Callable[[], Engine],
    ) -> LiveEvents:
        """Read what is in the log beyond the published tables.

        Args:
            collecting: the log.
            reading: the published tables.
            settings: tell the connector of each source.
            folder: of the workspace.
            connect: starts an engine for connectors.
        """
        held = _published_files(reading)
        parts: dict[str, list[pa.Table]] = {name: [] for name in LIVE_TABLES}
        for source in collecting.log.sources():
            lines = collecting.log.lines_from(source, held.get(source, 0))
            if lines:
                for name, rows in _as_imported(lines, source, settings, folder, connect).items():
                    parts[name].append(rows)
        return cls(
            {
                name: _unpublished(name, pa.concat_tables(rows), reading)
                if rows
                else contract(name).schema.to_pyarrow().empty_table()
                for name, rows in parts.items()
            }
        )


def _published_files(reading: Reading) -> Mapping[str, int]:
    """Of each source the first number in its last published file of collected events.

    Earlier events are all in the tables: files are laid down and taken in one after the other.
    """
    imports = reading.table("imports")
    laid_down = imports.filter(imports["path"].contains("/collected-"))
    last = laid_down.group_by("source").aggregate(path=laid_down["path"].max())
    return {
        row["source"]: int(Path(row["path"]).stem.removeprefix("collected-"))
        for row in reading.rows(last)
    }


def _as_imported(
    lines: list[bytes],
    source: str,
    settings: Settings,
    folder: Path,
    connect: Callable[[], Engine],
) -> Mapping[str, pa.Table]:
    """What the connector of a source makes of lines."""
    own, engine = settings.sources.get(source), connect()
    try:
        with TemporaryDirectory() as home:
            path = Path(home) / "collected.jsonl"
            path.write_bytes(b"\n".join(lines))
            options = export_options(settings, source, folder, {})
            file = ExportFile(path, f"live/{source}", source, "live", options)
            named = own.connector if own and own.connector else COLLECTED_AS
            connector: Source = registry.load("sources", named)
            found = connector.read([file], engine)
            return {
                name: engine.fetch(conform(found.tables[name], contract(name)))
                for name in LIVE_TABLES
                if name in found.tables
            }
    finally:
        engine.close()


def _unpublished(name: str, rows: pa.Table, reading: Reading) -> pa.Table:
    moment, key = LIVE_TABLES[name], contract(name).key[0]
    if not moment or not rows.num_rows:
        return rows
    published = reading.table(name)
    # Only as far back as the live rows go: the tables are long.
    recent = published.filter(published[moment] >= ibis.literal(pc.min(rows[moment]).as_py()))
    ours = reading.engine.table(rows.select([key]))
    known = reading.fetch(recent.semi_join(ours, key).select(key))[key]
    return rows.filter(pc.invert(pc.is_in(rows[key], known.combine_chunks())))
