"""`klantreis kpis`: measures, which of them are followed, and how they stand."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import grid, noted, out, words_of

if TYPE_CHECKING:
    from klantreis.words import Translator
    from klantreis.workspace import KpiNow, Kpis, TakenMeasure

NAME = "kpis"


def command(
    folder: Folder,
    choose: Annotated[str, typer.Option(help="Measure to follow.")] = "",
    target: Annotated[
        float | None, typer.Option(help="What we aim at; shares as 0.25. With --choose.")
    ] = None,
    alarm: Annotated[
        float | None, typer.Option(help="Level beyond which an alarm goes. With --choose.")
    ] = None,
    persona: Annotated[str, typer.Option(help="Only of the members of this persona.")] = "",
    drop: Annotated[str, typer.Option(help="Measure to follow no more.")] = "",
    goal: Annotated[str, typer.Option(help="Measure that is the end goal.")] = "",
    library: Annotated[bool, typer.Option("--library", help="Show all measures.")] = False,
    language: Language = "",
) -> None:
    """Show the end goal and the chosen measures over the last 90 days of the data, or choose."""
    from klantreis.workspace import EVERYONE

    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        kpis, who, by = workspace.kpis, persona or EVERYONE, getpass.getuser()
        if goal:
            kpis.aim(goal, by=by)
            noted(workspace, "kpis_aim", goal)
        if choose:
            kpis.choose(choose, target=target, alarm=alarm, persona_id=who, by=by)
            noted(workspace, "kpis_choose", choose)
        if drop:
            kpis.drop(drop, by=by)
            noted(workspace, "kpis_drop", drop)
        _show(kpis, who, words, is_whole=library)


def _show(kpis: Kpis, who: str, words: Translator, *, is_whole: bool) -> None:
    """The end goal, then what is followed, then, where all is asked for, the rest."""
    chosen = kpis.chosen(persona_id=who)
    rows = [(*_measured(kpis.goal(persona_id=who), words), "", "", words.text("End goal"))]
    for one in chosen:
        standing = words.code("standing", one.standing)
        rows.append((*_measured(one.taken, words), *_levels(one, words), standing))
    if is_whole:
        followed = {one.kpi.measure for one in chosen}
        others = (one for one in kpis.library() if one.id not in followed)
        taken = (kpis.take(one.id, persona_id=who) for one in others)
        not_followed = words.text("not followed")
        rows += [(*_measured(one, words), "", "", not_followed) for one in taken]
    headings = (
        words.text("Measure"),
        words.text("Meaning"),
        words.text("Now"),
        words.text("95%% interval"),
        "n",
        words.text("Before"),
        words.text("Target"),
        words.text("Alarm"),
        words.text("State"),
    )
    out.print(grid(headings, rows, right=(2, 3, 4, 5, 6, 7), whole=(0, 2, 3, 5)))


def _measured(taken: TakenMeasure, words: Translator) -> tuple[str, ...]:
    unit, now = taken.meaning.unit, taken.now
    known = now.low is not None and now.high is not None
    interval = words.interval(now.low or 0.0, now.high or 0.0, unit) if known else ""
    before = words.value(taken.before.value, unit)
    return (
        taken.meaning.id,
        taken.meaning.name[words.language],
        words.value(now.value, unit),
        interval,
        words.number(now.n),
        before,
    )


def _levels(chosen: KpiNow, words: Translator) -> tuple[str, str]:
    unit, kpi = chosen.taken.meaning.unit, chosen.kpi
    target, alarm = (
        "" if level is None else words.value(level, unit) for level in (kpi.target, kpi.alarm)
    )
    return target, alarm
