"""What an administrator can change about users and keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form

from klantreis.web.action import Action, ShownOnce
from klantreis.web.actors import Actor
from klantreis.workspace import Workspace

__all__ = ["ACTIONS"]

HERE = "/users"
Text = Annotated[str, Form(max_length=100)]


@dataclass(frozen=True)
class NewUser:
    """A user to add."""

    name: Text
    role: Text


@dataclass(frozen=True)
class NewRole:
    """Another role for a user."""

    name: str
    role: Text


@dataclass(frozen=True)
class OneUser:
    """The user that it is about."""

    name: str


@dataclass(frozen=True)
class NewKey:
    """A key to make; only one that collects has a source."""

    name: Text
    purpose: Text
    source: Text = ""


@dataclass(frozen=True)
class OneKey:
    """The key that it is about."""

    key_id: str


def _add(workspace: Workspace, form: NewUser, actor: Actor) -> ShownOnce:
    return _link(form.name, workspace.accounts.add(form.name, form.role))


def _new_link(workspace: Workspace, form: OneUser, actor: Actor) -> ShownOnce:
    return _link(form.name, workspace.accounts.new_link(form.name))


def _set_role(workspace: Workspace, form: NewRole, actor: Actor) -> str:
    workspace.accounts.set_role(form.name, form.role)
    return HERE


def _shut_out(workspace: Workspace, form: OneUser, actor: Actor) -> str:
    workspace.accounts.set_active(form.name, is_active=False)
    return HERE


def _let_in(workspace: Workspace, form: OneUser, actor: Actor) -> str:
    workspace.accounts.set_active(form.name, is_active=True)
    return HERE


def _make_key(workspace: Workspace, form: NewKey, actor: Actor) -> ShownOnce:
    secret = workspace.keys.make(form.name, form.purpose, source=form.source.strip(), by=actor.name)
    return ShownOnce("key", form.name, secret, HERE)


def _revoke_key(workspace: Workspace, form: OneKey, actor: Actor) -> str:
    workspace.keys.revoke(form.key_id)
    return HERE


def _link(name: str, secret: str) -> ShownOnce:
    return ShownOnce("link", name, f"/welcome/{secret}", HERE)


ACTIONS = (
    Action("users_add", "/users", NewUser, _add, "admin"),
    Action("users_link", "/users/{name}/link", OneUser, _new_link, "admin"),
    Action("users_role", "/users/{name}/role", NewRole, _set_role, "admin"),
    Action("users_shut_out", "/users/{name}/shut-out", OneUser, _shut_out, "admin"),
    Action("users_let_in", "/users/{name}/let-in", OneUser, _let_in, "admin"),
    Action("users_make_key", "/keys", NewKey, _make_key, "admin"),
    Action("users_revoke_key", "/keys/{key_id}/revoke", OneKey, _revoke_key, "admin"),
)
