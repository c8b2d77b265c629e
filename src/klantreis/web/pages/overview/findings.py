"""What stands out: a few comparisons that only exist once the sources are joined."""

from __future__ import annotations

from typing import Any

from klantreis.web.figures import amount, mean, share
from klantreis.web.pages.overview.context import Finding
from klantreis.web.phases import usual_model
from klantreis.words import Evidence, Figure
from klantreis.workspace import Workspace

__all__ = ["findings"]


def findings(workspace: Workspace, people: dict[str, Any]) -> tuple[Finding, ...]:
    """All findings, also those for which there are too few data; see their evidence."""
    found = (
        _drop_off(workspace),
        _both_channels(people),
        _research_online(people),
        _sleeping(workspace),
        _repeat(people),
    )
    return tuple(finding for finding in found if finding)


def _both_channels(people: dict[str, Any]) -> Finding:
    both = mean(people["both_mean"], people["both_deviation"], people["both"], "buyers")
    one = mean(people["one_mean"], people["one_deviation"], people["one"], "buyers")
    return Finding("both_channels", both, one, "", "/customers?sort=revenue")


def _research_online(people: dict[str, Any]) -> Finding:
    # Of a purchase without a day nobody can say what came before it.
    figure = share(people["ropo"] or 0, people["dated_orders_store"], "store_orders")
    return Finding("research_online", figure, None, "", "/customers?channel=store")


def _repeat(people: dict[str, Any]) -> Finding:
    figure = share(people["repeated"], people["buyers"], "buyers")
    return Finding("bought_again", figure, None, "", "/segments")


def _drop_off(workspace: Workspace) -> Finding | None:
    table = workspace.table("drop_offs")
    rows = workspace.rows(table.order_by(table["value_at_risk_amount"].desc()))
    model = usual_model(sorted({row["phase_model"] for row in rows}))
    row = next((row for row in rows if row["phase_model"] == model and row["reached"]), None)
    if row is None or not row["stopped"]:
        return None
    figure = share(row["stopped"], row["reached"], "journeys")
    if not row["stopped"] and not figure.evidence.lacking:
        return None  # nobody stops anywhere: nothing to look at
    risk = amount(float(row["value_at_risk_amount"]), row["stopped"], "journeys")
    return Finding("drop_off", figure, risk, f"{model}.{row['phase']}", f"/journey?model={model}")


def _sleeping(workspace: Workspace) -> Finding | None:
    """Customers who used to be good and have not been seen for long: worth most to win back."""
    rfm = workspace.table("rfm")
    gone = rfm["segment"].isin(("at_risk", "cannot_lose"))
    row = workspace.rows(
        rfm.aggregate(
            buyers=rfm.count(),
            gone=rfm.count(where=gone),
            revenue=rfm["monetary_amount"].cast("float64").sum(where=gone),
        )
    )[0]
    if not row["gone"]:
        return None
    figure = share(row["gone"], row["buyers"], "buyers")
    worth = Figure(row["revenue"], "money", Evidence("measured", row["gone"], "buyers"))
    return Finding("sleeping", figure, worth, "", "/segments")
