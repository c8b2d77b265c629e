"""How the page of movement is found: one question to `workspace.segments`."""

from __future__ import annotations

from collections import Counter
from datetime import date

from klantreis.errors import InputError, message
from klantreis.web.figures import counted, share
from klantreis.web.pages.segment_moves.context import Mover, MoveShown, MovesPage, MovesQuery
from klantreis.workspace import Moves, Workspace

__all__ = ["NOT_YET", "asked_days", "moves"]

NOT_YET = "not_yet"
LISTED = 50


def moves(workspace: Workspace, query: MovesQuery) -> MovesPage:
    """Answer the page of movement; dates that cannot be compared are said so."""
    problem = ""
    try:
        since, until = asked_days(workspace, query)
        found = workspace.segments.moves(since, until)
    except InputError:
        problem = "no_such_dates"
        since, until = workspace.segments.usual_dates()
        found = workspace.segments.moves(since, until)
    shown = _shown(found)
    known = [one for one in shown if one.source != NOT_YET]
    before = sum(one.customers for one in known)
    stayed = sum(one.customers for one in known if one.source == one.target)
    return MovesPage(
        query=query,
        problem=problem,
        since=since,
        until=until,
        latest=workspace.segments.usual_dates()[1],
        measured_until=found.until,
        customers=counted(sum(one.customers for one in shown), "buyers"),
        stayed=share(stayed, before, "buyers"),
        new=counted(sum(one.customers for one in shown) - before, "buyers"),
        largest=next((one for one in known if one.source != one.target), None),
        moves=shown,
        movers=_movers(workspace, since, until, query) if query.target and not problem else (),
    )


def asked_days(workspace: Workspace, query: MovesQuery) -> tuple[date, date]:
    """The days of a question, the usual ones where it has none.

    Raises:
        InputError: what was written is no day.
    """
    since, until = workspace.segments.usual_dates()
    return _day(query.since) or since, _day(query.until) or until


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        allowed = "a day such as 2026-03-01"
        raise InputError(message("This is no day", got=repr(text), allowed=allowed)) from error


def _shown(found: Moves) -> tuple[MoveShown, ...]:
    sources: Counter[str] = Counter()
    for move in found.moves:
        sources[move.source] += move.customers
    return tuple(
        MoveShown(
            source=move.source or NOT_YET,
            target=move.target,
            customers=move.customers,
            share=share(move.customers, sources[move.source], "buyers"),
            revenue_amount=move.amount,
        )
        for move in found.moves
    )


def _movers(workspace: Workspace, since: date, until: date, query: MovesQuery) -> tuple[Mover, ...]:
    source = "" if query.source == NOT_YET else query.source
    found = workspace.segments.movers(since, until, source, query.target)
    portraits = workspace.table("portraits").select("customer_id", "name", "city")
    joined = found.join(portraits, "customer_id")
    ordered = joined.order_by(joined["amount"].desc(), "customer_id").limit(LISTED)
    return tuple(
        Mover(row["customer_id"], row["name"] or "", row["city"] or "", float(row["amount"]))
        for row in workspace.rows(ordered)
    )
