"""`klantreis audiences`: audiences that were saved, and their customers as a file."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import grid, noted, out
from klantreis.errors import InputError, message

if TYPE_CHECKING:
    from rich.table import Table

    from klantreis import Workspace
    from klantreis.workspace import AudienceEstimate

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
        str, typer.Option(help="Saved audience whose size and value at each run to show.")
    ] = "",
    export: Annotated[
        str, typer.Option(help="Saved audience whose customers to write to --to.")
    ] = "",
    to: Annotated[Path | None, typer.Option(help="File to write.")] = None,
    platform: Annotated[
        str, typer.Option(help="Hashed for google, meta or tiktok; else a plain list.")
    ] = "",
) -> None:
    """List the saved audiences with their sizes, or save, delete or export one."""
    with klantreis.Workspace.open(folder) as workspace:
        audiences = workspace.audiences
        if save:
            audiences.save(save, rule, description=description, by=getpass.getuser())
            noted(workspace, "audiences_save", save)
        elif rule and estimate:
            _estimated(audiences.estimate(rule))
            return
        elif rule:
            found = audiences.size(rule)
            out.print(f"{found.customers:,} customers, {found.reachable:,} may be mailed")
            return
        if remove:
            audiences.remove(remove)
            noted(workspace, "audiences_remove", remove)
        if history:
            out.print(_history(workspace, history))
            return
        if export:
            _export(workspace, export, to, platform)
            return
        rows = []
        for one in audiences.saved():
            size = audiences.size(one.rule) if workspace.published else None
            counts = (f"{size.customers:,}", f"{size.reachable:,}") if size else ("", "")
            rows.append((one.name, *counts, one.rule, one.description))
    out.print(grid(("audience", "customers", "may be mailed", "rule", ""), rows, right=(1, 2)))


def _history(workspace: Workspace, name: str) -> Table:
    rows = [
        (
            one.at.date().isoformat(),
            f"{one.customers:,}",
            f"{one.reachable:,}",
            f"{one.revenue_amount:,.2f}",
            "" if one.is_of_this_rule else "by an earlier rule",
        )
        for one in workspace.audiences.history(name)
    ]
    return grid(("up to", "customers", "may be mailed", "EUR", ""), rows, right=(1, 2, 3))


def _estimated(found: AudienceEstimate) -> None:
    out.print(
        f"about {found.customers:,} customers ({found.low:,} to {found.high:,}, 95% interval): "
        f"{found.found:,} of {found.sampled:,} in the sample",
        soft_wrap=True,
    )


def _export(workspace: Workspace, name: str, to: Path | None, platform: str) -> None:
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
    lines = content.count(b"\n") - 1
    out.print(f"{lines:,} customers in {to}", highlight=False, soft_wrap=True)
