"""How the segments page is found: two aggregates over the RFM table."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any, get_args

import ibis

from klantreis.errors import InputError
from klantreis.web.figures import amount, counted, mean, share
from klantreis.web.pages.segments.context import (
    AudienceGroup,
    Cell,
    Divided,
    DividedGroup,
    Division,
    Group,
    Margin,
    Segments,
    SegmentsQuery,
)
from klantreis.words import Evidence, Figure
from klantreis.workspace import GroupMargin, Workspace

__all__ = ["segments"]

COSTS_NEEDED = 0.5  # of what was sold: with fewer purchase prices a margin says too little
FEWEST_FOR_FIFTHS = 25  # five in each: with fewer one buyer is a quarter of a group or more
UNKNOWN = "_unknown"


def segments(workspace: Workspace, query: SegmentsQuery) -> Segments:
    """Answer the segments page: what was measured holds until the next run, audiences do not."""
    published = workspace.published
    assert published is not None
    measured = _measured(workspace, published.publication_id, query)
    everyone = published.tables["portraits"].rows
    return replace(measured, audiences=_audiences(workspace, everyone))


@lru_cache(maxsize=24)
def _measured(workspace: Workspace, publication_id: int, query: SegmentsQuery) -> Segments:
    published = workspace.published
    assert published is not None
    rows = _groups(workspace)
    buyers = sum(row["customers"] for row in rows)
    revenue = sum(row["revenue"] for row in rows)
    everyone = published.tables["portraits"].rows
    margins = workspace.segments.margins()
    limits = workspace.settings.rfm_limits
    return Segments(
        query=query,
        as_of=published.as_of,
        window_days=workspace.settings.rfm_window_days,
        buyers=counted(buyers, "buyers"),
        fifths=_fifths(buyers, all(vars(limits).values())),
        without_purchase=counted(everyone - buyers, "customers"),
        revenue=amount(revenue, buyers, "buyers"),
        cells=_cells(workspace),
        groups=tuple(_group(row, buyers, revenue, margins.get(row["segment"])) for row in rows),
        on_totals=_on_totals(workspace),
        own_limits=tuple(name for name, own in vars(limits).items() if own),
        assumed_vat=GroupMargin.assumed_vat,
        division=_division(workspace, query.division, everyone),
        divisions=get_args(Divided),
    )


def _audiences(workspace: Workspace, everyone: int) -> tuple[AudienceGroup, ...]:
    groups = []
    for saved in workspace.audiences.saved():
        try:
            size = workspace.audiences.size(saved.rule)
        except InputError:
            continue  # the page of audiences says what is wrong with it
        groups.append(
            AudienceGroup(
                name=saved.name,
                description=saved.description,
                customers=counted(size.customers, "customers"),
                customer_share=size.customers / everyone if everyone else 0.0,
                revenue_amount=size.revenue_amount,
                reachable=share(size.reachable, size.customers, "customers"),
            )
        )
    return tuple(groups)


def _groups(workspace: Workspace) -> list[dict[str, Any]]:
    rfm = workspace.table("rfm")
    money = rfm["monetary_amount"].cast("float64")
    frequency = rfm["frequency"].cast("float64")
    per_group = rfm.group_by("segment").aggregate(
        customers=rfm.count(),
        revenue=money.sum(),
        money_mean=money.mean(),
        money_deviation=money.std(),
        days_mean=rfm["recency_days"].mean(),
        days_deviation=rfm["recency_days"].std(),
        orders_mean=frequency.mean(),
        orders_deviation=frequency.std(),
    )
    return workspace.rows(per_group.order_by(ibis.desc("revenue"), "segment"))


def _on_totals(workspace: Workspace) -> int:
    """Buyers in the window with purchases of which only the number is known."""
    rfm, undated = workspace.table("rfm"), workspace.table("undated_purchases")
    own = rfm.filter(rfm["frequency"] > 0).semi_join(
        undated.filter(undated["orders"] > 0), "customer_id"
    )
    return int(workspace.rows(own.aggregate(n=own.count()))[0]["n"])


def _fifths(buyers: int, has_own_limits: bool) -> Figure:
    """The buyers, with how many it takes to put five into each fifth; with limits of one's own none."""
    needed = 0 if has_own_limits else FEWEST_FOR_FIFTHS
    return Figure(buyers, "number", Evidence("measured", buyers, "buyers", needed=needed))


def _group(row: dict[str, Any], buyers: int, revenue: float, margin: GroupMargin | None) -> Group:
    n = row["customers"]
    return Group(
        segment=row["segment"],
        customers=n,
        customer_share=n / buyers,
        revenue_amount=round(row["revenue"], 2),
        revenue_share=row["revenue"] / revenue if revenue > 0 else 0.0,
        average_revenue=mean(row["money_mean"], row["money_deviation"], n, "buyers"),
        average_days=mean(row["days_mean"], row["days_deviation"], n, "buyers", "days"),
        average_orders=mean(row["orders_mean"], row["orders_deviation"], n, "buyers", "number"),
        margin=_margin(margin) if margin else None,
    )


def _margin(found: GroupMargin) -> Margin | None:
    if found.margin_share is None or found.known_share < COSTS_NEEDED:
        return None
    return Margin(found.margin_amount, found.margin_share, found.known_share, found.assumed_share)


def _cells(workspace: Workspace) -> tuple[Cell, ...]:
    rfm = workspace.table("rfm")
    counts = rfm.group_by("recency_score", "frequency_score", "segment").aggregate(n=rfm.count())
    cells: dict[tuple[int, int], list[tuple[int, str]]] = {}
    for row in workspace.rows(counts):
        place = (row["recency_score"], row["frequency_score"])
        cells.setdefault(place, []).append((row["n"], row["segment"]))
    return tuple(
        Cell(recency, frequency, sum(n for n, _ in found), max(found)[1])
        for (recency, frequency), found in sorted(cells.items())
    )


def _division(workspace: Workspace, segmentation: str, everyone: int) -> Division:
    memberships = workspace.table("memberships")
    own = memberships.filter(memberships["segmentation"] == segmentation)
    portraits = workspace.table("portraits").select("customer_id", "revenue_amount")
    joined = own.select("customer_id", "segment").join(portraits, "customer_id")
    money = joined["revenue_amount"].cast("float64")
    groups = joined.group_by("segment").aggregate(
        customers=joined.count(), revenue=money.sum(), mean=money.mean(), deviation=money.std()
    )
    rows = workspace.rows(groups.order_by(ibis.desc("revenue"), "segment"))
    found = tuple(
        DividedGroup(
            segment=row["segment"],
            customers=row["customers"],
            customer_share=row["customers"] / everyone,
            revenue_amount=round(row["revenue"], 2),
            average_revenue=mean(row["mean"], row["deviation"], row["customers"], "customers"),
        )
        for row in sorted(rows, key=lambda row: row["segment"].endswith(UNKNOWN))
    )
    return Division(segmentation, found)
