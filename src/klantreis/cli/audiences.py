"""`klantreis audiences`: audiences that were saved, over time, and their customers as a file."""

from __future__ import annotations

import getpass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import errors, grid, noted, out, words_of
from klantreis.errors import InputError, message
from klantreis.words.strangers import nobody_has

if TYPE_CHECKING:
    from klantreis import Workspace
    from klantreis.cli.screen import Grid
    from klantreis.words import Translator
    from klantreis.workspace import AudienceEstimate, AudiencePoint

NAME = "audiences"


def command(
    folder: Folder,
    save: Annotated[str, typer.Option(help="Name under which to save the rule of --rule.")] = "",
    rule: Annotated[
        str, typer.Option(help="Rule in the condition language; alone: count its customers.")
    ] = "",
    estimate: Annotated[
        bool, typer.Option(help="Estimate --rule from one customer in twenty, with the interval.")
    ] = False,
    description: Annotated[str, typer.Option(help="Whom it is about, in your words.")] = "",
    remove: Annotated[str, typer.Option(help="Saved audience to delete.")] = "",
    history: Annotated[
        str,
        typer.Option(help="Saved audience: size and value at each run, how many came and left."),
    ] = "",
    came: Annotated[
        str, typer.Option(help="Saved audience: who came in at its last run, or that of --at.")
    ] = "",
    left: Annotated[
        str, typer.Option(help="Saved audience: who left at its last run, or that of --at.")
    ] = "",
    at: Annotated[
        str, typer.Option(help="Run of --came and --left, by its day or moment in --history.")
    ] = "",
    export: Annotated[
        str, typer.Option(help="Saved audience whose customers to write to --to.")
    ] = "",
    to: Annotated[Path | None, typer.Option(help="File to write.")] = None,
    platform: Annotated[
        str, typer.Option(help="Hashed for google, meta or tiktok; else a plain list.")
    ] = "",
    language: Language = "",
) -> None:
    """List the saved audiences with their sizes, or save, delete, follow or export one."""
    with klantreis.Workspace.open(folder) as workspace:
        words, audiences = words_of(workspace, language), workspace.audiences
        if save:
            audiences.save(save, rule, description=description, by=getpass.getuser())
            noted(workspace, "audiences_save", save)
        elif rule:
            _count(workspace, rule, words, is_estimate=estimate)
            return
        if remove:
            audiences.remove(remove)
            noted(workspace, "audiences_remove", remove)
        if history:
            out.print(_history(workspace, history, words))
        elif came or left:
            _show_moved(workspace, came or left, at, to, words, is_in=bool(came))
        elif export:
            _export(workspace, export, to, platform, words)
        else:
            out.print(_saved(workspace, words))


def _count(workspace: Workspace, rule: str, words: Translator, *, is_estimate: bool) -> None:
    if is_estimate:
        out.print(_estimated(workspace.audiences.estimate(rule), words), soft_wrap=True)
        return
    for one in workspace.audiences.strangers(rule):
        told = nobody_has(words, one.asked, one.kind, one.name, one.known)
        errors.print(told, style="yellow", markup=False, highlight=False, soft_wrap=True)
    found = workspace.audiences.size(rule)
    reachable = words.number(found.reachable)
    customers = words.units(found.customers, "customers")
    out.print(
        words.text(
            "%(customers)s, %(reachable)s may be mailed", customers=customers, reachable=reachable
        ),
        highlight=False,
    )


def _estimated(found: AudienceEstimate, words: Translator) -> str:
    return words.text(
        "about %(customers)s (%(low)s to %(high)s, 95%% interval): %(found)s of %(sampled)s in the "
        "sample",
        customers=words.units(found.customers, "customers"),
        low=words.number(found.low),
        high=words.number(found.high),
        found=words.number(found.found),
        sampled=words.number(found.sampled),
    )


def _saved(workspace: Workspace, words: Translator) -> Grid:
    rows = []
    for one in workspace.audiences.saved():
        size = workspace.audiences.size(one.rule) if workspace.published else None
        counts = (words.number(size.customers), words.number(size.reachable)) if size else ("", "")
        rows.append((one.name, *counts, one.rule, one.description))
    headings = (
        words.text("Audience"),
        words.text("Customers"),
        words.text("May be mailed"),
        words.text("Rule"),
        "",
    )
    return grid(headings, rows, right=(1, 2))


def _history(workspace: Workspace, name: str, words: Translator) -> Grid:
    rows = [
        (
            one.at.isoformat(timespec="minutes"),
            words.number(one.customers),
            "" if one.came is None else f"+{words.number(one.came)}",
            "" if one.left is None else f"-{words.number(one.left)}",
            words.number(one.reachable),
            words.money(one.revenue_amount),
            _remarked(one, words),
        )
        for one in workspace.audiences.history(name)
    ]
    headings = (
        words.text("Measured up to"),
        words.text("Customers"),
        words.text("Came in"),
        words.text("Left"),
        words.text("May be mailed"),
        words.text("Revenue"),
        "",
    )
    return grid(headings, rows, right=(1, 2, 3, 4, 5), whole=(0,))


def _remarked(one: AudiencePoint, words: Translator) -> str:
    told = [
        "" if one.is_of_this_rule else words.text("an earlier rule"),
        words.text("and %(customers)s merged or erased", customers=words.number(one.gone))
        if one.gone
        else "",
    ]
    return ", ".join(part for part in told if part)


def _show_moved(
    workspace: Workspace, name: str, at: str, to: Path | None, words: Translator, *, is_in: bool
) -> None:
    audiences = workspace.audiences
    moment = _run(workspace, name, at) if at else None
    found = audiences.came(name, moment) if is_in else audiences.left(name, moment)
    if to is not None:
        to.write_bytes(audiences.listed_members(found))
        noted(workspace, "audiences_moves", name)
    moves = audiences.moves(name, moment)
    assert moves is not None  # the question above was answered
    told = words.text("Came in") if is_in else words.text("Left")
    count = words.units(moves.came if is_in else moves.left, "customers")
    between = f"{words.moment(moves.since)} – {words.moment(moves.at)}"
    out.print(f"{told}: {count} ({between})", highlight=False, soft_wrap=True)
    rows = [(one.customer_id, one.name) for one in moves.passers if one.came == is_in]
    if rows:
        out.print(grid((words.text("Number"), words.text("Customer")), rows, right=(0,)))


def _run(workspace: Workspace, name: str, at: str) -> datetime:
    """The run of a day, its last, or of a moment as the history shows it."""
    moments = [one.at for one in workspace.audiences.history(name) if one.is_listed]
    found = [one for one in moments if one.isoformat().startswith(at)]
    if not found:
        shown = ", ".join(one.isoformat(timespec="minutes") for one in moments)
        raise InputError(
            message(
                "No run of which it was kept who came and left",
                where="--at",
                got=at,
                allowed=shown or "none yet",
            )
        )
    return found[-1]


def _export(
    workspace: Workspace, name: str, to: Path | None, platform: str, words: Translator
) -> None:
    if to is None:
        raise InputError(message("No file to write", where="--to", allowed="as customers.csv"))
    audience = workspace.audiences.one(name)
    content = (
        workspace.audiences.hashed(audience.rule, platform)
        if platform
        else workspace.audiences.listed(audience.rule)
    )
    to.write_bytes(content)
    noted(workspace, "audiences_hashed" if platform else "audiences_csv", name)
    customers = words.units(content.count(b"\n") - 1, "customers")
    out.print(
        words.text("%(customers)s in %(file)s", customers=customers, file=to),
        highlight=False,
        soft_wrap=True,
    )
