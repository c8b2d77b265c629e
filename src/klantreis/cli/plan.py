"""`klantreis plan`: what is to be won, and the roadmap."""

from __future__ import annotations

import getpass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import grid, noted, out
from klantreis.errors import InputError, message

if TYPE_CHECKING:
    from klantreis import Workspace

NAME = "plan"
SHOWN = 10


def command(
    folder: Folder,
    add: Annotated[str, typer.Option(help="Action to put on the roadmap.")] = "",
    owner: Annotated[str, typer.Option(help="Who sees to it.")] = "",
    starts: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Its first day.")
    ] = None,
    ends: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Its last day.")
    ] = None,
    after: Annotated[list[str] | None, typer.Option(help="Action that comes before.")] = None,
    improves: Annotated[str, typer.Option(help="Moment that it improves; see the list.")] = "",
    measure: Annotated[str, typer.Option(help="Measure that it should change.")] = "",
    expected: Annotated[
        float | None, typer.Option(help="By how much, in the unit of the measure.")
    ] = None,
    move: Annotated[str, typer.Option(help="Action that gets the status of --to.")] = "",
    to: Annotated[str, typer.Option(help="idea, planned, doing, done or stopped.")] = "planned",
    remove: Annotated[str, typer.Option(help="Action to take off.")] = "",
    judge: Annotated[str, typer.Option(help="Moment whose effort is that of --effort.")] = "",
    effort: Annotated[int, typer.Option(min=1, max=5, help="1 (small) to 5.")] = 3,
    new_cycle: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Freeze this cycle; the next starts on this day."),
    ] = None,
) -> None:
    """Show what is to be won first and the roadmap of this cycle, or change them."""
    by = getpass.getuser()
    with klantreis.Workspace.open(folder) as workspace:
        plan = workspace.plan
        if add:
            from klantreis.workspace import PlannedAction

            action = PlannedAction(
                action_id="",
                title=add,
                owner=owner,
                starts_on=_day(starts, "--starts"),
                ends_on=_day(ends, "--ends"),
                after=tuple(after or ()),
                opportunity=improves,
                measure=measure,
                expected=expected,
            )
            plan.add(action, by=by)
            noted(workspace, "plan_put", add)
        if move:
            plan.set_status(move, to, by=by)
            noted(workspace, "plan_shift", move)
        if remove:
            plan.remove(remove, by=by)
            noted(workspace, "plan_remove", remove)
        if judge:
            plan.judge(judge, effort, by=by)
            noted(workspace, "plan_judge", judge)
        if new_cycle:
            plan.start_cycle(new_cycle.date(), by=by)
            noted(workspace, "plan_start", new_cycle.date().isoformat())
        _show(workspace)


def _day(given: datetime | None, option: str) -> date:
    if given is None:
        raise InputError(message("An action has a first and a last day", where=option))
    return given.date()


def _show(workspace: Workspace) -> None:
    moments = [
        (
            one.key,
            f"{one.emotion:.1f} {one.evidence}",
            f"{one.n:,}",
            f"{one.reach:.1%}",
            f"{one.confidence:.0%}",
            f"{one.effort}{'' if one.is_judged else ' assumed'}",
            f"{one.score:,.0f}",
        )
        for one in workspace.plan.opportunities()[:SHOWN]
    ]
    headings = ("moment", "emotion", "n", "reach", "confidence", "effort", "to be won, EUR")
    out.print(grid(headings, moments, right=(2, 3, 4, 5, 6), whole=(0,)))
    cycle = workspace.plan.cycle()
    actions = [
        (one.action_id, one.title, one.owner, one.starts_on, one.ends_on, one.status)
        for one in cycle.actions
    ]
    out.print(f"Cycle of {cycle.starts_on} to {cycle.ends_on}", highlight=False)
    out.print(
        grid(("action", "what", "owner", "first day", "last day", "status"), actions, whole=(0,))
    )
