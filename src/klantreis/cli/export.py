"""`klantreis export`: a table as a file."""

from __future__ import annotations

import getpass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import out

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
) -> None:
    """Write a table as CSV, Parquet, JSON lines or Excel."""
    file = to or Path(f"{table}.{format.value}")
    with klantreis.Workspace.open(folder) as workspace:
        rows = workspace.export(table, file, format=format.value, is_dutch=dutch)
        workspace.note(getpass.getuser(), "export", table, address="command line")
    out.print(f"{rows:,} rows in {file}", highlight=False, soft_wrap=True)
