"""The drawings of a portrait: a lane for each channel, and the course of emotion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from statistics import fmean
from urllib.parse import urlencode

from klantreis.charts import CurvePoint, Lane, Mark, emotion_curve, timeline_lanes
from klantreis.tables.vocabulary import CHANNELS
from klantreis.web.channels import ON_SCREEN
from klantreis.web.marks import Svg, svg
from klantreis.web.pages.portrait.context import Feeling, LaneMark, Portrait
from klantreis.words import Translator

__all__ = ["draw"]

FEW = 6  # points that all have their name written beside them
SHORT, WEEK = 45, 8  # days: below the first weeks are named, below the second days
EDGE = 4.0  # per cent of the width left free at both ends


def draw(page: Portrait, words: Translator) -> Mapping[str, Svg]:
    """Draw the timeline and the course of emotion; nothing where there are no moments."""
    drawn = {}
    if page.marks:
        drawn["timeline"] = svg(_timeline(page, words))
    if page.feelings.moments:
        drawn["emotion"] = svg(_course(page.feelings.moments, words))
    return drawn


def _timeline(page: Portrait, words: Translator) -> str:
    through = page.window
    start = through.first_at if through.days else min(mark.first_at for mark in page.marks)
    end = through.last_at if through.days else max(mark.last_at for mark in page.marks)
    length = (end - start).total_seconds() or 1.0

    def at(moment: datetime) -> float:
        return (moment - start).total_seconds() / length

    in_use = {mark.channel for mark in page.marks}
    return timeline_lanes(
        [
            Lane(channel, words.code("channel", channel), channel in ON_SCREEN)
            for channel in CHANNELS
            if channel in in_use
        ],
        [
            Mark(mark.channel, at(mark.first_at), mark.moments, mark.kind, _name(mark, words),
                 _address(mark, page))
            for mark in page.marks
        ],
        ticks=[(at(tick), name) for tick, name in _ticks(start, end, words)],
        online_title=words.text("Online"),
        offline_title=words.text("Offline"),
        title=words.text("Timeline over all channels"),
        description=words.text(
            "A lane for each channel. Circles are online, squares are offline; a mark with a sign "
            "is a purchase, a return, a statement or something that went wrong."
        ),
    )  # fmt: skip


def _name(mark: LaneMark, words: Translator) -> str:
    parts = [
        words.code("mark", mark.kind),
        words.code("channel", mark.channel),
        words.period(mark.first_at, mark.last_at),
        words.money(mark.amount) if mark.amount is not None else "",
        words.units(mark.moments, "moments") if mark.moments > 1 else "",
    ]
    return " · ".join(part for part in parts if part)


def _address(mark: LaneMark, page: Portrait) -> str:
    shown = any(visit.number == mark.visit for visit in page.visits)
    through = page.window
    asked = {
        "channel": page.channel,
        "kind": page.kind,
        "period": through.days or "",
        "until": through.until or "",
        "before": "" if shown else mark.visit + 1,
    }
    query = urlencode({name: value for name, value in asked.items() if value != ""})
    return f"?{query}#visit-{mark.visit}" if query else f"#visit-{mark.visit}"


def _ticks(start: datetime, end: datetime, words: Translator) -> list[tuple[datetime, str]]:
    """Months, or Mondays and days when the period is short."""
    days = (end - start).days
    if days > SHORT:
        return [(tick, words.month(tick)) for tick in _months(start, end)]
    midnight = datetime(start.year, start.month, start.day)
    found = [midnight + timedelta(days=number) for number in range(1, days + 2)]
    wanted = [day for day in found if day <= end and (days <= WEEK or day.weekday() == 0)]
    return [(day, words.day(day)) for day in wanted]


def _months(start: datetime, end: datetime) -> list[datetime]:
    """First days of months between two moments; of quarters or years when there are many."""
    months = (end.year - start.year) * 12 + end.month - start.month
    every = next(n for n in (1, 3, 12, 1200) if months / n <= 14)
    first = date(start.year, start.month, 1)
    found = []
    for place in range(months + 1):
        month = first.year * 12 + first.month - 1 + place
        tick = datetime(month // 12, month % 12 + 1, 1)
        if tick >= start and (tick.month - 1) % every == 0:
            found.append(tick)
    return found


def _course(felt: Sequence[Feeling], words: Translator) -> str:
    """One point a moment: who gives a score and writes a text at once felt one thing."""
    moments = [(at, tuple(same)) for at, same in groupby(felt, key=lambda one: one.at)]
    start, end = moments[0][0], moments[-1][0]
    length = (end - start).total_seconds()
    points = tuple(
        CurvePoint(
            x=EDGE + (100 - 2 * EDGE) * ((at - start).total_seconds() / length if length else 0.5),
            score=fmean(one.emotion for one in same),
            note=_beside(same, words, is_named=len(moments) <= FEW),
            name=_spoken(at, same, words),
            is_sure=any(one.evidence != "assumed" for one in same),
        )
        for at, same in moments
    )
    return emotion_curve(
        points,
        title=words.text("How this customer felt over time"),
        description=words.text(
            "From very negative (-2) to very positive (+2), in order of time; the table says the same."
        ),
        height=210,
    )


def _beside(same: Sequence[Feeling], words: Translator, *, is_named: bool) -> str:
    if any(one.is_recovery for one in same):
        return words.text("came right")
    return words.code("event", same[0].event) if is_named else ""


def _spoken(at: datetime, same: Sequence[Feeling], words: Translator) -> str:
    told = (
        f"{words.code('event', one.event)} ({words.code('emotion_kind', one.kind)}, "
        f"{words.code('evidence', one.evidence)}): {words.number(one.emotion, 1)}"
        for one in same
    )
    return " · ".join((words.day(at), *told))
