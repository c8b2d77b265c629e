"""How the page of one segment is found: small questions to `workspace.segments.history`."""

from __future__ import annotations

from klantreis.errors import NotFoundError, message
from klantreis.web.figures import amount, counted, mean
from klantreis.web.pages.segment_group.context import (
    Carried,
    Choice,
    Flow,
    GroupPage,
    GroupQuery,
    Passer,
    Point,
)
from klantreis.words import Evidence
from klantreis.workspace import GroupNow, Workspace

__all__ = ["group"]

USUAL = "rfm"


def group(workspace: Workspace, query: GroupQuery) -> GroupPage:
    """Answer the page of one segment.

    Raises:
        NotFoundError: there is no such group.
    """
    published = workspace.published
    assert published is not None
    history = workspace.segments.history
    choices = tuple(
        Choice(f"{division}.{segment}", division, segment, customers)
        for division, segment, customers in history.all()
    )
    segmentation, _, segment = _asked(query, choices).partition(".")
    now = history.now(segmentation, segment)
    whole = now.customers + now.others
    return GroupPage(
        query=query,
        as_of=published.as_of,
        choices=choices,
        segmentation=segmentation,
        segment=segment,
        customers=counted(now.customers, "customers"),
        share=now.customers / whole,
        revenue=amount(now.revenue_amount, now.customers, "customers"),
        average_revenue=mean(now.revenue_mean, now.revenue_deviation, now.customers, "customers"),
        points=tuple(
            Point(one.at, one.customers, one.revenue_amount, one.is_recomputed)
            for one in history.sizes(segmentation, segment)
        ),
        flows=tuple(Flow(*one) for one in history.flows(segmentation, segment)),
        passers=tuple(
            Passer(one.customer_id, one.name, one.at, one.came, one.other)
            for one in history.changes(segmentation, segment)
        ),
        carried=_carried(now),
        rule="" if "'" in segment else f"segment('{segment}')",
    )


def _asked(query: GroupQuery, choices: tuple[Choice, ...]) -> str:
    if query.group:
        return query.group
    usual = [one for one in choices if one.segmentation == USUAL] or list(choices)
    if not usual:
        raise NotFoundError(
            message("There are no segments yet", next_step="import customers and klantreis run")
        )
    return max(usual, key=lambda one: one.customers).code


def _carried(now: GroupNow) -> tuple[Carried, ...]:
    return tuple(
        Carried(
            one.question,
            Evidence("measured", one.customers, "customers", needed=one.needed),
            one.needed > 0,
        )
        for one in now.questions()
    )
