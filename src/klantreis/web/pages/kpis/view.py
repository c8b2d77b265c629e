"""How the page of KPIs is found."""

from __future__ import annotations

from klantreis.web.measures import kpi_shown
from klantreis.web.pages.kpis.context import KpiQuery, KpiTree, PhaseKpis
from klantreis.web.phases import FIRST_CHOICE
from klantreis.workspace import Workspace

__all__ = ["kpi_tree"]


def kpi_tree(workspace: Workspace, query: KpiQuery) -> KpiTree:
    """Answer the page of KPIs."""
    published = workspace.published
    assert published is not None
    chosen = tuple(
        kpi_shown(one.taken, standing=one.standing, target=one.kpi.target, alarm=one.kpi.alarm)
        for one in workspace.kpis.chosen()
    )
    by_id = {one.measure: one for one in chosen}
    library = (
        by_id.get(meaning.id) or kpi_shown(workspace.kpis.take(meaning.id, points=2))
        for meaning in workspace.kpis.library()
    )
    return KpiTree(
        as_of=published.as_of,
        model=FIRST_CHOICE,
        goal=kpi_shown(workspace.kpis.goal()),
        phases=tuple(
            PhaseKpis(phase, tuple(one for one in chosen if one.phase == phase))
            for phase in workspace.maps.phases(FIRST_CHOICE)
        ),
        library=tuple(library),
        alarms=sum(one.standing == "alarm" for one in chosen),
        refused=query.refused,
    )
