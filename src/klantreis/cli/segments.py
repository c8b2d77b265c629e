"""`klantreis segments`: groups, who moved between them, who is in two, and who resembles one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import grid, noted, out, words_of
from klantreis.errors import InputError, message

if TYPE_CHECKING:
    from klantreis import Workspace
    from klantreis.words import Translator

NAME = "segments"
BOUGHT, ANYBODY = "rfm", "channel"  # divisions of who ever bought, and of everybody


def command(
    folder: Folder,
    division: Annotated[
        str,
        typer.Option(
            help="How customers are divided.  [default: rfm; channel where nobody bought anything]",
            show_default=False,
        ),
    ] = "",
    since: Annotated[
        str, typer.Option(help="Day as 2026-01-01: who moved between RFM groups since its end.")
    ] = "",
    until: Annotated[str, typer.Option(help="Up to the end of this day.")] = "",
    against: Annotated[
        str, typer.Option(help="Another division, or audience: who is in both.")
    ] = "",
    like: Annotated[
        str, typer.Option(help="Group as rfm.champions or audience.NAME: who resemble it.")
    ] = "",
    size: Annotated[int, typer.Option(help="How many lookalikes.", min=1)] = 500,
    to: Annotated[Path | None, typer.Option(help="CSV file to write the lookalikes to.")] = None,
    language: Language = "",
) -> None:
    """List segments; show movement, overlap or lookalikes."""

    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        if like:
            _show_lookalikes(workspace, like, size, to, words)
        elif against:
            _show_overlap(workspace, division or BOUGHT, against, words)
        elif since or until:
            _show_moves(workspace, since, until, words)
        else:
            _show_sizes(workspace, division, words)


def _show_sizes(workspace: Workspace, division: str, words: Translator) -> None:
    every = workspace.segments.history.all()
    known = sorted({one[0] for one in every})
    division = division or (BOUGHT if BOUGHT in known else ANYBODY)
    found = [one for one in every if one[0] == division]
    if not found:
        raise InputError(
            message("No such division", got=repr(division), allowed=", ".join(known) or "none yet")
        )
    rows = [(name, words.segment(name), words.number(count)) for _, name, count in found]
    headings = (words.text("Group"), words.text("Meaning"), words.text("Customers"))
    out.print(grid(headings, rows, right=(2,), whole=(0,)))


def _show_moves(workspace: Workspace, since: str, until: str, words: Translator) -> None:
    usual = workspace.segments.usual_dates()
    found = workspace.segments.moves(_day(since) or usual[0], _day(until) or usual[1])
    rows = [
        (
            words.segment(one.source or "not_yet"),
            words.segment(one.target),
            words.number(one.customers),
            words.money(one.amount, cents=False),
        )
        for one in found.moves
    ]
    period = f"{words.day(found.since)} – {words.day(found.until)}"
    out.print(period, style="dim", highlight=False)
    headings = (
        words.text("From"),
        words.text("To"),
        words.text("Customers"),
        words.text("Revenue"),
    )
    out.print(grid(headings, rows, right=(2, 3), whole=(0, 1)))


def _show_overlap(workspace: Workspace, division: str, against: str, words: Translator) -> None:
    found = workspace.segments.overlaps.between(division, against)
    rows = [
        (
            words.segment(one.row),
            words.segment(one.column),
            words.number(one.both),
            words.percent(one.share),
            words.number(one.lift, 1),
        )
        for one in found.cells
        if one.both
    ]
    headings = (
        words.text("Of"),
        words.text("In"),
        words.text("In both"),
        words.text("Share"),
        words.text("Times as usual"),
    )
    out.print(grid(headings, rows, right=(2, 3, 4), whole=(0, 1)))


def _show_lookalikes(
    workspace: Workspace, group: str, size: int, to: Path | None, words: Translator
) -> None:
    members = workspace.lookalikes.members(group, size=size)
    told = workspace.lookalikes.of(group, size=size)
    if told.found and told.area_low is not None and told.area_high is not None:
        ends = words.interval(told.found.low, told.found.high, "share")
        out.print(
            words.text(
                "Tested on %(members)s members that were kept apart: %(share)s (%(interval)s) in "
                "the tenth most alike",
                members=words.number(told.tested),
                share=words.percent(told.found.share),
                interval=ends,
            ),
            highlight=False,
        )
    rows = [
        (
            words.code("trait", one.trait),
            *(words.number(value, 2) for value in (one.members, one.alike, one.others)),
            words.number(one.apart, 1),
        )
        for one in told.traits
    ]
    headings = (
        words.text("Trait"),
        words.text("Group"),
        words.text("Lookalikes"),
        words.text("Others"),
        words.text("Difference"),
    )
    out.print(grid(headings, rows, right=(1, 2, 3, 4), whole=(0,)))
    if to is not None:
        to.write_bytes(workspace.audiences.listed_members(members))
        noted(workspace, "segment_lookalikes_csv", group)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        allowed = "a day such as 2026-03-01"
        raise InputError(message("This is no day", got=repr(text), allowed=allowed)) from error
