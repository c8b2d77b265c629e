"""`klantreis needs`: what customers ask, and which of it we answer."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import grid, noted, out, words_of
from klantreis.errors import NotFoundError, message

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
        needs = {need.topic: need for need in workspace.value.needs()}
        if decide:
            from klantreis.workspace import NeedTest

            if decide not in needs:
                raise NotFoundError(
                    message("No such need was heard", got=repr(decide), allowed=", ".join(needs))
                )
            seen = needs[decide].test
            test = NeedTest(
                decide,
                seen.fit if fit is None else fit,
                seen.cost if cost is None else cost,
                seen.decision if decision is None else decision,
                seen.reason if reason is None else reason,
            )
            workspace.value.decide(test, seen=seen, by=getpass.getuser())
            noted(workspace, "value_decide", decide)
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
            for need in workspace.value.needs()
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
