"""`klantreis patterns`: what stands out over all joined measures."""

from __future__ import annotations

from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import out

NAME = "patterns"


def command(
    folder: Folder,
    kind: Annotated[str, typer.Option(help="Only segment, channel, trend or jump.")] = "",
    measure: Annotated[str, typer.Option(help="Only this joined measure.")] = "",
    top: Annotated[int, typer.Option(help="How many to tell.", min=1)] = 10,
) -> None:
    """Tell what differs between groups and channels or moves over time, and is hardly chance."""
    from klantreis.words import translator
    from klantreis.words.patterns import difference_told, pattern_told

    with klantreis.Workspace.open(folder) as workspace:
        words = translator("en", workspace.settings.time_zone)
        looked = workspace.patterns.looked()
        topics = {topic.id: topic.name["en"] for topic in workspace.research.topics()}
        out.print(
            f"{looked.told:,} told of {looked.compared:,} comparisons judged together; "
            f"{looked.too_few:,} more have too few customers",
            style="dim",
            highlight=False,
        )
        for one in workspace.patterns.told(kind=kind, measure=measure)[:top]:
            out.print(pattern_told(words, one, topics), highlight=False, markup=False)
            out.print(
                f"  {difference_told(words, one)}, {one.customers:,} customers beside "
                f"{one.rest_customers:,}",
                style="dim",
                highlight=False,
            )
