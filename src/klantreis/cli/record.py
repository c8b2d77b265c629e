"""`klantreis record`: where a record stands in the export that it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import grid, out, words_of
from klantreis.errors import NotFoundError, message

if TYPE_CHECKING:
    from klantreis.words import Translator
    from klantreis.workspace import RawRow

NAME = "record"
CELL, NEIGHBOUR = 40, 100  # characters


def command(
    folder: Folder,
    table: Annotated[str, typer.Argument(help="A table that exports fill, as orders.")],
    record_id: Annotated[str, typer.Argument(help="The record's key there, as shop:1001.")],
    language: Language = "",
) -> None:
    """Show a record as it stands in the file that it came from, with its neighbours."""
    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        found = workspace.raw_records.find(table, [record_id]).get(record_id)
    if found is None:
        raise NotFoundError(message("No such record", where=table, got=record_id))
    out.print(f"{found.path or found.source}", highlight=False, markup=False, soft_wrap=True)
    if found.state != "found":
        out.print(_not_shown(found.state, words), soft_wrap=True)
        return
    if not found.is_as_taken:
        told = words.text("The file has changed since it was taken in: this is what it says now.")
        out.print(told, soft_wrap=True)
    shown = found.raw.rows
    if not found.raw.columns:
        for row in shown:
            told = row.cells[0] if row.is_meant else " ".join(row.cells[0].split())[:NEIGHBOUR]
            out.print(f"{_line(row)} {told}", highlight=False, markup=False, soft_wrap=True)
        return
    rows = [
        (column, *(row.cells[place][:CELL] for row in shown))
        for place, column in enumerate(found.raw.columns)
        if any(row.cells[place] for row in shown if row.is_meant)
    ]
    out.print(grid((words.text("Line"), *map(_line, shown)), rows))


def _not_shown(state: str, words: Translator) -> str:
    """Why a record is not shown as it stood in its file."""
    if state == "not_found":
        return words.text("The record cannot be found in the file by its number.")
    if state == "gone":
        return words.text(
            "The file is not there any more, so the record cannot be shown as it stood in it."
        )
    return words.text(
        "The file cannot be read as it is now, so the record cannot be shown as it stood in it."
    )


def _line(row: RawRow) -> str:
    return f"{'>' if row.is_meant else ' '} {row.line}"
