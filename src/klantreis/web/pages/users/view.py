"""How users and keys are found."""

from __future__ import annotations

from klantreis.web.page import NoQuery
from klantreis.web.pages.users.context import ShownKey, ShownUser, UsersAndKeys
from klantreis.workspace import PURPOSES, ROLES, Workspace

__all__ = ["users"]


def users(workspace: Workspace, query: NoQuery) -> UsersAndKeys:
    """Answer the page of users and keys."""
    return UsersAndKeys(
        users=tuple(
            ShownUser(
                name=user.name,
                role=user.role,
                has_password=bool(user.password_hash),
                is_active=user.is_active,
                signed_in=len(workspace.accounts.sign_ins(user.name)),
                created_at=user.created_at,
            )
            for user in workspace.accounts.users()
        ),
        keys=tuple(
            ShownKey(
                key_id=key.key_id,
                name=key.name,
                purpose=key.purpose,
                source=key.source,
                made_by=key.made_by,
                made_at=key.made_at,
                used_at=key.used_at,
                is_revoked=key.revoked_at is not None,
            )
            for key in workspace.keys.all()
        ),
        roles=ROLES,
        purposes=PURPOSES,
    )
