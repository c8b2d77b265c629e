"""KPIs: from the end goal to each phase, with target, trend and alarm."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.kpis.actions import ACTIONS
from klantreis.web.pages.kpis.context import KpiQuery, KpiTree
from klantreis.web.pages.kpis.drawings import draw
from klantreis.web.pages.kpis.view import kpi_tree

__all__ = ["PAGE"]

PAGE = Page("kpis", "/kpis", KpiQuery, KpiTree, kpi_tree, draw, is_kept=False, actions=ACTIONS)
