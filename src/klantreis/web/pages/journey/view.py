"""How the journey page is found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from klantreis.web.figures import counted, mean, share
from klantreis.web.pages.journey.context import (
    Journey,
    JourneyQuery,
    PhaseFacts,
    Transition,
)
from klantreis.web.pages.journey.ways import STOPS, bands, variants
from klantreis.web.phases import usual_model
from klantreis.workspace import Workspace

__all__ = ["journey"]

TRANSITIONS = 12
ENDS = ("purchase_end", "lapse_end", "open_end")


def journey(workspace: Workspace, query: JourneyQuery) -> Journey:
    """Answer the journey page."""
    published = workspace.published
    assert published is not None
    drop_offs = workspace.rows(workspace.table("drop_offs").order_by("phase_model", "position"))
    models = tuple(dict.fromkeys(row["phase_model"] for row in drop_offs))
    model = query.model if query.model in models else usual_model(models)
    own = [row for row in drop_offs if row["phase_model"] == model]
    totals = _totals(workspace)
    paths = workspace.channel_paths(length=STOPS + 1)
    ended = totals["bought"] + totals["lapsed"]
    return Journey(
        as_of=published.as_of,
        first_at=totals["first_at"],
        last_at=totals["last_at"],
        models=models,
        model=model,
        journeys=counted(totals["journeys"], "journeys"),
        ended=counted(ended, "journeys"),
        bought=share(totals["bought"], ended, "journeys"),
        still_open=counted(totals["still_open"], "journeys"),
        days_to_purchase=mean(
            totals["days"], totals["days_deviation"], totals["bought"], "journeys", "days"
        ),
        phases=tuple(_phase(row) for row in own),
        worst=_worst(own),
        flow=counted(sum(path["journeys"] for path in paths), "journeys"),
        bands=bands(paths),
        transitions=_transitions(workspace),
        variants=variants(paths),
    )


def _totals(workspace: Workspace) -> dict[str, Any]:
    journeys = workspace.table("journeys")
    outcome = journeys["outcome"]
    return workspace.rows(
        journeys.aggregate(
            journeys=journeys.count(),
            bought=journeys.count(where=outcome == "purchase"),
            lapsed=journeys.count(where=outcome == "lapsed"),
            still_open=journeys.count(where=outcome == "open"),
            first_at=journeys["started_at"].min(),
            last_at=journeys["ended_at"].max(),
            days=journeys["days_to_purchase"].mean(),
            days_deviation=journeys["days_to_purchase"].std(),
        )
    )[0]


def _phase(row: dict[str, Any]) -> PhaseFacts:
    return PhaseFacts(
        phase=row["phase"],
        reached=share(row["reached"], row["journeys"], "journeys"),
        skipped=share(row["skipped"], row["journeys"], "journeys"),
        returned=share(row["returned"], row["reached"], "journeys"),
        stopped=share(row["stopped"], row["reached"], "journeys"),
        stopped_journeys=row["stopped"],
        median_stay_seconds=row["median_stay_seconds"],
        value_at_risk_amount=float(row["value_at_risk_amount"]),
    )


def _worst(rows: Sequence[dict[str, Any]]) -> str:
    most = max(rows, key=lambda row: row["value_at_risk_amount"], default=None)
    return most["phase"] if most and most["stopped"] else ""


def _transitions(workspace: Workspace) -> tuple[Transition, ...]:
    table = workspace.table("transitions")
    between = (
        (table["level"] == "touchpoint")
        & (table["source"] != "start")
        & table["target"].notin(ENDS)
    )
    most = table.filter(between).order_by(table["transitions"].desc(), "source", "target")
    return tuple(
        Transition(
            source=row["source"],
            target=row["target"],
            transitions=row["transitions"],
            customers=row["customers"],
            median_wait_seconds=row["median_wait_seconds"],
            p90_wait_seconds=row["p90_wait_seconds"],
        )
        for row in workspace.rows(most.limit(TRANSITIONS))
    )
