"""`klantreis guess`: what a file seems to be, and the mapping that reads it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import errors, out, words_of
from klantreis.errors import InputError, message

if TYPE_CHECKING:
    from klantreis.words import Translator
    from klantreis.workspace import ColumnGuess, Guess

NAME = "guess"


def command(
    folder: Folder,
    file: Annotated[Path, typer.Argument(help="CSV, Excel, JSON, JSON lines or Parquet.")],
    output: Annotated[
        Path | None, typer.Option(help="Write the mapping here; else it is printed.")
    ] = None,
    language: Language = "",
) -> None:
    """Guess which connector knows a file, and a mapping for it, with how sure each guess is.

    What is guessed goes to the screen, the mapping file to --output or the standard output.
    """
    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        guessed = workspace.sources.guess(file)
    if guessed.connector:
        _tell(words.text("The connector %(name)s knows this file.", name=guessed.connector))
    if guessed.guess is None:
        return
    _show(guessed.guess, guessed.beside, words)
    if output:
        _write(output, guessed.mapping)
        _tell(words.text("Written: %(file)s", file=output))
        _tell(words.text("To read exports/%(name)s with it, in klantreis.toml:", name=output.stem))
        _tell(_section(output, folder))
    else:
        out.print(guessed.mapping, highlight=False, markup=False, soft_wrap=True)


def _write(output: Path, mapping: str) -> None:
    if output.exists():
        raise InputError(
            message(
                "There is a file of that name already, which somebody may have changed by hand",
                where="--output",
                got=str(output),
                next_step="choose another name, or take that file away first",
            )
        )
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(mapping, encoding="utf-8")


def _section(output: Path, folder: Path) -> str:
    """What the settings need to say, so that the folder of exports of that name is read with it."""
    is_within = output.resolve().is_relative_to(folder.resolve())
    place = output.resolve().relative_to(folder.resolve()) if is_within else output.resolve()
    name = output.stem if re.fullmatch(r"[\w-]+", output.stem) else f'"{output.stem}"'
    return f'[sources.{name}]\nconnector = "mapping"\nmapping = "{place.as_posix()}"'


def _show(found: Guess, beside: Sequence[str], words: Translator) -> None:
    if found.sample.titles:
        above = words.text(
            "The column names stand on line %(line)s. What is above them is passed over:",
            line=found.sample.heading,
        )
        _tell(f"{above} {'; '.join(found.sample.titles)}")
    row_is = words.code("row_is", found.row_is) if found.row_is else words.text("not recognised")
    a_row = words.text("A row is")
    _tell(f"{a_row}: {row_is}")
    for one in found.columns:
        _tell(f"  {one.column:<30} {one.target or '-':<28} {_why(one, words)}")
    for code in (*found.unsure, *beside):
        told = words.text("Unsure: %(question)s", question=words.code("doubt", code))
        _tell(told, style="yellow")
    for target in found.lacks:
        _tell(words.text("No column for %(target)s", target=target), style="red")


def _why(one: ColumnGuess, words: Translator) -> str:
    """How sure it is what a column means, and by what."""
    if not one.means:
        return words.text("not used")
    reasons = {
        "name_and_values": words.text("by its name and its values"),
        "name": words.text("by its name only"),
        "values": words.text("by its values"),
    }
    told = f"{words.percent(one.sureness, 0)}, {reasons.get(one.why.code, one.why.code)}"
    if not one.why.kind:
        return told
    values = words.text(
        "%(share)s of %(values)s: %(kind)s",
        share=words.percent(one.why.share, 0),
        values=words.units(one.why.looked_at, "values"),
        kind=words.code("value_kind", one.why.kind),
    )
    return f"{told}, {values}"


def _tell(line: str, *, style: str | None = None) -> None:
    errors.print(line, style=style, highlight=False, markup=False, soft_wrap=True)
