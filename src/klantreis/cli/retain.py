"""`klantreis retain`: take out what is too old."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import errors, grid, out, words_of

if TYPE_CHECKING:
    from klantreis.words import Translator
    from klantreis.workspace import Kept

NAME = "retain"
DAYS = ("%(number)s day", "%(number)s days")


def command(
    folder: Folder,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what is too old.")] = False,
    language: Language = "",
) -> None:
    """Take out what is older than section [retention] of klantreis.toml allows.

    Without such a section everything is kept, save earlier versions of the tables. The worker does
    the same once a day.
    """
    now = datetime.now(UTC).replace(tzinfo=None)
    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        if dry_run:
            found = workspace.retention.look(now)
        else:
            found = workspace.retention.apply(now, by=getpass.getuser(), address="command line")
    headings = (
        words.text("What"),
        words.text("Kept"),
        words.text("Too old") if dry_run else words.text("Taken out"),
        words.text("Files"),
        words.text("Mixed files"),
    )
    out.print(grid(headings, [_line(one, words) for one in found], right=(2, 3, 4)))
    if any(one.mixed for one in found):
        told = words.text("Mixed files also hold newer lines: they stay as they are")
        errors.print(told, soft_wrap=True)


def _line(one: Kept, words: Translator) -> tuple[str, ...]:
    kept = words.plural(*DAYS, one.days) if one.days else words.text("for ever")
    count = f"{words.number(one.count)} {words.code('kept_unit', one.unit)}" if one.before else ""
    files = (words.number(number) if number else "" for number in (one.files, one.mixed))
    return (words.code("kept", one.kind), kept, count, *files)
