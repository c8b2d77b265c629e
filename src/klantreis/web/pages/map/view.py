"""How the journey map is found: measured lanes from the tables, cards from the state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from klantreis.web.figures import NEEDED_FOR_MEAN, counted, emotion_figure, share
from klantreis.web.history import versions_shown
from klantreis.web.measures import KpiShown, kpi_now_shown
from klantreis.web.pages.map.context import (
    CardShown,
    Cell,
    Column,
    EmotionPoint,
    GroundShown,
    JourneyMap,
    Lane,
    MapQuery,
    NeedShown,
    Quote,
    Remark,
    SheetReport,
    SubjectShown,
    TouchpointShown,
    WrongCell,
)
from klantreis.web.phases import FIRST_CHOICE, usual_model
from klantreis.words import Evidence, Figure
from klantreis.workspace import (
    EVERYONE,
    LANES,
    VARIANTS,
    Card,
    Ground,
    MapPlace,
    Measured,
    ReadMap,
    Workspace,
)

__all__ = ["NUMBERS", "journey_map"]

TOUCHPOINTS = 4
NEEDS = 4
EMOTIONS = 3
NUMBERS = ("reached", "stopped", "returned", "stay")


def journey_map(workspace: Workspace, query: MapQuery) -> JourneyMap:
    """Answer the journey map."""
    published = workspace.published
    assert published is not None
    models = workspace.maps.models()
    model = query.model if query.model in models else usual_model(models)
    subjects = tuple(
        SubjectShown(
            one.code,
            one.kind,
            one.name,
            one.customers,
            one.names.get("nl", ""),
            one.names.get("en", ""),
        )
        for one in workspace.maps.subjects()
    )
    subject = next((one for one in subjects if one.code == query.subject), subjects[0])
    measured = workspace.maps.measured(subject.code, model)
    chosen = _kpis(workspace, subject, model)
    columns = tuple(_column(row, measured, chosen) for row in measured.drop_offs)
    variant = query.variant if query.variant in (*VARIANTS, "both") else "as_is"
    own = workspace.maps.read(_place(subject, model, "as_is" if variant == "both" else variant))
    showing = _Showing(workspace, columns)
    return JourneyMap(
        as_of=published.as_of,
        first_at=measured.journeys["first_at"],
        last_at=measured.journeys["last_at"],
        subjects=subjects,
        subject=subject,
        models=models,
        model=model,
        variant=variant,
        number=own.number,
        journeys=counted(measured.journeys["ended"], "journeys"),
        columns=columns,
        emotions=_emotions(measured),
        lanes=_lanes(workspace, showing, own, variant),
        numbers=tuple(f"{code}:{column.phase}" for column in columns for code in NUMBERS),
        chosen=_chosen(showing, own, query.card),
        can_undo=own.can_undo,
        can_redo=own.can_redo,
        versions=versions_shown(own.versions, {}),
        report=_report(workspace, own.place),
        refused=query.refused,
        refused_text=query.text,
        find=query.find,
        quotes=_quotes(workspace, query.find),
    )


def _place(subject: SubjectShown, model: str, variant: str) -> MapPlace:
    return MapPlace(subject.code, model, variant)


# The measured lanes


def _kpis(workspace: Workspace, subject: SubjectShown, model: str) -> tuple[KpiShown, ...]:
    """The chosen measures, phase by phase, of everyone or of a persona; not taken for others."""
    if subject.kind == "segment" or model != FIRST_CHOICE:
        return ()
    whose = subject.name or EVERYONE
    return tuple(kpi_now_shown(one) for one in workspace.kpis.chosen(persona_id=whose))


def _column(row: Mapping[str, Any], measured: Measured, chosen: Sequence[KpiShown]) -> Column:
    met = [one for one in measured.touchpoints if one["phase"] == row["phase"]]
    return Column(
        phase=row["phase"],
        needs=_needs(row["phase"], measured),
        touchpoints=tuple(
            TouchpointShown(
                one["touchpoint"], one["channel"], one["event"], one["steps"], one["journeys"]
            )
            for one in met[:TOUCHPOINTS]
        ),
        more=max(0, len(met) - TOUCHPOINTS),
        reached=share(row["reached"], row["journeys"], "journeys"),
        stopped=share(row["stopped"], row["reached"], "journeys"),
        value_at_risk_amount=float(row["value_at_risk_amount"]),
        returned=share(row["returned"], row["reached"], "journeys"),
        stay=_stay(row),
        kpis=tuple(kpi for kpi in chosen if kpi.phase == row["phase"]),
    )


def _needs(phase: str, measured: Measured) -> tuple[NeedShown, ...]:
    """The topics told of most; asked and measured statements stay apart."""
    told: dict[str, list[Mapping[str, Any]]] = {}
    for row in measured.needs:
        if row["phase"] == phase:
            told.setdefault(row["topic"], []).append(row)
    return tuple(
        NeedShown(topic, rows[0]["nl"], rows[0]["en"], tuple(_statements(row) for row in rows))
        for topic, rows in list(told.items())[:NEEDS]
    )


def _statements(row: Mapping[str, Any]) -> Figure:
    return Figure(
        row["statements"], "number", Evidence(row["evidence"], row["customers"], "customers")
    )


def _emotions(measured: Measured) -> tuple[EmotionPoint, ...]:
    """The touchpoints of each phase at which most was felt, the least positive one among them."""
    points: list[EmotionPoint] = []
    for stop in measured.drop_offs:
        felt = [row for row in measured.emotions if row["phase"] == stop["phase"]]
        chosen = sorted(felt, key=lambda row: -row["n"])[:EMOTIONS]
        lowest = min(felt, key=lambda row: row["mean"], default=None)
        if lowest is not None and lowest not in chosen and lowest["n"] >= NEEDED_FOR_MEAN:
            chosen[-1] = lowest
        points += [
            EmotionPoint(
                phase=row["phase"],
                channel=row["channel"],
                event=row["event"],
                at=(place + 0.5) / len(chosen),
                score=emotion_figure(row),
            )
            for place, row in enumerate(chosen)
        ]
    return tuple(points)


def _stay(row: Mapping[str, Any]) -> Figure:
    seconds = row["median_stay_seconds"]
    days = None if seconds is None else seconds / 86400
    return Figure(days, "days", Evidence("measured", row["reached"], "journeys"))


# The designed lanes


class _Showing:
    """Cards with what they rest on, looked up as it is now."""

    def __init__(self, workspace: Workspace, columns: Sequence[Column]) -> None:
        self._workspace = workspace
        self._columns = {column.phase: column for column in columns}

    def cards(self, cards: Sequence[Card], before: Mapping[str, Card]) -> tuple[CardShown, ...]:
        records = [g.reference for card in cards for g in card.grounds if g.kind == "quote"]
        quotes = self._workspace.maps.quotes(records)
        return tuple(self._card(card, quotes, before) for card in cards)

    def _card(
        self, card: Card, quotes: Mapping[str, Mapping[str, Any]], before: Mapping[str, Card]
    ) -> CardShown:
        was = before.get(card.card_id)
        now = (card.lane, card.phase, card.text)
        return CardShown(
            card_id=card.card_id,
            lane=card.lane,
            phase=card.phase,
            text=card.text,
            changed_by=card.changed_by,
            changed_at=card.changed_at,
            comments=tuple(Remark(one.text, one.by, one.at) for one in card.comments),
            grounds=tuple(self._ground(one, quotes) for one in card.grounds),
            is_new=bool(before) and (was is None or (was.lane, was.phase, was.text) != now),
        )

    def _ground(self, ground: Ground, quotes: Mapping[str, Mapping[str, Any]]) -> GroundShown:
        code, _, phase = ground.reference.partition(":")
        column = self._columns.get(phase) if ground.kind == "number" else None
        quote = quotes.get(ground.reference, {}) if ground.kind == "quote" else {}
        figure: Figure | None = getattr(column, code) if column and code in NUMBERS else None
        return GroundShown(
            kind=ground.kind,
            reference=ground.reference,
            code=code if ground.kind == "number" else "",
            phase=phase if ground.kind == "number" else "",
            figure=figure,
            text=quote.get("text") or "",
            at=quote.get("occurred_at"),
        )


def _lanes(workspace: Workspace, showing: _Showing, own: ReadMap, variant: str) -> tuple[Lane, ...]:
    as_is = own if own.place.variant == "as_is" else _other(workspace, own, "as_is")
    shown: dict[str, tuple[tuple[Card, ...], dict[str, Card]]] = {}
    if variant != "to_be":
        shown["as_is"] = (as_is.cards.cards, {})
    if variant != "as_is":
        to_be = own if own.place.variant == "to_be" else _other(workspace, own, "to_be")
        shown["to_be"] = (to_be.cards.cards, {card.card_id: card for card in as_is.cards.cards})
    cards = {name: showing.cards(*content) for name, content in shown.items()}
    phases = workspace.maps.phases(own.place.model)
    return tuple(
        Lane(lane, name, tuple(_cell(cards[name], lane, phase) for phase in phases))
        for lane in LANES
        for name in cards
    )


def _other(workspace: Workspace, own: ReadMap, variant: str) -> ReadMap:
    return workspace.maps.read(MapPlace(own.place.subject, own.place.model, variant))


def _cell(cards: Sequence[CardShown], lane: str, phase: str) -> Cell:
    return Cell(phase, tuple(card for card in cards if (card.lane, card.phase) == (lane, phase)))


def _chosen(showing: _Showing, own: ReadMap, card_id: str) -> CardShown | None:
    card = own.cards.find(card_id)
    return showing.cards([card], {})[0] if card else None


def _report(workspace: Workspace, place: MapPlace) -> SheetReport | None:
    told = workspace.maps.report(place)
    if told is None:
        return None
    content = told.content
    return SheetReport(
        file=content["file"],
        by=told.made_by,
        at=told.made_at,  # type: ignore[arg-type]  # a version that was written has a moment
        new=content["new"],
        changed=content["changed"],
        comments=content["comments"],
        unchanged=content["unchanged"],
        problems=tuple(WrongCell(**problem) for problem in content["problems"]),
    )


def _quotes(workspace: Workspace, words: str) -> tuple[Quote, ...]:
    if not words.strip():
        return ()
    return tuple(
        Quote(row["feedback_id"], row["channel"], row["occurred_at"], row["text"] or "")
        for row in workspace.maps.find_quotes(words.strip())
    )
