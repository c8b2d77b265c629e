"""`klantreis quarantine`: what could not be taken in, why, and its way back in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import errors, out, words_of

if TYPE_CHECKING:
    from klantreis.words import Translator

NAME = "quarantine"
NO_VALUE = "\N{EM DASH}"


def command(
    folder: Folder,
    source: Annotated[str, typer.Option(help="Only of this source.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many at the most.")] = 50,
    export: Annotated[
        Path | None, typer.Option(help="Write all to a CSV or Excel file to repair in.")
    ] = None,
    repair: Annotated[
        Path | None, typer.Option(help="Send in again what was repaired in such a file.")
    ] = None,
    language: Language = "",
) -> None:
    """Show rows that could not be taken in: file, line, column, found and allowed.

    To repair many: --export FILE.xlsx, fill in the column `repaired`, --repair FILE.xlsx.
    """
    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        if export:
            count = workspace.repairs.write_sheet(export, source=source)
            values = words.units(count, "values")
            told = words.text("%(values)s written to %(file)s", values=values, file=export)
            errors.print(told, highlight=False, markup=False)
            return
        if repair:
            _repair(workspace, repair, words)
            command = f"klantreis run {quote(str(folder))}"
            told = words.text("Bring them into the tables with: %(command)s", command=command)
            errors.print(told, highlight=False, markup=False)
            return
        rows = sorted(
            workspace.repairs.aside(source=source),
            key=lambda row: (row["path"], row["line"], row["column"] or ""),
        )
    for row in rows[:limit]:
        for line in _told(row, words):
            out.print(line, highlight=False, markup=False)
    shown, total = words.number(min(limit, len(rows))), words.number(len(rows))
    errors.print(words.text("%(shown)s of %(total)s", shown=shown, total=total), style="dim")


def _told(row: Mapping[str, Any], words: Translator) -> tuple[str, str]:
    """Where it stands and why it was put aside; what stands there and what may."""
    column = row["column"] or words.text("whole row")
    reason = words.code("reason", row["reason"])
    found = words.text("nothing") if row["found"] is None else repr(words.of_file(row["found"]))
    allowed = words.allowed(row["allowed"], row["reason"]) if row["allowed"] else NO_VALUE
    return (
        f"{row['path']}:{row['line']}  {column}: {reason}",
        "    " + words.text("found %(found)s; allowed: %(allowed)s", found=found, allowed=allowed),
    )


def _repair(workspace: klantreis.Workspace, sheet: Path, words: Translator) -> None:
    from klantreis.words.problems import problem_told

    done = workspace.repairs.repair_sheet(sheet, by="command line")
    workspace.note("command line", "quarantine_repair", sheet.name, address="command line")
    told = words.text(
        "%(loaded)s repaired and taken in, %(refused)s still not right",
        loaded=words.number(done.loaded),
        refused=words.number(done.refused),
    )
    errors.print(told, highlight=False)
    for problem in done.problems:
        reason = problem_told(words, problem.error.parts)
        errors.print(f"{problem.path}: {reason}", style="red", markup=False)
