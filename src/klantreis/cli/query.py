"""`klantreis query`: SQL over the tables."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import errors, grid, out

NAME = "query"
ROWS_SHOWN = 100


def command(
    folder: Folder,
    sql: Annotated[str, typer.Argument(help="An SQL query over the tables.", metavar='"SQL"')],
    csv: Annotated[bool, typer.Option("--csv", help="Write all rows as CSV.")] = False,
) -> None:
    """Answer an SQL query over the published tables (DuckDB's dialect).

    Example: klantreis query my-shop "SELECT segment, count(*) FROM rfm GROUP BY segment"
    """
    with klantreis.Workspace.open(folder) as workspace:
        answer = workspace.sql(sql)
    if csv:
        import pyarrow.csv as pa_csv

        pa_csv.write_csv(answer, sys.stdout.buffer)
        return
    rows = [list(row.values()) for row in answer.slice(0, ROWS_SHOWN).to_pylist()]
    out.print(grid(answer.column_names, rows))
    if answer.num_rows > ROWS_SHOWN:
        errors.print(f"{ROWS_SHOWN} of {answer.num_rows:,} rows; --csv writes all", style="dim")
