"""What a person can change about a campaign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form

from klantreis.web.action import Action
from klantreis.web.actors import Actor
from klantreis.workspace import Workspace

__all__ = ["ACTIONS"]


@dataclass(frozen=True)
class OfCampaign:
    """Which campaign."""

    name: str


@dataclass(frozen=True)
class Writing:
    """The flow as it was written."""

    name: str
    text: Annotated[str, Form(max_length=100_000)]


def write(workspace: Workspace, form: Writing, actor: Actor) -> str:
    """Keep what was written; what is wrong with it is shown beside it."""
    workspace.campaigns.one(form.name)
    workspace.campaigns.write(form.name, form.text.replace("\r\n", "\n"), by=actor.name)
    return f"/campaigns/{form.name}#flow-text"


def start(workspace: Workspace, form: OfCampaign, actor: Actor) -> str:
    """Let it run."""
    workspace.campaigns.start(form.name, by=actor.name)
    return f"/campaigns/{form.name}"


def stop(workspace: Workspace, form: OfCampaign, actor: Actor) -> str:
    """Let it rest."""
    workspace.campaigns.stop(form.name, by=actor.name)
    return f"/campaigns/{form.name}"


ACTIONS = (
    Action("campaign_write", "/campaigns/{name}/flow", Writing, write),
    Action("campaign_start", "/campaigns/{name}/start", OfCampaign, start),
    Action("campaign_stop", "/campaigns/{name}/stop", OfCampaign, stop),
)
