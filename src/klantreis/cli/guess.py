"""`klantreis guess`: what a file seems to be, and the mapping that reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import errors, out

NAME = "guess"


def command(
    folder: Folder,
    file: Annotated[Path, typer.Argument(help="CSV, Excel, JSON, JSON lines or Parquet.")],
    output: Annotated[
        Path | None, typer.Option(help="Write the mapping here; else it is printed.")
    ] = None,
) -> None:
    """Guess which connector knows a file, and a mapping for it, with how sure each guess is.

    What is guessed goes to the screen, the mapping file to --output or the standard output.
    """
    with klantreis.Workspace.open(folder) as workspace:
        guessed = workspace.sources.guess(file)
    if guessed.connector:
        errors.print(f"The connector {guessed.connector} knows this file.", highlight=False)
    found = guessed.guess
    if found is None:
        return
    if found.sample.titles:
        told = "; ".join(found.sample.titles)
        errors.print(
            f"Column names on line {found.sample.heading}, below: {told}",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    errors.print(f"A row is: {found.row_is or 'not recognised'}", highlight=False)
    for one in found.columns:
        share = f"{one.why.share:.0%} of {one.why.looked_at} values: {one.why.kind}"
        told = f"{one.sureness:.0%}, {one.why.code}" if one.means else "not used"
        errors.print(
            f"  {one.column:<30} {one.target or '-':<28} {told}"
            f"{f', {share}' if one.means and one.why.kind else ''}",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    for code in found.unsure:
        errors.print(f"Unsure: {code}", style="yellow", markup=False)
    for target in found.lacks:
        errors.print(f"No column for {target}", style="red", markup=False)
    if output:
        output.write_text(guessed.mapping, encoding="utf-8")
        errors.print(f"Written: {output}", highlight=False, markup=False)
    else:
        out.print(guessed.mapping, highlight=False, markup=False, soft_wrap=True)
