"""`klantreis document`: what the pages hand out, as a file."""

from __future__ import annotations

import inspect
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import grid, noted, out, words_of
from klantreis.errors import InputError, NotFoundError, message

if TYPE_CHECKING:
    from klantreis.web.download import Download

NAME = "document"


def command(
    folder: Folder,
    name: Annotated[str, typer.Argument(help="As report_pdf; without it: the list.")] = "",
    about: Annotated[
        list[str] | None, typer.Argument(help="What it is about, as persona_id=stock.")
    ] = None,
    to: Annotated[Path | None, typer.Option(help="File to write; by default its own name.")] = None,
    language: Language = "",
) -> None:
    """Write a document of the pages: report, journey map, persona card, roadmap, fill-in sheet."""
    from klantreis.web.pages import PAGES

    known = {download.name: download for page in PAGES for download in page.downloads}
    if not name:
        _list(known)
        return
    if name not in known:
        raise NotFoundError(
            message("There is no such document", got=repr(name), allowed=", ".join(known))
        )
    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        made = known[name].make(workspace, _query(known[name], about or []), words)
        file = to or Path(made.name)
        file.write_bytes(made.content)
        noted(workspace, name, " ".join(about or []))
    told = words.text("%(size)s bytes in %(file)s", size=words.number(len(made.content)), file=file)
    out.print(told, highlight=False, soft_wrap=True)


def _list(known: dict[str, Download]) -> None:
    rows = []
    for name, download in known.items():
        asked = (
            field.name if field.default is MISSING else f"({field.name})"
            for field in fields(download.query)
        )
        meaning = (inspect.getdoc(download.make) or "").split("\n")[0]
        rows.append((name, meaning, " ".join(asked)))
    out.print(grid(("document", "what it is", "what it may be about"), rows, whole=(0,)))


def _query(download: Download, about: list[str]) -> Any:
    """The query of a download, checked as that of an address is."""
    from pydantic import TypeAdapter, ValidationError

    known = tuple(field.name for field in fields(download.query))
    given = dict(one.partition("=")[::2] for one in about)
    wrong = [key for key in given if key not in known]
    if wrong:
        raise InputError(
            message(
                "It cannot be about that",
                where=download.name,
                got=", ".join(wrong),
                allowed=", ".join(f"{key}=..." for key in known) or "nothing",
            )
        )
    try:
        return TypeAdapter(download.query).validate_python(given)
    except ValidationError as error:
        lacking = "; ".join(f"{one['loc'][0]}: {one['msg']}" for one in error.errors())
        raise InputError(
            message("It must be told what it is about", where=download.name, got=lacking)
        ) from error
