"""What a person can change on the value page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Form

from klantreis.errors import ConflictError, InputError, NotFoundError
from klantreis.web.action import Action
from klantreis.web.actors import Actor
from klantreis.web.history import Turning, turned
from klantreis.web.refusal import back_to
from klantreis.workspace import STRATEGY_PARTS, NeedTest, Workspace

__all__ = ["ACTIONS"]

Word = Annotated[str, Form(max_length=200)]
Text = Annotated[str, Form(max_length=1000)]
Long = Annotated[str, Form(max_length=5000)]
Level = Annotated[int, Form(ge=0, le=5)]


@dataclass(frozen=True)
class Deciding:
    """A judgement, and as it was seen."""

    topic: Word
    fit: Level = 0
    cost: Level = 0
    decision: Word = "open"
    reason: Text = ""
    seen_fit: Level = 0
    seen_cost: Level = 0
    seen_decision: Word = "open"
    seen_reason: Text = ""


@dataclass(frozen=True)
class Offering:
    """A product, pain reliever or gain creator."""

    side: Word
    text: Text = ""
    answers: Annotated[tuple[str, ...], Form()] = ()


@dataclass(frozen=True)
class Writing:
    """Who we are and where we want to go, changed in the version that was seen."""

    seen: Annotated[int, Form()]
    identity: Long = ""
    goal: Long = ""
    choices: Long = ""
    not_done: Long = ""


@dataclass(frozen=True)
class TurningPart(Turning):
    """Back or forth in one part of the page: `strategy`, `needs` or `canvas`."""

    part: Word


@dataclass(frozen=True)
class Withdrawing:
    """An offer to take off."""

    offer_id: Word


def decide(workspace: Workspace, form: Deciding, actor: Actor) -> str:
    """Keep a judgement."""
    test = NeedTest(form.topic, form.fit, form.cost, form.decision, form.reason.strip())
    seen = NeedTest(form.topic, form.seen_fit, form.seen_cost, form.seen_decision, form.seen_reason)
    return _tried(lambda: workspace.value.decide(test, seen=seen, by=actor.name), form, form.topic)


def offer(workspace: Workspace, form: Offering, actor: Actor) -> str:
    """Put an offer on the canvas."""
    return _tried(
        lambda: workspace.value.offer(form.side, form.text, form.answers, by=actor.name),
        form,
        "canvas",
    )


def withdraw(workspace: Workspace, form: Withdrawing, actor: Actor) -> str:
    """Take an offer off the canvas."""
    return _tried(lambda: workspace.value.withdraw(form.offer_id, by=actor.name), form, "canvas")


def write(workspace: Workspace, form: Writing, actor: Actor) -> str:
    """Write identity and strategy."""
    texts = {part: getattr(form, part) for part in STRATEGY_PARTS}
    return _tried(
        lambda: workspace.strategy.write(texts, seen=form.seen, by=actor.name),
        form,
        "strategy",
        refused_as="wrong",
    )


def undo(workspace: Workspace, form: TurningPart, actor: Actor) -> str:
    """Take the last change of a part back."""
    if form.part == "strategy":
        return _back(turned(lambda: workspace.strategy.undo(seen=form.seen, by=actor.name)), form)
    return _back(
        turned(lambda: workspace.value.undo(form.part, seen=form.seen, by=actor.name)), form
    )


def redo(workspace: Workspace, form: TurningPart, actor: Actor) -> str:
    """Do again what was taken back."""
    if form.part == "strategy":
        return _back(turned(lambda: workspace.strategy.redo(seen=form.seen, by=actor.name)), form)
    return _back(
        turned(lambda: workspace.value.redo(form.part, seen=form.seen, by=actor.name)), form
    )


def _back(refused: str, form: TurningPart) -> str:
    return back_to("/value", form.part, refused, form)


def _tried(make: Callable[[], object], form: object, place: str, refused_as: str = "reason") -> str:
    refused = ""
    try:
        make()
    except ConflictError:
        refused = "changed"
    except NotFoundError:
        refused = "gone"
    except InputError:
        refused = refused_as
    return back_to("/value", place, refused, form)


ACTIONS = (
    Action("value_decide", "/value/needs", Deciding, decide),
    Action("value_offer", "/value/offers", Offering, offer),
    Action("value_withdraw", "/value/offers/off", Withdrawing, withdraw),
    Action("value_write", "/value/strategy", Writing, write),
    Action("value_undo", "/value/undo", TurningPart, undo),
    Action("value_redo", "/value/redo", TurningPart, redo),
)
