"""`klantreis best`: what the best customers do differently."""

from __future__ import annotations

from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import grid, out

NAME = "best"


def command(
    folder: Folder,
    aspect: Annotated[str, typer.Option(help="Only this, such as path, category or stop.")] = "",
) -> None:
    """Tell what the fifth of the buyers who brought in most do otherwise than the others."""
    with klantreis.Workspace.open(folder) as workspace:
        looked = workspace.best.looked()
        customers, others = workspace.best.customers()
        out.print(
            f"{customers:,} customers beside {others:,} others: {looked.told:,} told of "
            f"{looked.compared:,} comparisons judged together",
            style="dim",
            highlight=False,
        )
        rows = [
            (
                one.aspect,
                one.item,
                f"{one.value:.1%}",
                f"{one.rest:.1%}",
                f"{100 * one.difference:+.1f} ({100 * one.low:+.1f} to {100 * one.high:+.1f})",
            )
            for one in workspace.best.differences(aspect=aspect)
        ]
        headings = ("aspect", "item", "best", "others", "difference in points")
        out.print(grid(headings, rows, right=(2, 3, 4)))
