"""`klantreis quality`: how good the data of each source are, or of one in full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import errors, grid, out, words_of

if TYPE_CHECKING:
    from klantreis.words import Translator
    from klantreis.workspace import SourceReport

NAME = "quality"
CHANGED = ("much", "little")


def command(
    folder: Folder,
    source: Annotated[str, typer.Option(help="Only this source, with everything found.")] = "",
    language: Language = "",
) -> None:
    """Show gaps in time, drift against earlier imports and changed columns of each source."""
    from klantreis.words.imports import waiting_told

    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        waiting = [one for one in workspace.files.waiting() if source in ("", one.source)]
        for line in waiting_told(words, waiting, str(folder)):
            errors.print(line, highlight=False, markup=False, soft_wrap=True)
        if source:
            _show(workspace.quality.of(source), words)
            return
        reports = [workspace.quality.of(name) for name in workspace.quality.names()]
    headings = (
        words.text("Source"),
        words.text("Rows"),
        words.text("Files"),
        words.text("Imports"),
        words.text("Put aside"),
        words.text("Gaps"),
        words.text("Columns that differ"),
        words.text("Changed column names"),
    )
    rows = [(report.source, *map(words.number, _counts(report))) for report in reports]
    out.print(grid(headings, rows, right=tuple(range(1, 8)), whole=(0,)))


def _counts(report: SourceReport) -> tuple[int, ...]:
    return (
        sum(table.rows for table in report.tables),
        len(report.files),
        len(report.imports),
        sum(table.quarantined for table in report.tables),
        sum(len(course.gaps) for course in report.courses),
        sum(column.change in CHANGED for column in report.columns),
        sum(len(kind.changes) for kind in report.headings),
    )


def _show(report: SourceReport, words: Translator) -> None:
    _show_gaps(report, words)
    _show_drift(report, words)
    _show_headings(report, words)
    if len(report.imports) < 2:
        out.print(words.text("One import: nothing to compare with yet"), style="dim")


def _show_gaps(report: SourceReport, words: Translator) -> None:
    gaps = [
        (
            words.code("table", course.table),
            words.day(gap.first_on),
            words.day(gap.last_on),
            words.number(gap.days),
            words.number(gap.expected_rows),
        )
        for course in report.courses
        for gap in course.gaps
    ]
    headings = (
        words.text("Table"),
        words.text("From"),
        words.text("Up to and including"),
        words.text("Days"),
        words.text("Rows to be expected"),
    )
    title = words.text("Gaps")
    _part(f"{title}: {words.number(len(gaps))}", headings, gaps, right=(3, 4))


def _show_drift(report: SourceReport, words: Translator) -> None:
    drifted = [
        (
            words.code("table", column.table),
            column.column,
            words.code("drift", column.change),
            _filled(column.earlier_filled, column.earlier_rows, words),
            _filled(column.newest_filled, column.newest_rows, words),
            words.number(column.drift, 2),
        )
        for column in report.columns
        if column.change in CHANGED
    ]
    headings = (
        words.text("Table"),
        words.text("Column"),
        words.text("Changed"),
        words.text("Filled before"),
        words.text("Filled now"),
        words.text("Index (PSI)"),
    )
    told = words.text("Columns of the newest import beside those before it")
    _part(f"{told}: {words.number(len(drifted))}", headings, drifted, right=(3, 4, 5))


def _filled(filled: int, rows: int, words: Translator) -> str:
    share, of = words.percent(filled / rows, 0), words.number(rows)
    return words.text("%(shown)s of %(total)s", shown=share, total=of)


def _show_headings(report: SourceReport, words: Translator) -> None:
    changed = [
        (
            kind.path,
            words.code("heading_change", one.change),
            one.earlier_name,
            one.name,
            words.text("yes") if one.was_read else words.text("no"),
        )
        for kind in report.headings
        for one in kind.changes
    ]
    headings = (
        words.text("File"),
        words.text("Changed"),
        words.text("Before"),
        words.text("Now"),
        words.text("Was read"),
    )
    told = words.text("Columns of the files")
    _part(f"{told}: {words.number(len(changed))}", headings, changed)


def _part(
    title: str,
    headings: tuple[str, ...],
    rows: Sequence[Sequence[object]],
    right: tuple[int, ...] = (),
) -> None:
    out.print(title, highlight=False)
    if rows:
        out.print(grid(headings, rows, right=right))
