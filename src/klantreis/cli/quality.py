"""`klantreis quality`: how good the data of each source are, or of one in full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import grid, out

if TYPE_CHECKING:
    from klantreis.workspace import SourceReport

NAME = "quality"
CHANGED = ("much", "little")


def command(
    folder: Folder,
    source: Annotated[str, typer.Option(help="Only this source, with everything found.")] = "",
) -> None:
    """Show gaps in time, drift against earlier imports and changed columns of each source."""
    with klantreis.Workspace.open(folder) as workspace:
        if source:
            _show(workspace.quality.of(source))
            return
        reports = [workspace.quality.of(name) for name in workspace.quality.names()]
    headings = ("source", "rows", "files", "imports", "put aside", "gaps", "drifted", "headings")
    rows = [
        (
            report.source,
            f"{sum(table.rows for table in report.tables):,}",
            f"{len(report.files):,}",
            len(report.imports),
            f"{sum(table.quarantined for table in report.tables):,}",
            sum(len(course.gaps) for course in report.courses),
            sum(column.change in CHANGED for column in report.columns),
            sum(len(kind.changes) for kind in report.headings),
        )
        for report in reports
    ]
    out.print(grid(headings, rows, right=tuple(range(1, 8)), whole=(0,)))


def _show(report: SourceReport) -> None:
    gaps = [
        (course.table, gap.first_on, gap.last_on, gap.days, f"{gap.expected_rows:,.0f}")
        for course in report.courses
        for gap in course.gaps
    ]
    _part("Gaps", ("table", "from", "to", "days", "rows expected"), gaps, right=(3, 4))
    drifted = [
        (
            column.table,
            column.column,
            column.change,
            f"{column.earlier_filled / column.earlier_rows:.0%} of {column.earlier_rows:,}",
            f"{column.newest_filled / column.newest_rows:.0%} of {column.newest_rows:,}",
            f"{column.drift or 0:.2f}",
        )
        for column in report.columns
        if column.change in CHANGED
    ]
    names = ("table", "column", "changed", "filled before", "filled now", "PSI")
    _part("Newest import beside those before it", names, drifted, right=(3, 4, 5))
    changed = [
        (kind.path, one.change, one.earlier_name, one.name, "yes" if one.was_read else "no")
        for kind in report.headings
        for one in kind.changes
    ]
    _part("Columns of the files", ("file", "change", "before", "now", "was read"), changed)
    if len(report.imports) < 2:
        out.print("One import: nothing to compare with yet", style="dim")


def _part(
    title: str,
    headings: tuple[str, ...],
    rows: Sequence[Sequence[object]],
    right: tuple[int, ...] = (),
) -> None:
    out.print(f"{title}: {len(rows)}", highlight=False)
    if rows:
        out.print(grid(headings, rows, right=right))
