"""How the page of KPIs is found."""

from __future__ import annotations

from collections.abc import Sequence

from klantreis.web.history import HistoryShown, history_shown
from klantreis.web.measures import KpiShown, kpi_now_shown, kpi_shown
from klantreis.web.named import Named, persona_names
from klantreis.web.pages.kpis.context import Compared, KpiQuery, KpiTree, PhaseKpis
from klantreis.web.phases import FIRST_CHOICE
from klantreis.web.refusal import refusal_of
from klantreis.words import Figure
from klantreis.workspace import EVERYONE, Workspace

__all__ = ["kpi_tree"]


def kpi_tree(workspace: Workspace, query: KpiQuery) -> KpiTree:
    """Answer the page of KPIs."""
    published = workspace.published
    assert published is not None
    personas = persona_names(workspace)
    persona = next((one for one in personas if one.code == query.persona), None)
    whose = persona.code if persona else EVERYONE
    kpis = workspace.kpis
    chosen = tuple(kpi_now_shown(one) for one in kpis.chosen(persona_id=whose))
    by_id = {one.measure: one for one in chosen}
    library = (
        by_id.get(meaning.id) or kpi_shown(kpis.take(meaning.id, persona_id=whose))
        for meaning in kpis.library()
    )
    return KpiTree(
        as_of=published.as_of,
        model=FIRST_CHOICE,
        personas=personas,
        persona=persona,
        goal=kpi_shown(kpis.goal(persona_id=whose)),
        phases=tuple(
            PhaseKpis(phase, tuple(one for one in chosen if one.phase == phase))
            for phase in workspace.maps.phases(FIRST_CHOICE)
        ),
        compared=_compared(workspace, personas),
        library=tuple(library),
        alarms=sum(one.standing == "alarm" for one in chosen),
        history=_history(workspace),
        refusal=refusal_of(query),
    )


def _compared(workspace: Workspace, personas: Sequence[Named]) -> tuple[Compared, ...]:
    if not personas:
        return ()
    shown = {
        one.measure: one
        for one in (
            kpi_shown(workspace.kpis.goal()),
            *(kpi_now_shown(each) for each in workspace.kpis.chosen()),
        )
    }
    return tuple(Compared(kpi, _beside(workspace, kpi, personas)) for kpi in shown.values())


def _beside(workspace: Workspace, kpi: KpiShown, personas: Sequence[Named]) -> tuple[Figure, ...]:
    return tuple(
        kpi_shown(workspace.kpis.take(kpi.measure, persona_id=persona.code)).now
        for persona in personas
    )


def _history(workspace: Workspace) -> HistoryShown:
    names = {
        one.id: Named(one.id, one.name["nl"], one.name["en"]) for one in workspace.kpis.library()
    }
    return history_shown(workspace.kpis.history(), names)
