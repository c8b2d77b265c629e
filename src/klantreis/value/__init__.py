"""What we make of it: needs chosen or refused, the value canvas, KPIs, opportunities, the plan."""

from __future__ import annotations

from klantreis.value.canvas import (
    SIDES,
    CanvasFit,
    Offer,
    canvas_fit,
    offers,
    with_offer,
    without_offer,
)
from klantreis.value.kpis import (
    Kpi,
    judged,
    kpi_goal,
    kpis,
    with_goal,
    with_kpi,
    with_persona_levels,
    without_kpi,
)
from klantreis.value.library import MeasureMeaning, library, measure_meaning
from klantreis.value.measures import EVERYONE, measures
from klantreis.value.needs import DECISIONS, NeedTest, need_score, need_tests, with_test
from klantreis.value.opportunities import Opportunity, opportunities
from klantreis.value.period import Period
from klantreis.value.plan import (
    STATUSES,
    PlannedAction,
    cycle_end,
    planned_actions,
    with_action,
    without_action,
)
from klantreis.value.strategy import (
    STRATEGY_PARTS,
    StrategyText,
    strategy_texts,
    with_strategy_text,
)
from klantreis.value.taking import MEASURES

__all__ = [
    "DECISIONS",
    "EVERYONE",
    "MEASURES",
    "SIDES",
    "STATUSES",
    "STRATEGY_PARTS",
    "CanvasFit",
    "Kpi",
    "MeasureMeaning",
    "NeedTest",
    "Offer",
    "Opportunity",
    "Period",
    "PlannedAction",
    "StrategyText",
    "canvas_fit",
    "cycle_end",
    "judged",
    "kpi_goal",
    "kpis",
    "library",
    "measure_meaning",
    "measures",
    "need_score",
    "need_tests",
    "offers",
    "opportunities",
    "planned_actions",
    "strategy_texts",
    "with_action",
    "with_goal",
    "with_kpi",
    "with_offer",
    "with_persona_levels",
    "with_strategy_text",
    "with_test",
    "without_action",
    "without_kpi",
    "without_offer",
]
