"""Drawings: pure functions from data and words to SVG, for pages, print and notebooks alike."""

from __future__ import annotations

from klantreis.charts.bars import Bar, bars
from klantreis.charts.emotion_curve import (
    CurvePoint,
    curve_depth,
    emotion_curve,
    note_baselines,
)
from klantreis.charts.gantt import GanttBar, gantt
from klantreis.charts.heat_grid import HeatCell, heat_grid
from klantreis.charts.intervals import Span, intervals
from klantreis.charts.levels import Level, levels
from klantreis.charts.lines import Series, lines, sparkline
from klantreis.charts.phase_strip import Phase, phase_strip
from klantreis.charts.reliability import Given, reliability
from klantreis.charts.sankey import Band, Node, sankey
from klantreis.charts.tallies import Lack, Tally, tallies
from klantreis.charts.timeline_lanes import Lane, Mark, timeline_lanes
from klantreis.charts.treemap import Area, treemap
from klantreis.charts.waterfall import Fall, waterfall

__all__ = [
    "Area",
    "Band",
    "Bar",
    "CurvePoint",
    "Fall",
    "GanttBar",
    "Given",
    "HeatCell",
    "Lack",
    "Lane",
    "Level",
    "Mark",
    "Node",
    "Phase",
    "Series",
    "Span",
    "Tally",
    "bars",
    "curve_depth",
    "emotion_curve",
    "gantt",
    "heat_grid",
    "intervals",
    "levels",
    "lines",
    "note_baselines",
    "phase_strip",
    "reliability",
    "sankey",
    "sparkline",
    "tallies",
    "timeline_lanes",
    "treemap",
    "waterfall",
]
