"""`klantreis needs`: what customers ask, and which of it we answer."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import grid, noted, out
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
) -> None:
    """Show the needs that customers voiced with what was decided, or decide on one."""
    with klantreis.Workspace.open(folder) as workspace:
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
                f"{need.row['customers']:,}",
                f"{need.row['share']:.1%} ({need.row['low']:.1%}-{need.row['high']:.1%})",
                need.test.fit or "",
                need.test.cost or "",
                need.test.decision,
                need.test.reason,
            )
            for need in workspace.value.needs()
        ]
    headings = ("need", "customers", "share, 95 % interval", "fit", "cost", "decision", "reason")
    out.print(grid(headings, rows, right=(1, 2, 3, 4), whole=(0,)))
