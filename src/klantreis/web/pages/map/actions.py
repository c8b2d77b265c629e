"""What a person can change on a journey map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import File, Form, UploadFile

from klantreis.web.action import Action
from klantreis.web.actors import Actor
from klantreis.web.pages.map.naming import lane_names
from klantreis.web.refusal import why_refused
from klantreis.web.rendering import address
from klantreis.words import LOCALES, translator
from klantreis.workspace import Ground, MapPlace, Workspace

__all__ = ["ACTIONS"]

Word = Annotated[str, Form(max_length=200)]
Text = Annotated[str, Form(max_length=5000)]


@dataclass(frozen=True)
class OnMap:
    """Which map."""

    subject: Word
    model: Word
    variant: Word

    @property
    def place(self) -> MapPlace:
        return MapPlace(self.subject, self.model, self.variant)


@dataclass(frozen=True)
class Adding(OnMap):
    """A new card."""

    lane: Word
    phase: Word
    text: Text = ""


@dataclass(frozen=True)
class OnCard(OnMap):
    """A card as it was seen in a version."""

    card_id: Word
    seen: Annotated[int, Form()]


@dataclass(frozen=True)
class Writing(OnCard):
    """Another text, or a comment."""

    text: Text = ""


@dataclass(frozen=True)
class Moving(OnCard):
    """Another place: `at` cards come before it."""

    lane: Word
    phase: Word
    at: Annotated[int, Form(ge=0)] = 1_000_000


@dataclass(frozen=True)
class Shifting(OnCard):
    """One place left, right, up or down; the card is shown open afterwards, or as it was."""

    way: Word
    shows: Word = "open"


@dataclass(frozen=True)
class Grounding(OnCard):
    """What the card rests on."""

    kind: Word
    reference: Annotated[str, Form(max_length=500)] = ""


@dataclass(frozen=True)
class Turning(OnMap):
    """Back or forth from a version."""

    seen: Annotated[int, Form()]


@dataclass(frozen=True)
class Copying(OnMap):
    """Start from another variant."""

    source: Word


@dataclass(frozen=True)
class Uploading(OnMap):
    """A filled-in sheet."""

    file: Annotated[UploadFile, File()]


def add(workspace: Workspace, form: Adding, actor: Actor) -> str:
    """Put a card on the map."""
    return _tried(
        form,
        lambda: workspace.maps.add(form.place, form.lane, form.phase, form.text, by=actor.name),
        text=form.text,
    )


def write(workspace: Workspace, form: Writing, actor: Actor) -> str:
    """Write another text on a card."""
    return _tried(
        form,
        lambda: workspace.maps.edit(
            form.place, form.card_id, form.text, seen=form.seen, by=actor.name
        ),
        text=form.text,
        card=form.card_id,
    )


def move(workspace: Workspace, form: Moving, actor: Actor) -> str:
    """Put a card in another place."""
    return _tried(
        form,
        lambda: workspace.maps.move(
            form.place,
            form.card_id,
            form.lane,
            form.phase,
            form.at,
            seen=form.seen,
            by=actor.name,
        ),
    )


def shift(workspace: Workspace, form: Shifting, actor: Actor) -> str:
    """Put a card one place further."""
    return _tried(
        form,
        lambda: workspace.maps.shift(
            form.place, form.card_id, form.way, seen=form.seen, by=actor.name
        ),
        card=form.card_id if form.shows == "open" else "",
    )


def remove(workspace: Workspace, form: OnCard, actor: Actor) -> str:
    """Take a card off."""
    return _tried(
        form,
        lambda: workspace.maps.remove(form.place, form.card_id, seen=form.seen, by=actor.name),
    )


def comment(workspace: Workspace, form: Writing, actor: Actor) -> str:
    """Say something about a card."""
    return _tried(
        form,
        lambda: workspace.maps.comment(form.place, form.card_id, form.text, by=actor.name),
        text=form.text,
        card=form.card_id,
    )


def ground(workspace: Workspace, form: Grounding, actor: Actor) -> str:
    """Say what a card rests on."""
    rests_on = Ground(form.kind, form.reference)
    return _tried(
        form,
        lambda: workspace.maps.ground(form.place, form.card_id, rests_on, by=actor.name),
        card=form.card_id,
    )


def unground(workspace: Workspace, form: Grounding, actor: Actor) -> str:
    """Take back that a card rests on this."""
    rests_on = Ground(form.kind, form.reference)
    return _tried(
        form,
        lambda: workspace.maps.unground(form.place, form.card_id, rests_on, by=actor.name),
        card=form.card_id,
    )


def undo(workspace: Workspace, form: Turning, actor: Actor) -> str:
    """Take the last change back."""
    return _tried(form, lambda: workspace.maps.undo(form.place, seen=form.seen, by=actor.name))


def redo(workspace: Workspace, form: Turning, actor: Actor) -> str:
    """Do again what was taken back."""
    return _tried(form, lambda: workspace.maps.redo(form.place, seen=form.seen, by=actor.name))


def copy(workspace: Workspace, form: Copying, actor: Actor) -> str:
    """Start with the cards of the other variant."""
    source = MapPlace(form.subject, form.model, form.source)
    return _tried(form, lambda: workspace.maps.copy(form.place, source, by=actor.name))


def take_in(workspace: Workspace, form: Uploading, actor: Actor) -> str:
    """Take a filled-in sheet in."""
    names = [lane_names(translator(language)) for language in LOCALES]
    return (
        _tried(
            form,
            lambda: workspace.maps.fill_in(
                form.place,
                form.file.file.read(),
                lane_names=names,
                file=form.file.filename or "",
                by=actor.name,
            ),
            refused_as="sheet",
        )
        + "#sheet"
    )


def _tried(
    form: OnMap,
    make: Callable[[], object],
    *,
    text: str = "",
    card: str = "",
    refused_as: str = "wrong",
) -> str:
    """Make a change; the address to show next says when it was refused, and keeps what was typed."""
    refused = why_refused(make, refused_as)
    return address(
        "/map",
        subject=form.subject,
        model=form.model,
        variant=form.variant,
        card=card,
        refused=refused,
        text=text[:1000] if refused else "",
    )


ACTIONS = (
    Action("map_add", "/map/cards", Adding, add),
    Action("map_write", "/map/cards/text", Writing, write),
    Action("map_move", "/map/cards/place", Moving, move),
    Action("map_shift", "/map/cards/way", Shifting, shift),
    Action("map_remove", "/map/cards/off", OnCard, remove),
    Action("map_comment", "/map/cards/comments", Writing, comment),
    Action("map_ground", "/map/cards/grounds", Grounding, ground),
    Action("map_unground", "/map/cards/grounds/off", Grounding, unground),
    Action("map_undo", "/map/undo", Turning, undo),
    Action("map_redo", "/map/redo", Turning, redo),
    Action("map_copy", "/map/copy", Copying, copy),
    Action("map_take_in", "/map/sheet", Uploading, take_in),
)
