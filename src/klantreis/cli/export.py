"""`klantreis export`: a table as a file."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import errors, noted, out

if TYPE_CHECKING:
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
) -> None:
    """Write a table as CSV, Parquet, JSON lines or Excel."""
    file = to or Path(f"{table}.{format.value}")
    with klantreis.Workspace.open(folder) as workspace:
        if pseudonymous:
            made = workspace.pseudonyms.export(
                table, file, recipient=recipient, format=format.value, is_dutch=dutch
            )
            rows, action = made.rows, "export_pseudonymous"
            _explain(made)
        else:
            rows = workspace.export(table, file, format=format.value, is_dutch=dutch)
            action = "export"
        noted(workspace, action, table)
    out.print(f"{rows:,} rows in {file}", highlight=False, soft_wrap=True)


def _explain(made: Pseudonymised) -> None:
    if made.left_out:
        errors.print(f"Left out: {', '.join(made.left_out)}", highlight=False)
    if made.small_cells:
        errors.print(
            f"{made.small_cells:,} rows share birth year, postcode and gender with fewer than ten",
            highlight=False,
        )
    errors.print("This is pseudonymous, not anonymous: make an agreement before you hand it out")
