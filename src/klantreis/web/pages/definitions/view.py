"""How the page with definitions is found."""

from __future__ import annotations

from klantreis.web.figures import MARGIN, NEEDED_FOR_MEAN
from klantreis.web.page import NoQuery
from klantreis.web.pages.definitions.context import Definitions
from klantreis.workspace import Workspace

__all__ = ["definitions"]


def definitions(workspace: Workspace, query: NoQuery) -> Definitions:
    """Answer the page with definitions."""
    published = workspace.published
    assert published is not None
    settings = workspace.settings
    rfm = workspace.table("rfm")
    segments = workspace.rows(rfm.select("segment").distinct().order_by("segment"))
    return Definitions(
        margin=MARGIN,
        needed_for_mean=NEEDED_FOR_MEAN,
        session_minutes=settings.session_minutes,
        lapse_days=settings.lapse_days,
        aftercare_days=settings.aftercare_days,
        rfm_window_days=settings.rfm_window_days,
        time_zone=settings.time_zone,
        segments=tuple(row["segment"] for row in segments),
        tables=tuple((name, version.rows) for name, version in published.tables.items()),
    )
