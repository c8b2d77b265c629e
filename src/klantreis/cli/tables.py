"""`klantreis tables`: which tables there are and what is in them."""

from __future__ import annotations

from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import grid, out

NAME = "tables"


def command(
    folder: Folder,
    name: Annotated[
        str, typer.Argument(help="A table, to see its columns.", metavar="[TABLE]")
    ] = "",
) -> None:
    """List the tables with their rows and meaning, or the columns of one table."""
    if name:
        from klantreis.tables import contract

        table = contract(name)
        out.print(f"{table.name}: {table.meaning} Key: {', '.join(table.key)}.", highlight=False)
        rows = [
            (c.name, c.type, c.unit, "required" if c.required else "", c.meaning)
            for c in table.columns
        ]
        out.print(grid(("column", "type", "unit", "", "meaning"), rows))
        return
    with klantreis.Workspace.open(folder) as workspace:
        lines = workspace.tables.lines()
    out.print(
        grid(("table", "rows", "one row is"), [(n, f"{r:,}", m) for n, r, m in lines], right=(1,))
    )
