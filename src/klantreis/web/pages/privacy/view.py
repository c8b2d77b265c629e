"""How a customer's consents are found."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from klantreis.errors import NotFoundError, message
from klantreis.web.page import Moved
from klantreis.web.pages.privacy.context import Privacy, PrivacyQuery, Purpose, Statement
from klantreis.workspace import CONSENT_PURPOSES, Workspace

__all__ = ["privacy"]


def privacy(workspace: Workspace, query: PrivacyQuery) -> Privacy | Moved:
    """Answer the page of a customer's consents."""
    current = workspace.resolve(query.customer_id)
    if current is None:
        raise NotFoundError(message("Unknown customer", got=str(query.customer_id)))
    if current != query.customer_id:
        return Moved({"customer_id": current})
    stated = workspace.privacy.consents(current)
    under_way = (one for one in workspace.privacy.erasures() if not one.is_done)
    return Privacy(
        customer_id=current,
        name=_name(workspace, current),
        purposes=tuple(
            Purpose(
                purpose=purpose,
                is_allowed=workspace.privacy.may(current, purpose),
                statements=tuple(
                    Statement(
                        one.is_granted,
                        one.stated_at,
                        one.source,
                        one.heard_by,
                        one.note,
                        one.entered_by,
                    )
                    for one in stated
                    if one.purpose == purpose
                ),
            )
            for purpose in sorted({one.purpose for one in stated})
        ),
        choices=CONSENT_PURPOSES,
        today=datetime.now(ZoneInfo(workspace.settings.time_zone)).date(),
        problem=query.problem,
        erasure_id=next((one.erasure_id for one in under_way if one.customer_id == current), ""),
    )


def _name(workspace: Workspace, customer_id: int) -> str:
    customers = workspace.table("customers")
    row = workspace.rows(customers.filter(customers["customer_id"] == customer_id))[0]
    return row["name"] or ""
