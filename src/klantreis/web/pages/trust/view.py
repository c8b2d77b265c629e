"""How the page about privacy is found."""

from __future__ import annotations

from datetime import UTC, datetime

from klantreis.tables import TABLES
from klantreis.web.page import NoQuery
from klantreis.web.pages.trust.context import ShownErasure, ShownKept, Trust
from klantreis.workspace import Workspace

__all__ = ["trust"]


def trust(workspace: Workspace, query: NoQuery) -> Trust:
    """Answer the page about privacy."""
    kept = workspace.retention.look(datetime.now(UTC).replace(tzinfo=None))
    return Trust(
        kept=tuple(ShownKept(**vars(one)) for one in kept),
        is_due=any(one.count or one.files for one in kept),
        erasures=tuple(
            ShownErasure(
                one.erasure_id,
                one.customer_id,
                one.begun_at,
                one.begun_by,
                one.is_done,
                one.is_done and not (one.proof or {}).get("found"),
            )
            for one in workspace.privacy.erasures()
        ),
        tables=tuple(TABLES) if workspace.published else (),
    )
