"""How a portrait is found: one customer's rows of a few tables, all sorted by customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from klantreis.errors import NotFoundError, message
from klantreis.tables import TABLES
from klantreis.web.figures import counted
from klantreis.web.page import Moved
from klantreis.web.pages.portrait.context import (
    ChannelUse,
    Expectation,
    May,
    Phase,
    Portrait,
    PortraitQuery,
    Scores,
)
from klantreis.web.pages.portrait.feelings import asked, chances, feelings
from klantreis.web.pages.portrait.glance import glance
from klantreis.web.pages.portrait.home import household
from klantreis.web.pages.portrait.sides import feel, what, when, where, who
from klantreis.web.pages.portrait.story import marks, visits
from klantreis.web.pages.portrait.window import seen_through, window
from klantreis.web.phases import usual_model
from klantreis.web.product_names import product_names
from klantreis.workspace import Workspace

__all__ = ["portrait"]

Row = dict[str, Any]
VISITS = 10
COLUMNS = (
    "occurred_at", "channel", "event", "session", "product_id", "store_id", "page", "campaign",
    "amount", "score", "text", "position", "order_id",
)  # fmt: skip


def portrait(workspace: Workspace, query: PortraitQuery) -> Portrait | Moved:
    """Answer the portrait page; an old number leads to the customer who took it over."""
    row = _of_customer(workspace, "portraits", query.customer_id)
    if not row:
        return _elsewhere(workspace, query.customer_id)
    return _portrait(workspace, query, row[0])


def _portrait(workspace: Workspace, query: PortraitQuery, row: dict[str, Any]) -> Portrait:
    published = workspace.published
    assert published is not None
    moments = _timeline(workspace, query.customer_id)
    journeys = _of_customer(workspace, "journeys", query.customer_id)
    rfm = _of_customer(workspace, "rfm", query.customer_id)
    names = product_names(workspace)
    through = window(query, moments, published.as_of)
    seen = seen_through(moments, query, through)
    all_visits = visits(seen, names)
    fitting = [v for v in all_visits if not query.before or v.number < query.before]
    shown = tuple(fitting[:VISITS])
    return Portrait(
        customer_id=query.customer_id,
        as_of=published.as_of,
        moments=counted(
            row["events"],
            "moments",
            first_at=row["first_seen_at"],
            last_at=row["last_seen_at"],
        ),
        who=who(row),
        household=household(workspace, row),
        what=what(row),
        where=where(row),
        when=when(row),
        feel=feel(row),
        feelings=feelings(workspace, query.customer_id),
        chances=chances(workspace, query.customer_id),
        asked=asked(workspace, query.customer_id),
        scores=_scores(rfm[0]) if rfm else None,
        expectation=_expectation(workspace, query.customer_id),
        glance=glance(row, moments, journeys, names, published.as_of),
        phase=_phase(workspace, query.customer_id, journeys),
        may=_may(workspace, query.customer_id),
        on=_channels(workspace, query.customer_id),
        channel=query.channel,
        kind=query.kind,
        window=through,
        marks=marks(seen),
        total_moments=len(moments),
        seen_moments=len(seen),
        visits=shown,
        shown=len(all_visits) - len(fitting) + len(shown),
        total_visits=len(all_visits),
        earlier=shown[-1].number if len(fitting) > VISITS else 0,
    )


def _of_customer(workspace: Workspace, name: str, customer_id: int) -> list[dict[str, Any]]:
    table = workspace.table(name)
    return workspace.rows(table.filter(table["customer_id"] == customer_id))


def _timeline(workspace: Workspace, customer_id: int) -> list[dict[str, Any]]:
    table = workspace.table("timeline")
    own = table.filter(table["customer_id"] == customer_id).order_by("position")
    return workspace.rows(own.select(*COLUMNS))


def _phase(workspace: Workspace, customer_id: int, journeys: Sequence[Row]) -> Phase | None:
    """The last phase of the last journey, in the usual model."""
    visits = _of_customer(workspace, "phase_visits", customer_id)
    model = usual_model(sorted({row["phase_model"] for row in visits}))
    own = [row for row in visits if row["phase_model"] == model]
    if not own:
        return None
    last = max(own, key=lambda row: (row["entered_at"], row["position"]))
    is_now = any(
        one["journey_id"] == last["journey_id"] and one["outcome"] != "lapsed" for one in journeys
    )
    return Phase(model, last["phase"], last["entered_at"], is_now)


def _may(workspace: Workspace, customer_id: int) -> tuple[May, ...]:
    stated = {one.purpose for one in workspace.privacy.consents(customer_id)}
    return tuple(
        May(purpose, workspace.privacy.may(customer_id, purpose))
        for purpose in TABLES["consents"].column("purpose").allowed
        if purpose in stated
    )


def _channels(workspace: Workspace, customer_id: int) -> tuple[ChannelUse, ...]:
    rows = _of_customer(workspace, "customer_channels", customer_id)
    return tuple(
        ChannelUse(row["channel"], row["first_at"], row["last_at"], row["visits"], row["orders"])
        for row in sorted(rows, key=lambda row: row["last_at"], reverse=True)
    )


def _elsewhere(workspace: Workspace, customer_id: int) -> Moved:
    current = workspace.resolve(customer_id)
    if current is None or current == customer_id:
        raise NotFoundError(
            message(
                "Unknown customer",
                got=str(customer_id),
                next_step="search on the page with customers",
            )
        )
    return Moved({"customer_id": current})


def _scores(row: dict[str, Any]) -> Scores:
    return Scores(
        segment=row["segment"],
        recency=row["recency_score"],
        frequency=row["frequency_score"],
        monetary=row["monetary_score"],
    )


def _expectation(workspace: Workspace, customer_id: int) -> Expectation | None:
    found = workspace.worth.of(customer_id)
    if found is None:
        return None
    verdict = workspace.worth.verdict()
    return Expectation(
        model=found.order_model,
        reason=verdict.reason if found.order_days else "no_days",
        later_days=verdict.later_days,
        amount=found.expected_amount,
        low=found.expected_amount_low,
        high=found.expected_amount_high,
        orders=found.expected_orders,
        churn_risk=found.churn_risk,
        next_order_on=found.next_order_on,
        revenue=verdict.revenue if found.expected_amount else None,
    )
