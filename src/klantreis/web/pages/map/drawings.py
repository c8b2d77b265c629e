"""The curve of emotion over the phases of a map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from klantreis.charts import CurvePoint, emotion_curve
from klantreis.web.marks import Svg, svg
from klantreis.web.pages.map.context import EmotionPoint, JourneyMap
from klantreis.web.phases import phase_name
from klantreis.words import Translator

__all__ = ["curve_points", "draw"]


def draw(page: JourneyMap, words: Translator) -> Mapping[str, Svg]:
    """Draw the curve; nothing when emotion is not measured."""
    points = curve_points(page, words)
    if not points:
        return {}
    title = words.text("Emotion over the journey")
    description = words.text("From very negative (-2) to very positive (+2), phase by phase.")
    return {"emotion": svg(emotion_curve(points, title=title, description=description))}


def curve_points(page: JourneyMap, words: Translator) -> tuple[CurvePoint, ...]:
    """The points of the curve, in per cent of the map's width."""
    places = {column.phase: number for number, column in enumerate(page.columns)}
    each = 100 / max(1, len(places))
    times = Counter(point.event for point in page.emotions)
    return tuple(
        CurvePoint(
            x=(places[point.phase] + point.at) * each,
            score=point.score.value or 0.0,
            note=_note(point, words, is_told_apart=times[point.event] > 1),
            name=_name(page, point, words),
            is_sure=not point.score.evidence.lacking and point.score.evidence.kind != "assumed",
        )
        for point in page.emotions
        if point.phase in places and point.score.value is not None
    )


def _note(point: EmotionPoint, words: Translator, *, is_told_apart: bool) -> str:
    channel = words.code("channel", point.channel)
    if not point.event:
        return channel
    event = words.code("event", point.event)
    return f"{event} ({channel})" if is_told_apart else event


def _name(page: JourneyMap, point: EmotionPoint, words: Translator) -> str:
    rests = " · ".join(words.evidence(point.score.evidence, point.score.measure))
    phase = phase_name(page.model, point.phase, words.language)
    return (
        f"{phase}, {_note(point, words, is_told_apart=True)}: {words.figure(point.score)} · {rests}"
    )
