"""How the page of overlap is found: one question to `workspace.segments.overlaps`."""

from __future__ import annotations

from typing import get_args

from klantreis.errors import NotFoundError
from klantreis.web.figures import counted, share
from klantreis.web.pages.segment_overlap.context import (
    Division,
    OverlapPage,
    OverlapQuery,
    Shared,
)
from klantreis.workspace import Overlap, OverlapCell, Workspace

__all__ = ["overlap"]

AUDIENCE = "audience"
UNKNOWN = "_unknown"
NOTHING = Overlap((), (), (), 0)


def overlap(workspace: Workspace, query: OverlapQuery) -> OverlapPage:
    """Answer the page of overlap; a division that nobody is in yet is empty."""
    published = workspace.published
    assert published is not None
    try:
        found = workspace.segments.overlaps.between(query.rows, query.columns)
    except NotFoundError:
        found = NOTHING
    shared = tuple(_shared(cell, query) for cell in found.cells)
    # Of who is unknown nothing is learned, and a group always is wholly in itself.
    telling = [
        one
        for one in shared
        if one.lift is not None
        and one.row != one.column
        and not one.row.endswith(UNKNOWN)
        and not one.column.endswith(UNKNOWN)
        and (one.share.evidence.low or 0.0) * (one.lift / (one.share.value or 1.0)) > 1
    ]
    return OverlapPage(
        query=query,
        as_of=published.as_of,
        divisions=get_args(Division),
        rows=found.rows,
        columns=found.columns,
        shared=shared,
        customers=counted(found.customers, "customers"),
        strongest=max(telling, key=lambda one: one.lift or 0.0, default=None),
    )


def _shared(cell: OverlapCell, query: OverlapQuery) -> Shared:
    part = share(cell.both, cell.row_customers, "customers")
    sides = [_asked(query.rows, cell.row), _asked(query.columns, cell.column)]
    return Shared(
        row=cell.row,
        column=cell.column,
        both=cell.both,
        share=part,
        lift=None if part.evidence.lacking else cell.lift,
        rule=" and ".join(sides) if all(sides) else "",
    )


def _asked(division: str, name: str) -> str:
    if "'" in name:
        return ""
    return f"in_audience('{name}')" if division == AUDIENCE else f"segment('{name}')"
