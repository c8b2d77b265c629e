"""`klantreis users`: who may use the pages; the way back in when nobody can sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import grid, noted, out

if TYPE_CHECKING:
    from klantreis import Workspace

NAME = "users"


def command(
    folder: Folder,
    add: Annotated[str, typer.Option(help="Name of a user to add.")] = "",
    role: Annotated[str, typer.Option(help="Role: viewer, editor or admin.")] = "",
    link: Annotated[str, typer.Option(help="User who gets a new link to set a password.")] = "",
    shut_out: Annotated[str, typer.Option(help="User who may no longer come in.")] = "",
    let_in: Annotated[str, typer.Option(help="User who may come in again.")] = "",
    change: Annotated[str, typer.Option(help="User who gets the role of --role.")] = "",
) -> None:
    """List the users, or change one: add, new link, another role, shut out, let in."""
    with klantreis.Workspace.open(folder) as workspace:
        accounts = workspace.accounts
        if add:
            _show_link(workspace, "users_add", add, accounts.add(add, role or "viewer"))
        if link:
            _show_link(workspace, "users_link", link, accounts.new_link(link))
        if change:
            accounts.set_role(change, role)
            noted(workspace, "users_role", change)
        if shut_out:
            accounts.set_active(shut_out, is_active=False)
            noted(workspace, "users_shut_out", shut_out)
        if let_in:
            accounts.set_active(let_in, is_active=True)
            noted(workspace, "users_let_in", let_in)
        rows = [
            (
                user.name,
                user.role,
                "" if user.is_active else "shut out",
                "" if user.password_hash else "no password yet",
                str(len(accounts.sign_ins(user.name))),
            )
            for user in accounts.users()
        ]
    out.print(grid(("user", "role", "", "", "signed in"), rows, right=(4,)))


def _show_link(workspace: Workspace, action: str, name: str, secret: str) -> None:
    noted(workspace, action, name)
    out.print(
        f"Link for {name} to set a password, once and within 24 hours, behind the address of the "
        f"pages:\n  /welcome/{secret}",
        highlight=False,
        soft_wrap=True,
    )
