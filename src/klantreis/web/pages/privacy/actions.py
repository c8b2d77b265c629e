"""What can be changed of a customer's privacy: a consent written down, and erasing them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Form

from klantreis.web.action import Action
from klantreis.web.actors import Actor
from klantreis.web.erasing import finish_in_background
from klantreis.workspace import Workspace

__all__ = ["ACTIONS"]


@dataclass(frozen=True)
class NewConsent:
    """What a customer said about a purpose: `yes` or `no`, on which day, and how it was heard."""

    customer_id: int
    purpose: Annotated[str, Form(max_length=40)]
    answer: Annotated[str, Form(pattern="^(yes|no)$")]
    on: Annotated[date, Form()]
    heard_by: Annotated[str, Form(min_length=1, max_length=100)]
    note: Annotated[str, Form(max_length=500)] = ""


@dataclass(frozen=True)
class ToErase:
    """The customer to erase; `confirmation` is their number, typed again."""

    customer_id: int
    confirmation: Annotated[str, Form(max_length=20)] = ""


def _state(workspace: Workspace, form: NewConsent, actor: Actor) -> str:
    workspace.privacy.state_consent(
        form.customer_id,
        form.purpose,
        form.answer == "yes",
        on=form.on,
        heard_by=form.heard_by,
        note=form.note,
        by=actor.name,
    )
    return f"/customers/{form.customer_id}/privacy"


def _erase(workspace: Workspace, form: ToErase, actor: Actor) -> str:
    if form.confirmation.strip() != str(form.customer_id):
        return f"/customers/{form.customer_id}/privacy?problem=confirmation#erase"
    erasure_id = workspace.privacy.begin_erasing(form.customer_id, by=actor.name)
    finish_in_background(workspace)
    return f"/erasures/{erasure_id}"


ACTIONS = (
    Action("privacy_consent", "/customers/{customer_id}/consents", NewConsent, _state),
    Action("privacy_erase", "/customers/{customer_id}/erase", ToErase, _erase, "admin"),
)
