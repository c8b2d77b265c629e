"""Taking a file back, and reading one again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Path

from klantreis.errors import InputError, NotFoundError, WorkspaceBusyError
from klantreis.web.action import Action
from klantreis.web.actors import Actor
from klantreis.web.problems import sent
from klantreis.web.rendering import address
from klantreis.web.waiting import ImportedNow, import_waiting
from klantreis.workspace import Workspace

__all__ = ["ACTIONS"]

LIST = "/sources/{source_name}/files"
PATH = f"{LIST}/{{file_id}}"


@dataclass(frozen=True)
class OfFile:
    """Which file of which source."""

    source_name: Annotated[str, Path(max_length=200)]
    file_id: Annotated[str, Path(max_length=40)]


def take_back(workspace: Workspace, form: OfFile, actor: Actor) -> str:
    """Take out what a file gave; files that were read together with it are read again at once."""
    try:
        name = workspace.files.one(form.source_name, form.file_id).name
        back = workspace.files.take_back(form.source_name, form.file_id)
    except (InputError, NotFoundError, WorkspaceBusyError) as error:
        return _refused(form, error)
    now = import_waiting(workspace) if back.beside else ImportedNow()
    told = asdict(now) | {"rows": back.rows, "aside": 0, "moved": back.moved, "file": name}
    return address(_list(form), done="taken_back", **told) + "#done"


def read_again(workspace: Workspace, form: OfFile, actor: Actor) -> str:
    """Have a file read again, at once when that is not much."""
    try:
        name = workspace.files.read_again(form.source_name, form.file_id).name
    except (InputError, NotFoundError, WorkspaceBusyError) as error:
        return _refused(form, error)
    told = asdict(import_waiting(workspace))
    return address(_list(form), done="read", file=name, **told) + "#done"


def _refused(form: OfFile, error: InputError | NotFoundError | WorkspaceBusyError) -> str:
    if isinstance(error, NotFoundError):
        return address(_list(form), done="read", problem=sent(error)) + "#done"
    file_id = quote(form.file_id, safe="")
    return address(f"{_list(form)}/{file_id}", problem=sent(error)) + "#refused"


def _list(form: OfFile) -> str:
    return LIST.format(source_name=quote(form.source_name, safe=""))


ACTIONS = (
    Action("source_file_back", f"{PATH}/back", OfFile, take_back),
    Action("source_file_read", f"{PATH}/read", OfFile, read_again),
)
