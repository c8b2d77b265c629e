"""`klantreis strategy`: who we are and where we want to go."""

from __future__ import annotations

import getpass
from datetime import datetime
from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import grid, noted, out, words_of

NAME = "strategy"


def command(
    folder: Folder,
    identity: Annotated[str | None, typer.Option(help="Who we are.")] = None,
    goal: Annotated[str | None, typer.Option(help="Where we want to be.")] = None,
    choices: Annotated[str | None, typer.Option(help="How we get there.")] = None,
    not_done: Annotated[str | None, typer.Option(help="What we do not do.")] = None,
    language: Language = "",
) -> None:
    """Show the texts that needs are tested against, or write those that are named."""
    parts = {"identity": identity, "goal": goal, "choices": choices, "not_done": not_done}
    texts = {part: text for part, text in parts.items() if text is not None}
    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        if texts:
            seen = workspace.strategy.read().number
            workspace.strategy.write(texts, seen=seen, by=getpass.getuser())
            noted(workspace, "value_write", ", ".join(texts))
        nobody = words.text("nobody wrote this yet")
        rows = [
            (
                words.code("strategy_part", one.part),
                one.text or f"({nobody})",
                one.by,
                words.day(datetime.fromisoformat(one.at)) if one.at else "",
            )
            for one in workspace.strategy.read().texts
        ]
    headings = (words.text("Part"), words.text("Text"), words.text("By"), words.text("On"))
    out.print(grid(headings, rows))
