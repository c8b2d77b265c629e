"""`klantreis quarantine`: what could not be taken in, why, and its way back in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import errors, out

NAME = "quarantine"


def command(
    folder: Folder,
    source: Annotated[str, typer.Option(help="Only of this source.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many at the most.")] = 50,
    export: Annotated[
        Path | None, typer.Option(help="Write all to a CSV or Excel file to repair in.")
    ] = None,
    repair: Annotated[
        Path | None, typer.Option(help="Send in again what was repaired in such a file.")
    ] = None,
) -> None:
    """Show rows that could not be taken in: file, line, column, found and allowed.

    To repair many: --export FILE.xlsx, fill in the column `repaired`, --repair FILE.xlsx.
    """
    with klantreis.Workspace.open(folder) as workspace:
        if export:
            count = workspace.repairs.write_sheet(export, source=source)
            errors.print(f"{count:,} values written to {export}", highlight=False, markup=False)
            return
        if repair:
            done = workspace.repairs.repair_sheet(repair, by="command line")
            workspace.note("command line", "quarantine_repair", repair.name, address="command line")
            errors.print(
                f"{done.loaded:,} repaired and taken in, {done.refused:,} still not right",
                highlight=False,
            )
            for problem in done.problems:
                errors.print(f"{problem.path}: {problem.reason}", style="red", markup=False)
            errors.print(
                f"Bring them into the tables with: klantreis run {folder}", highlight=False
            )
            return
        rows = sorted(
            workspace.repairs.aside(source=source),
            key=lambda row: (row["path"], row["line"], row["column"] or ""),
        )
    for row in rows[:limit]:
        place = f"{row['path']}:{row['line']}"
        out.print(f"{place}  {row['column'] or 'whole row'}: {row['reason']}", highlight=False)
        found = row["found"] if row["found"] is not None else "nothing"
        out.print(f"    found {found!r}; allowed: {row['allowed']}", highlight=False, markup=False)
    errors.print(f"{min(limit, len(rows)):,} of {len(rows):,}", style="dim")
