"""`klantreis export`: a table as a file."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import errors, noted, out, words_of

if TYPE_CHECKING:
    from klantreis.words import Translator
    from klantreis.workspace import Pseudonymised

NAME = "export"


class Format(StrEnum):
    """The kinds of file that a table can be written as."""

    csv = "csv"
    parquet = "parquet"
    json = "json"
    xlsx = "xlsx"


def command(
    folder: Folder,
    table: Annotated[str, typer.Argument(help="Name of the table; see klantreis tables.")],
    format: Annotated[Format, typer.Option(help="Kind of file.")] = Format.csv,
    to: Annotated[Path | None, typer.Option(help="File to write; TABLE.FORMAT by default.")] = None,
    dutch: Annotated[
        bool, typer.Option("--dutch", help="CSV as Dutch Excel opens it: ';' and decimal comma.")
    ] = False,
    pseudonymous: Annotated[
        bool,
        typer.Option(
            "--pseudonymous", help="Without names, addresses and free text; not anonymous."
        ),
    ] = False,
    recipient: Annotated[
        str, typer.Option(help="For whom: each gets pseudonyms of its own. With --pseudonymous.")
    ] = "",
    language: Language = "",
) -> None:
    """Write a table as CSV, Parquet, JSON lines or Excel."""
    file = to or Path(f"{table}.{format.value}")
    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        if pseudonymous:
            made = workspace.pseudonyms.export(
                table, file, recipient=recipient, format=format.value, is_dutch=dutch
            )
            rows, action = made.rows, "export_pseudonymous"
            _explain(made, words)
        else:
            rows = workspace.export(table, file, format=format.value, is_dutch=dutch)
            action = "export"
        noted(workspace, action, table)
    told = words.text("%(rows)s in %(file)s", rows=words.units(rows, "rows"), file=file)
    out.print(told, highlight=False, soft_wrap=True)


def _explain(made: Pseudonymised, words: Translator) -> None:
    if made.left_out:
        told = words.text("Left out: %(columns)s", columns=", ".join(made.left_out))
        errors.print(told, highlight=False)
    if made.small_cells:
        told = words.text(
            "%(rows)s with a birth year, postcode and gender that fewer than ten have in common",
            rows=words.units(made.small_cells, "rows"),
        )
        errors.print(told, highlight=False)
    told = words.text(
        "This is pseudonymous, not anonymous: make an agreement before you hand it out"
    )
    errors.print(told)
