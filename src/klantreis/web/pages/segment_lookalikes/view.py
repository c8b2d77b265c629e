"""How the page of lookalikes is found: one question to `workspace.lookalikes`."""

from __future__ import annotations

from klantreis.web.pages.segment_lookalikes.context import (
    Alike,
    Choice,
    LookalikesPage,
    LookalikesQuery,
    TraitShown,
)
from klantreis.words import Evidence, Figure
from klantreis.workspace import Lookalike, Workspace

__all__ = ["asked_group", "lookalikes"]

USUAL = "rfm.champions"
AUDIENCE = "audience"
TOLD_FROM = 0.1  # standard deviations: what differs less is not worth telling


def lookalikes(workspace: Workspace, query: LookalikesQuery) -> LookalikesPage:
    """Answer the page of lookalikes.

    Raises:
        NotFoundError: there is no such group.
    """
    published = workspace.published
    assert published is not None
    choices = _choices(workspace)
    group = asked_group(query, choices)
    told = workspace.lookalikes.of(group, size=query.size)
    division, _, name = group.partition(".")
    return LookalikesPage(
        query=query,
        as_of=published.as_of,
        choices=choices,
        group=group,
        division=division,
        name=name,
        members=_counted(told.members, told.needed),
        others=_counted(told.others, told.needed),
        found=_found(told),
        area=told.area,
        area_low=told.area_low,
        area_high=told.area_high,
        is_sound=told.is_better_than_chance,
        traits=tuple(
            TraitShown(one.trait, one.measure, one.members, one.others, one.alike, one.apart)
            for one in told.traits
            if abs(one.apart) >= TOLD_FROM
        ),
        people=tuple(
            Alike(one.customer_id, one.name, one.city, one.because)
            for one in workspace.lookalikes.listed(group, size=query.size)
        ),
    )


def asked_group(query: LookalikesQuery, choices: tuple[Choice, ...]) -> str:
    """The group of a question; without one the champions, or else the first that there is."""
    codes = [one.code for one in choices]
    usual = USUAL if USUAL in codes or not codes else codes[0]
    return query.group or usual


def _choices(workspace: Workspace) -> tuple[Choice, ...]:
    segments = (
        Choice(f"{division}.{segment}", division, segment)
        for division, segment, _ in workspace.segments.history.all()
    )
    saved = (
        Choice(f"{AUDIENCE}.{one.name}", AUDIENCE, one.name) for one in workspace.audiences.saved()
    )
    return (*segments, *saved)


def _counted(customers: int, needed: int) -> Figure:
    return Figure(customers, "number", Evidence("measured", customers, "customers", needed=needed))


def _found(told: Lookalike) -> Figure | None:
    if told.found is None:
        return None
    evidence = Evidence(
        "measured", told.tested, "customers", low=told.found.low, high=told.found.high
    )
    return Figure(told.found.share, "share", evidence)
