"""`klantreis needs`: what customers ask, and which of it we answer."""

from __future__ import annotations

import getpass
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import grid, noted, out, words_of
from klantreis.errors import NotFoundError, message

if TYPE_CHECKING:
    from klantreis import Workspace
    from klantreis.words import Translator
    from klantreis.workspace import Need

NAME = "needs"


def command(
    folder: Folder,
    decide: Annotated[str, typer.Option(help="Topic to decide on; see the list.")] = "",
    decision: Annotated[str | None, typer.Option(help="open, chosen, parked or refused.")] = None,
    reason: Annotated[
        str | None, typer.Option(help="Why; asked for what is parked or refused.")
    ] = None,
    fit: Annotated[
        int | None, typer.Option(min=0, max=5, help="Fit with the strategy, 1 to 5.")
    ] = None,
    cost: Annotated[
        int | None, typer.Option(min=0, max=5, help="Cost to answer it, 1 to 5.")
    ] = None,
    language: Language = "",
) -> None:
    """Show the needs that customers voiced with what was decided, or decide on one."""
    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        if decide:
            judged = {"fit": fit, "cost": cost, "decision": decision, "reason": reason}
            _decide(workspace, decide, judged)
        _show(workspace.value.needs(), words)


def _decide(workspace: Workspace, topic: str, judged: Mapping[str, int | str | None]) -> None:
    """Write down what was judged of a need; what was not said now stays as it was."""
    needs = {need.topic: need for need in workspace.value.needs()}
    if topic not in needs:
        raise NotFoundError(
            message("No such need was heard", got=repr(topic), allowed=", ".join(needs))
        )
    seen = needs[topic].test
    said: dict[str, Any] = {name: value for name, value in judged.items() if value is not None}
    workspace.value.decide(replace(seen, **said), seen=seen, by=getpass.getuser())
    noted(workspace, "value_decide", topic)


def _show(needs: Sequence[Need], words: Translator) -> None:
    rows = [
        (
            need.topic,
            need.names[words.language],
            words.number(need.row["customers"]),
            words.percent(need.row["share"]),
            words.interval(need.row["low"], need.row["high"], "share"),
            need.test.fit or "",
            need.test.cost or "",
            words.code("decision", need.test.decision),
            need.test.reason,
        )
        for need in needs
    ]
    headings = (
        words.text("Need"),
        words.text("Meaning"),
        words.text("Customers"),
        words.text("Share"),
        words.text("95%% interval"),
        words.text("Fit"),
        words.text("Cost"),
        words.text("Decision"),
        words.text("Reason"),
    )
    out.print(grid(headings, rows, right=(2, 3, 4, 5, 6), whole=(0,)))
