"""How the answer why two are one customer, or not, is found."""

from __future__ import annotations

from klantreis.errors import NotFoundError
from klantreis.web.pages.identity_why.context import WhyPage, WhyQuery
from klantreis.workspace import Workspace

__all__ = ["identity_why"]


def identity_why(workspace: Workspace, query: WhyQuery) -> WhyPage:
    """Answer why; who asks for something that does not exist is told so beside the fields."""
    published = workspace.published
    assert published is not None
    left, right = query.left.strip(), query.right.strip()
    is_unknown, why = False, None
    if left and right:
        try:
            why = workspace.identity.why(left, right)
        except NotFoundError:
            is_unknown = True
    waits = workspace.identity.waiting(published.published_at)
    return WhyPage(published.as_of, left, right, is_unknown, why, waits)
