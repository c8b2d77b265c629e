"""How the sources page is found: the quality table and the import log, put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from klantreis.web.figures import counted, share
from klantreis.web.pages.sources.context import (
    Source,
    Sources,
    SourcesQuery,
    SourceTable,
    UnreadOffer,
)
from klantreis.web.problems import not_taken_in, received, renamed_columns
from klantreis.web.waiting import ImportedNow, since_run, waits
from klantreis.words import Evidence, Figure
from klantreis.workspace import Workspace

__all__ = ["renewed", "sources"]

UNREAD = 50  # texts of offers that are shown at most


def sources(workspace: Workspace, query: SourcesQuery) -> Sources:
    """Answer the sources page."""
    published = workspace.published
    assert published is not None
    later = _later(workspace, published.as_of)
    quality = [
        {**row, "later": later.get((row["source"], row["table_name"]), 0)}
        for row in workspace.rows(workspace.table("source_quality"))
    ]
    listed = _listed(workspace)
    found = _sources(quality, _files(workspace), listed)
    rows = sum(row["rows"] for row in quality)
    people = [row for row in quality if row["tied_share"] is not None]
    tied = round(sum(row["rows"] * row["tied_share"] for row in people))
    quarantined = sum(row["quarantined"] for row in quality)
    first_at, last_at = _first(s.first_at for s in found), _last(s.last_at for s in found)
    return Sources(
        as_of=published.as_of,
        first_at=first_at,
        last_at=last_at,
        rows=counted(rows, "rows", first_at=first_at, last_at=last_at),
        files=counted(sum(source.files for source in found), "files"),
        tied=share(tied, sum(row["rows"] for row in people), "rows"),
        quarantined=Figure(quarantined, "number", Evidence("measured", rows + quarantined, "rows")),
        listed=sum(listed.values()),
        sources=found,
        unread_offers=_unread_offers(workspace),
        problems=not_taken_in(workspace),
        renamed_columns=renamed_columns(workspace),
        renamed=query.renamed,
        rows_taken=query.rows,
        waiting=waits(workspace),
        since=since_run(workspace),
        came=_came(query),
        refused=received(query.got) if query.refused else (),
    )


def renewed(workspace: Workspace, kept: Sources) -> Sources:
    """What waits now, what a later import could not take in, and what was said of it since."""
    return replace(
        kept,
        problems=not_taken_in(workspace),
        renamed_columns=renamed_columns(workspace),
        waiting=waits(workspace),
        since=since_run(workspace),
    )


def _came(query: SourcesQuery) -> ImportedNow | None:
    if not query.done:
        return None
    return ImportedNow(max(0, query.rows), query.aside, query.again, query.later)


def _later(workspace: Workspace, as_of: datetime) -> dict[tuple[str, str], int]:
    """Rows of after the day up to which is measured, by source and table."""
    zone = ZoneInfo(workspace.settings.time_zone)
    last_day = as_of.replace(tzinfo=UTC).astimezone(zone).date()
    days = workspace.table("source_days")
    after = days.filter(days["happened_on"] > last_day)
    counts = after.group_by("source", "table_name").aggregate(rows=after["rows"].sum())
    return {(row["source"], row["table_name"]): row["rows"] for row in workspace.rows(counts)}


def _unread_offers(workspace: Workspace) -> tuple[UnreadOffer, ...]:
    offers, prices = workspace.table("offers"), workspace.table("offer_prices")
    unread = offers.semi_join(prices.filter(prices["kind"] == "unread"), "offer_id")
    counts = unread.group_by("mechanic", "source", "file_id").aggregate(offers=unread.count())
    files = workspace.table("imports").select("file_id", "path").distinct()
    told = counts.left_join(files, "file_id").select("mechanic", "offers", "source", "path")
    rows = workspace.rows(told)
    shown = (UnreadOffer(r["mechanic"], r["offers"], r["source"], r["path"] or "") for r in rows)
    return tuple(sorted(shown, key=lambda one: (-one.offers, one.mechanic, one.path)))[:UNREAD]


def _files(workspace: Workspace) -> dict[str, dict[str, Any]]:
    imports = workspace.table("imports")
    per_file = imports.group_by("source", "connector", "file_id").aggregate(
        imported_at=imports["imported_at"].max()
    )
    rows = workspace.rows(
        per_file.group_by("source", "connector").aggregate(
            files=per_file.count(), imported_at=per_file["imported_at"].max()
        )
    )
    found: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (row["source"], row["connector"])):
        into = found.setdefault(row["source"], {"connectors": (), "files": 0, "imported_at": None})
        into["connectors"] += (row["connector"],)
        into["files"] += row["files"]
        into["imported_at"] = _last((into["imported_at"], row["imported_at"]))
    return found


def _sources(
    quality: Iterable[dict[str, Any]], files: dict[str, dict[str, Any]], listed: Mapping[str, int]
) -> tuple[Source, ...]:
    by_source: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in quality:
        by_source[row["source"]].append(row)
    for name in files:
        by_source.setdefault(name, [])
    found = [
        _source(name, rows, files.get(name, {}), listed.get(name, 0))
        for name, rows in by_source.items()
    ]
    return tuple(sorted(found, key=lambda source: (-source.rows, source.name)))


def _listed(workspace: Workspace) -> Mapping[str, int]:
    """How many values and whole rows the quarantine lists of each source, as of the last run."""
    table = workspace.table("quarantine")
    rows = workspace.rows(table.group_by("source").aggregate(n=table.count()))
    return {row["source"]: row["n"] for row in rows}


def _source(
    name: str, rows: Sequence[dict[str, Any]], files: dict[str, Any], listed: int
) -> Source:
    tables = [
        SourceTable(
            table=row["table_name"],
            **{f.name: row[f.name] for f in fields(SourceTable) if f.name != "table"},
        )
        for row in sorted(rows, key=lambda row: -row["rows"])
    ]
    return Source(
        name=name,
        connectors=files.get("connectors", ()),
        files=files.get("files", 0),
        imported_at=files.get("imported_at"),
        rows=sum(table.rows for table in tables),
        first_at=_first(table.first_at for table in tables),
        last_at=_last(table.last_at for table in tables),
        later=sum(table.later for table in tables),
        quarantined=sum(table.quarantined for table in tables),
        listed=listed,
        tables=tuple(tables),
    )


def _first(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)


def _last(moments: Iterable[datetime | None]) -> datetime | None:
    return max((moment for moment in moments if moment), default=None)
