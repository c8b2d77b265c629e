"""`klantreis query`: SQL over the tables."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import errors, grid, out, words_of

NAME = "query"
ROWS_SHOWN = 100


def command(
    folder: Folder,
    sql: Annotated[str, typer.Argument(help="An SQL query over the tables.", metavar='"SQL"')],
    csv: Annotated[bool, typer.Option("--csv", help="Write all rows as CSV.")] = False,
    language: Language = "",
) -> None:
    """Answer an SQL query over the published tables (DuckDB's dialect).

    Example: klantreis query my-shop "SELECT segment, count(*) FROM rfm GROUP BY segment"
    """
    with klantreis.Workspace.open(folder) as workspace:
        answer, words = workspace.sql(sql), words_of(workspace, language)
    if csv:
        from klantreis.exporting import write_csv

        write_csv(answer, sys.stdout.buffer)
        return
    rows = [list(row.values()) for row in answer.slice(0, ROWS_SHOWN).to_pylist()]
    out.print(grid(answer.column_names, rows))
    if answer.num_rows > ROWS_SHOWN:
        told = words.text(
            "%(shown)s of %(rows)s; --csv writes all",
            shown=words.number(ROWS_SHOWN),
            rows=words.units(answer.num_rows, "rows"),
        )
        errors.print(told, style="dim", highlight=False)
