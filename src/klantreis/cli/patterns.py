"""`klantreis patterns`: what stands out over all joined measures."""

from __future__ import annotations

from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import out, words_of

NAME = "patterns"


def command(
    folder: Folder,
    kind: Annotated[str, typer.Option(help="Only segment, channel, trend or jump.")] = "",
    measure: Annotated[str, typer.Option(help="Only this joined measure.")] = "",
    top: Annotated[int, typer.Option(help="How many to tell.", min=1)] = 10,
    language: Language = "",
) -> None:
    """Tell what differs between groups and channels or moves over time, and is hardly chance."""
    from klantreis.words.patterns import difference_told, pattern_told

    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        looked = workspace.patterns.looked()
        topics = {topic.id: topic.name[words.language] for topic in workspace.research.topics()}
        out.print(
            words.text(
                "%(told)s told of %(compared)s comparisons judged together; %(few)s more have too "
                "few customers",
                told=words.number(looked.told),
                compared=words.number(looked.compared),
                few=words.number(looked.too_few),
            ),
            style="dim",
            highlight=False,
        )
        for one in workspace.patterns.told(kind=kind, measure=measure)[:top]:
            out.print(pattern_told(words, one, topics), highlight=False, markup=False)
            out.print(
                "  "
                + words.text(
                    "%(difference)s, %(customers)s beside %(rest)s",
                    difference=difference_told(words, one),
                    customers=words.units(one.customers, "customers"),
                    rest=words.number(one.rest_customers),
                ),
                style="dim",
                highlight=False,
            )
