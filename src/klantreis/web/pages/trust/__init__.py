"""What is kept and for how long, who was erased, and tables with pseudonyms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from klantreis.web.action import Action
from klantreis.web.actors import Actor
from klantreis.web.page import NoQuery, Page
from klantreis.web.pages.trust.context import Trust
from klantreis.web.pages.trust.downloads import DOWNLOADS
from klantreis.web.pages.trust.view import trust
from klantreis.workspace import Workspace

__all__ = ["PAGE"]


@dataclass(frozen=True)
class NoForm:
    """A change that asks nothing more."""


def _retain(workspace: Workspace, form: NoForm, actor: Actor) -> str:
    now = datetime.now(UTC).replace(tzinfo=None)
    workspace.retention.apply(now, by=actor.name, address="/trust")
    return "/trust"


PAGE = Page(
    "trust",
    "/trust",
    NoQuery,
    Trust,
    trust,
    is_kept=False,
    actions=(Action("trust_retain", "/trust/retain", NoForm, _retain, "admin"),),
    downloads=DOWNLOADS,
    role="admin",
    needs_tables=False,
)
