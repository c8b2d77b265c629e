"""`klantreis users`: who may use the pages; the way back in when nobody can sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import grid, noted, out, words_of

if TYPE_CHECKING:
    from klantreis.state import User
    from klantreis.words import Translator
    from klantreis.workspace import Accounts

NAME = "users"


def command(
    folder: Folder,
    add: Annotated[str, typer.Option(help="Name of a user to add.")] = "",
    role: Annotated[str, typer.Option(help="Role: viewer, editor or admin.")] = "",
    link: Annotated[str, typer.Option(help="User who gets a new link to set a password.")] = "",
    shut_out: Annotated[str, typer.Option(help="User who may no longer come in.")] = "",
    let_in: Annotated[str, typer.Option(help="User who may come in again.")] = "",
    change: Annotated[str, typer.Option(help="User who gets the role of --role.")] = "",
    language: Language = "",
) -> None:
    """List the users, or change one: add, new link, another role, shut out, let in."""
    with klantreis.Workspace.open(folder) as workspace:
        accounts, words = workspace.accounts, words_of(workspace, language)
        if add:
            secret = accounts.add(add, role or "viewer")
            noted(workspace, "users_add", add)
            _show_link(add, secret, words)
        if link:
            secret = accounts.new_link(link)
            noted(workspace, "users_link", link)
            _show_link(link, secret, words)
        if change:
            accounts.set_role(change, role)
            noted(workspace, "users_role", change)
        if shut_out:
            accounts.set_active(shut_out, is_active=False)
            noted(workspace, "users_shut_out", shut_out)
        if let_in:
            accounts.set_active(let_in, is_active=True)
            noted(workspace, "users_let_in", let_in)
        _show(accounts, words)


def _show(accounts: Accounts, words: Translator) -> None:
    rows = [
        (
            user.name,
            words.code("role", user.role),
            _state(user, words),
            words.number(len(accounts.sign_ins(user.name))),
        )
        for user in accounts.users()
    ]
    headings = (
        words.text("User name"),
        words.text("Role"),
        words.text("State"),
        words.text("Signed in"),
    )
    out.print(grid(headings, rows, right=(3,), whole=(0,)))


def _state(user: User, words: Translator) -> str:
    told = (
        "" if user.is_active else words.text("shut out"),
        "" if user.password_hash else words.text("has not set a password yet"),
    )
    return ", ".join(part for part in told if part)


def _show_link(name: str, secret: str, words: Translator) -> None:
    told = words.text(
        "With this link %(name)s sets a password, once and within 24 hours; it comes behind the "
        "address of the pages:",
        name=name,
    )
    out.print(f"{told}\n  /welcome/{secret}", highlight=False, markup=False, soft_wrap=True)
