"""What an editor can do with the fields of a campaign."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Form

from klantreis.errors import InputError, message
from klantreis.web.action import Action
from klantreis.web.actors import Actor
from klantreis.workspace import (
    FlowFields,
    LetterFields,
    StepFields,
    Workspace,
    changed,
    flow_text,
    raw_of,
)

__all__ = ["ACTIONS"]

Short = Annotated[str, Form(max_length=300)]
Rule = Annotated[str, Form(max_length=4000)]
Several = Annotated[list[str], Form(max_length=200)]


@dataclass(frozen=True)
class Fields:
    """The whole editor; lists have one value for each step, or for each letter and language.

    Attributes:
        wish: the button that was pressed; see `changed`, and `save` to make it the flow.
    """

    name: str
    wish: Annotated[str, Form(max_length=100)]
    title_nl: Short = ""
    title_en: Short = ""
    kind: Short = ""
    channel: Short = ""
    holdout_percent: Short = ""
    reentry_days: Short = ""
    event: Short = ""
    within: Short = ""
    within_unit: Short = "hours"
    score_at_most: Short = ""
    rule: Rule = ""
    new_letter: Annotated[str, Form(max_length=40)] = ""
    exits: Several = field(default_factory=list)
    step_kind: Several = field(default_factory=list)
    step_length: Several = field(default_factory=list)
    step_unit: Several = field(default_factory=list)
    step_letter: Several = field(default_factory=list)
    step_instead: Several = field(default_factory=list)
    step_service: Several = field(default_factory=list)
    step_when: Several = field(default_factory=list)
    letter_name: Several = field(default_factory=list)
    letter_language: Several = field(default_factory=list)
    letter_subject: Several = field(default_factory=list)
    letter_preview: Several = field(default_factory=list)
    letter_text: Several = field(default_factory=list)
    letter_button: Several = field(default_factory=list)
    letter_link: Several = field(default_factory=list)


@dataclass(frozen=True)
class OfCampaign:
    """Which campaign."""

    name: str


def fill(workspace: Workspace, form: Fields, actor: Actor) -> str:
    """Save the fields as the flow, or keep them as a draft after a change of steps or letters."""
    workspace.campaigns.one(form.name)
    here = f"/campaigns/{form.name}/edit"
    fields = _fields(form)
    if form.wish == "save":
        text = flow_text(raw_of(fields))
        is_flow = workspace.campaigns.write(form.name, text, by=actor.name)
        return f"/campaigns/{form.name}" if is_flow else f"{here}#problem"
    letter = re.sub(r"[^a-z0-9]+", "_", form.new_letter.lower()).strip("_")
    after = changed(fields, form.wish, letter)
    workspace.campaigns.sketch(form.name, flow_text(raw_of(after)), by=actor.name)
    return f"{here}#{_place(form.wish, after)}"


def drop(workspace: Workspace, form: OfCampaign, actor: Actor) -> str:
    """Give up what is not saved."""
    workspace.campaigns.drop(form.name, by=actor.name)
    return f"/campaigns/{form.name}/edit"


def remove(workspace: Workspace, form: OfCampaign, actor: Actor) -> str:
    """Delete it, or bring it back to how it came with the product."""
    workspace.campaigns.remove(form.name, by=actor.name)
    still = any(one.flow.name == form.name for one in workspace.campaigns.all())
    return f"/campaigns/{form.name}" if still else "/campaigns"


def _fields(form: Fields) -> FlowFields:
    """The fields of the form.

    Raises:
        InputError: a step or letter lacks a field.
    """
    try:
        return _filled(form)
    except ValueError as error:
        raise InputError(message("The form is not whole", got=str(error))) from error


def _filled(form: Fields) -> FlowFields:
    steps = zip(
        form.step_kind,
        form.step_length,
        form.step_unit,
        form.step_letter,
        form.step_instead,
        (service == "yes" for service in form.step_service),
        form.step_when,
        strict=True,
    )
    letters = zip(
        form.letter_name,
        form.letter_language,
        form.letter_subject,
        form.letter_preview,
        (text.replace("\r\n", "\n") for text in form.letter_text),
        form.letter_button,
        form.letter_link,
        strict=True,
    )
    return FlowFields(
        name=form.name,
        title_nl=form.title_nl,
        title_en=form.title_en,
        kind=form.kind,
        channel=form.channel,
        holdout_percent=form.holdout_percent,
        reentry_days=form.reentry_days,
        event=form.event,
        within=form.within,
        within_unit=form.within_unit,
        score_at_most=form.score_at_most,
        rule=form.rule.replace("\r\n", "\n"),
        exits=tuple(form.exits),
        steps=tuple(StepFields(*step) for step in steps),
        letters=tuple(LetterFields(*letter) for letter in letters),
    )


def _place(wish: str, fields: FlowFields) -> str:
    """Where on the page the reader goes on after a wish."""
    kind, _, about = wish.partition(":")
    if kind in ("letter", "unletter"):
        return "letters"
    if kind == "add":
        return f"step-{len(fields.steps)}"
    place = int(about) + {"up": 0, "down": 2, "remove": 0}.get(kind, 0) if about.isdecimal() else 0
    return f"step-{place}" if 0 < place <= len(fields.steps) else "steps"


ACTIONS = (
    Action("campaign_fill", "/campaigns/{name}/fields", Fields, fill),
    Action("campaign_drop", "/campaigns/{name}/drop", OfCampaign, drop),
    Action("campaign_remove", "/campaigns/{name}/remove", OfCampaign, remove),
)
