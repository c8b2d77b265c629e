"""Bringing a file, saying how it is read, keeping it, and throwing it away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, BinaryIO

from fastapi import File, Form, UploadFile

from klantreis.errors import InputError, WorkspaceBusyError
from klantreis.web.action import Action
from klantreis.web.actors import Actor
from klantreis.web.problems import AT_ONCE_BYTES, column_actions, sent
from klantreis.web.rendering import address
from klantreis.workspace import Brought, Choices, Workspace

__all__ = ["ACTIONS"]

PATH = "/sources/import"
PIECE = 2**20
Word = Annotated[str, Form(max_length=100)]


@dataclass(frozen=True)
class Uploading:
    """A file."""

    upload: Annotated[UploadFile, File()]


@dataclass(frozen=True)
class OfFile:
    """Which file."""

    file: Word


@dataclass(frozen=True)
class Saying(OfFile):
    """How it is read: the fields, and for each column what it means."""

    source: Word = ""
    way: Word = ""
    row_is: Word = ""
    row_was: Word = ""
    separator: Word = ""
    heading: Annotated[int, Form(ge=-1, le=10_000)] = -1
    decimal_sign: Word = ""
    date_order: Word = ""
    time_zone: Word = ""
    channel: Word = ""
    column: Annotated[tuple[str, ...], Form()] = ()
    means: Annotated[tuple[str, ...], Form()] = ()


def upload(workspace: Workspace, form: Uploading, actor: Actor) -> str:
    """Keep a file until it is looked at."""
    try:
        tokens = workspace.sources.bring(form.upload.filename or "", _pieces(form.upload.file))
    except InputError as error:
        return address(PATH, refused="file", got=sent(error))
    return address(PATH, file=tokens[0]) if len(tokens) == 1 else f"{PATH}#waiting"


def say(workspace: Workspace, form: Saying, actor: Actor) -> str:
    """Say how a file is read."""
    try:
        _say(workspace, form)
    except InputError as error:
        return address(PATH, file=form.file, refused="choice", got=sent(error))
    return address(PATH, file=form.file)


def keep(workspace: Workspace, form: Saying, actor: Actor) -> str:
    """Say how a file is read and make it an export; it is imported at once when it is not large."""
    try:
        size = _say(workspace, form).size_bytes
        return _keep(workspace, form.file, size)
    except InputError as error:
        return address(PATH, file=form.file, refused="choice", got=sent(error))


def drop(workspace: Workspace, form: OfFile, actor: Actor) -> str:
    """Throw a file that was brought away."""
    workspace.sources.drop(form.file)
    return PATH


def _say(workspace: Workspace, form: Saying) -> Brought:
    brought = workspace.sources.waiting(form.file)
    workspace.sources.say(form.file, _choices(brought, form))
    return brought


def _keep(workspace: Workspace, token: str, size: int) -> str:
    kept = workspace.bring_in(token)
    if size > AT_ONCE_BYTES:
        return address(PATH, kept=kept.source)
    try:
        taken = workspace.import_exports()
    except WorkspaceBusyError:
        return address(PATH, kept=kept.source)
    problem = next((one.error for one in taken.problems if one.path == kept.path), None)
    if problem:
        return address(PATH, kept=kept.source, refused="import", got=sent(problem))
    return address(PATH, kept=kept.source, rows=str(taken.rows), aside=taken.quarantined)


def _choices(brought: Brought, form: Saying) -> Choices:
    """What was said now and before; what was only guessed stays a guess."""
    held, found = brought.choices, brought.guessed.guess
    if found is None:
        return replace(held, source=form.source, own_mapping=form.way == "mapping")
    is_same_shape = form.row_is in ("", found.row_is)
    guessed = {one.column: one.means for one in found.columns}
    posted = dict(zip(form.column, form.means, strict=False)) if is_same_shape else {}
    said = {
        column: means
        for column, means in posted.items()
        if column in guessed and (means != guessed[column] or column in held.means)
    }
    sample = found.sample
    is_same_layout = form.separator in ("", sample.separator) and form.heading in (
        -1,
        sample.heading,
    )
    return Choices(
        source=form.source,
        own_mapping=form.way == "mapping",
        row_is=form.row_is if form.row_is != found.row_is else held.row_is,
        separator=form.separator if form.separator != sample.separator else held.separator,
        heading=form.heading if form.heading != sample.heading else held.heading,
        decimal_sign=_said(form.decimal_sign, found.decimal_sign, held.decimal_sign),
        date_order=_said(form.date_order, found.date_order, held.date_order),
        time_zone=_said(form.time_zone, found.time_zone, held.time_zone),
        channel=_said(form.channel, found.channel, held.channel) if is_same_shape else "",
        means={**held.means, **said} if is_same_layout else {},
    )


def _said(posted: str, guessed: str, held: str) -> str:
    """What differs from the guess was said; the rest stays as it was said before."""
    return posted if posted != guessed else held


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


ACTIONS = (
    Action("bring_upload", f"{PATH}/file", Uploading, upload),
    Action("bring_say", f"{PATH}/say", Saying, say),
    Action("bring_keep", f"{PATH}/keep", Saying, keep),
    Action("bring_drop", f"{PATH}/drop", OfFile, drop),
    *column_actions("bring", PATH),
)
