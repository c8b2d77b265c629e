"""`klantreis plan`: what is to be won, and the roadmap."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import grid, noted, out, words_of
from klantreis.errors import InputError, message

if TYPE_CHECKING:
    from klantreis import Workspace
    from klantreis.words import Translator
    from klantreis.workspace import Cycle, Opportunity

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
    language: Language = "",
) -> None:
    """Show what is to be won first and the roadmap of this cycle, or change them."""
    by = getpass.getuser()
    with klantreis.Workspace.open(folder) as workspace:
        plan, words = workspace.plan, words_of(workspace, language)
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
        _show(workspace, words)


def _day(given: datetime | None, option: str) -> date:
    if given is None:
        raise InputError(message("An action has a first and a last day", where=option))
    return given.date()


def _show(workspace: Workspace, words: Translator) -> None:
    _show_opportunities(workspace.plan.opportunities()[:SHOWN], words)
    _show_roadmap(workspace.plan.cycle(), words)


def _show_opportunities(opportunities: Sequence[Opportunity], words: Translator) -> None:
    moments = [_moment(one, words) for one in opportunities]
    headings = (
        words.text("Moment"),
        words.text("Meaning"),
        words.text("Emotion"),
        "n",
        words.text("Reach"),
        words.text("Confidence"),
        words.text("Effort"),
        words.text("To be won"),
    )
    out.print(grid(headings, moments, right=(3, 4, 5, 6, 7), whole=(0, 2, 7)))


def _show_roadmap(cycle: Cycle, words: Translator) -> None:
    told = words.text(
        "Cycle of %(first)s to %(last)s",
        first=words.day(cycle.starts_on),
        last=words.day(cycle.ends_on),
    )
    out.print(told, highlight=False)
    if not cycle.actions:
        out.print(words.text("There are no actions yet."), style="dim")
        return
    actions = [
        (
            one.action_id,
            one.title,
            one.owner,
            words.day(one.starts_on),
            words.day(one.ends_on),
            words.code("status", one.status),
        )
        for one in cycle.actions
    ]
    of_actions = (
        words.text("Action"),
        words.text("What"),
        words.text("Owner"),
        words.text("First day"),
        words.text("Last day"),
        words.text("Status"),
    )
    out.print(grid(of_actions, actions, whole=(0,)))


def _moment(one: Opportunity, words: Translator) -> tuple[str, ...]:
    judged = "" if one.is_judged else words.code("evidence", "assumed")
    return (
        one.key,
        f"{words.code('event', one.event)} ({words.code('channel', one.channel)})",
        f"{words.number(one.emotion, 1)} {words.code('evidence', one.evidence)}",
        words.number(one.n),
        words.percent(one.reach),
        words.percent(one.confidence, 0),
        f"{one.effort} {judged}".strip(),
        words.money(one.score, cents=False),
    )
