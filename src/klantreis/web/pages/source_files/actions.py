"""Importing what waits, from the page of a source's files."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Path

from klantreis.web.action import Action
from klantreis.web.actors import Actor
from klantreis.web.rendering import address
from klantreis.web.waiting import import_waiting
from klantreis.workspace import Workspace

__all__ = ["ACTIONS"]

PATH = "/sources/{source_name}/files"


@dataclass(frozen=True)
class Reading:
    """From the page of which source it was asked."""

    source_name: Annotated[str, Path(max_length=200)]


def read(workspace: Workspace, form: Reading, actor: Actor) -> str:
    """Import what waits."""
    told = asdict(import_waiting(workspace))
    path = PATH.format(source_name=quote(form.source_name, safe=""))
    return address(path, done="read", **told) + "#done"


ACTIONS = (Action("source_files_read", f"{PATH}/read", Reading, read),)
