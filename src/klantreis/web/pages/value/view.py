"""How the value page is found."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from klantreis.web.figures import emotion_figure, share
from klantreis.web.history import history_shown
from klantreis.web.named import topic_names
from klantreis.web.pages.value.context import (
    Felt,
    NeedShown,
    OfferShown,
    ValueCanvas,
    ValueQuery,
)
from klantreis.web.phases import FIRST_CHOICE
from klantreis.web.refusal import refusal_of
from klantreis.web.strategy import part_names, strategy_shown
from klantreis.workspace import Need, Workspace

__all__ = ["value_canvas"]


def value_canvas(workspace: Workspace, query: ValueQuery) -> ValueCanvas:
    """Answer the value page."""
    published = workspace.published
    assert published is not None
    canvas = workspace.value.canvas()
    gaps = set(canvas.fit.gaps)
    written = workspace.strategy.history()
    return ValueCanvas(
        as_of=published.as_of,
        model=FIRST_CHOICE,
        strategy=strategy_shown(workspace),
        strategy_history=history_shown(
            written, {one.about: part_names(one.about) for one in written.versions if one.about}
        ),
        needs_history=history_shown(workspace.value.history("needs"), topic_names(workspace)),
        canvas_history=history_shown(workspace.value.history("canvas")),
        needs=tuple(_need(need) for need in workspace.value.needs()),
        pains=tuple(_felt(row, gaps) for row in canvas.pains),
        gains=tuple(_felt(row, gaps) for row in canvas.gains),
        offers=tuple(
            OfferShown(one.offer_id, one.side, one.text, one.answers, one.by)
            for one in canvas.offers
        ),
        answered=canvas.fit.answered,
        total=canvas.fit.total,
        refusal=refusal_of(query),
    )


def _need(need: Need) -> NeedShown:
    row, test = need.row, need.test
    return NeedShown(
        topic=need.topic,
        name_nl=need.names.get("nl", need.topic),
        name_en=need.names.get("en", need.topic),
        importance=share(row["customers"], row["speakers"], "customers"),
        fit=test.fit,
        cost=test.cost,
        decision=test.decision,
        reason=test.reason,
        by=test.by,
        score=need.score,
    )


def _felt(row: Mapping[str, Any], gaps: Collection[str]) -> Felt:
    is_stop = "stopped" in row
    return Felt(
        key=row["key"],
        channel="" if is_stop else row["channel"],
        event="" if is_stop else row["event"],
        phase=row["phase"] if is_stop else "",
        figure=share(row["stopped"], row["reached"], "journeys")
        if is_stop
        else emotion_figure(row),
        is_answered=row["key"] not in gaps,
    )
