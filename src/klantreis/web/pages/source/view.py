"""How the page of one source is found: its report, with what each share rests on."""

from __future__ import annotations

from dataclasses import replace

from klantreis.web.figures import counted, share
from klantreis.web.pages.source.context import SourcePage, SourceQuery, TiedTable
from klantreis.web.waiting import since_run
from klantreis.words import Evidence, Figure
from klantreis.workspace import TableQuality, Workspace

__all__ = ["renewed", "source"]

FILES = 20  # that are shown at most


def source(workspace: Workspace, query: SourceQuery) -> SourcePage:
    """Answer the page of a source."""
    report = workspace.quality.of(query.source_name)
    rows = sum(table.rows for table in report.tables)
    aside = sum(table.quarantined for table in report.tables)
    firsts = [table.first_at for table in report.tables if table.first_at]
    lasts = [table.last_at for table in report.tables if table.last_at]
    first_at, last_at = min(firsts, default=None), max(lasts, default=None)
    changes = [change for kind in report.headings for change in kind.changes]
    people = [table for table in report.tables if table.tied_share is not None]
    return SourcePage(
        source=report.source,
        as_of=report.as_of,
        first_at=first_at,
        last_at=last_at,
        rows=counted(rows, "rows", first_at=first_at, last_at=last_at),
        files=counted(len(report.files), "files"),
        quarantined=Figure(aside, "number", Evidence("measured", rows + aside, "rows")),
        tied=share(
            sum(_part(table, table.tied_share) for table in people),
            sum(table.rows for table in people),
            "rows",
        ),
        imports=report.imports,
        gaps=sum(len(course.gaps) for course in report.courses),
        drifted=sum(column.change in ("much", "little") for column in report.columns),
        renamed=len(changes),
        tables=tuple(
            TiedTable(table, _share(table, table.tied_share), _share(table, table.known_share))
            for table in report.tables
        ),
        courses=report.courses,
        columns=report.columns,
        headings=report.headings,
        lacking=tuple(
            one.earlier_name or one.name
            for one in changes
            if one.was_read and one.change in ("missing", "renamed")
        ),
        fresh=tuple(one.name for one in changes if one.change != "missing" and not one.is_read),
        taken=report.files[:FILES],
        since=since_run(workspace, report.source),
    )


def renewed(workspace: Workspace, kept: SourcePage) -> SourcePage:
    """What happened to its files since."""
    return replace(kept, since=since_run(workspace, kept.source))


def _share(table: TableQuality, part: float | None) -> Figure | None:
    return None if part is None else share(_part(table, part), table.rows, "rows")


def _part(table: TableQuality, part: float | None) -> int:
    return round(table.rows * (part or 0.0))
