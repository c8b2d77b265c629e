"""How one's own account is found."""

from __future__ import annotations

from klantreis.web.pages.account.context import Account, AccountQuery, Device
from klantreis.workspace import Workspace

__all__ = ["account"]


def account(workspace: Workspace, query: AccountQuery) -> Account:
    """Answer the page of one's own account."""
    return Account(
        name=query.asker.name,
        role=query.asker.role,
        problem=query.problem,
        devices=tuple(
            Device(one.address, one.signed_in_at, one.seen_at)
            for one in workspace.accounts.sign_ins(query.asker.name)
        ),
    )
