"""`klantreis quarantine`: what could not be taken in, and why."""

from __future__ import annotations

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
) -> None:
    """Show rows that could not be taken in: file, line, column, found and allowed."""
    with klantreis.Workspace.open(folder) as workspace:
        aside = workspace.table("quarantine")
        if source:
            aside = aside.filter(aside["source"] == source)
        total = workspace.fetch(aside.aggregate(n=aside.count()))["n"][0].as_py()
        rows = workspace.rows(aside.order_by("path", "line", "column").limit(limit))
    for row in rows:
        place = f"{row['path']}:{row['line']}"
        out.print(f"{place}  {row['column'] or 'whole row'}: {row['reason']}", highlight=False)
        found = row["found"] if row["found"] is not None else "nothing"
        out.print(f"    found {found!r}; allowed: {row['allowed']}", highlight=False, markup=False)
    errors.print(f"{len(rows):,} of {total:,}", style="dim")
