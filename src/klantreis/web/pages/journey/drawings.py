"""The charts of the journey page: the phases side by side, and the flow by channel."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.charts import Band, Node, Phase, phase_strip, sankey
from klantreis.tables.vocabulary import CHANNELS
from klantreis.web.marks import Svg, svg
from klantreis.web.pages.journey.context import Journey, PhaseFacts
from klantreis.web.phases import phase_name
from klantreis.words import Translator

__all__ = ["draw"]

ENDS = {"purchase_end": "good", "lapse_end": "bad", "open_end": "open", "goes_on": "flow"}
ORDER = {name: place for place, name in enumerate((*CHANNELS, "rest", *ENDS))}


def draw(page: Journey, words: Translator) -> Mapping[str, Svg]:
    """Draw what there is: nothing without journeys."""
    drawn = {}
    if page.phases and page.ended.value:
        drawn["phases"] = svg(_phases(page, words))
    if page.bands:
        drawn["flow"] = svg(_flow(page, words))
    return drawn


def _phases(page: Journey, words: Translator) -> str:
    return phase_strip(
        [_phase(page, facts, words) for facts in page.phases],
        bar_title=words.text("Reached"),
        stopped_title=words.text("Stopped here"),
        row_titles=[
            words.text("Drop-off"),
            words.text("95%% interval"),
            words.text("Value at risk"),
            words.text("Skipped"),
            words.text("Came back"),
            words.text("Half stay less than"),
        ],
        title=words.text("Phases of the journey"),
        description=words.text(
            "For each phase the part of the journeys that reached it, and of those the part that "
            "stopped there without buying."
        ),
    )


def _phase(page: Journey, facts: PhaseFacts, words: Translator) -> Phase:
    reached = facts.reached.value or 0.0
    stopped = facts.stopped
    enough = not stopped.evidence.lacking
    low, high = stopped.evidence.low, stopped.evidence.high
    interval = words.interval(low, high, "share") if low is not None and high is not None else ""
    return Phase(
        name=phase_name(page.model, facts.phase, words.language),
        reached=reached,
        stopped=reached * (stopped.value or 0.0),
        reached_label=words.percent(reached),
        lines=(
            words.percent(stopped.value) if enough else words.text("too few journeys"),
            interval if enough else "",
            words.money(round(facts.value_at_risk_amount)) if enough else "",
            words.percent(facts.skipped.value),
            words.percent(facts.returned.value) if facts.returned.value is not None else "",
            words.text("one moment")
            if facts.median_stay_seconds == 0
            else words.duration(facts.median_stay_seconds),
        ),
        warned=(0, 2) if facts.phase == page.worst else (),
        href=f"#phase-{facts.phase}",
    )


def _flow(page: Journey, words: Translator) -> str:
    steps = max(band.step for band in page.bands) + 1
    nodes: dict[tuple[int, str], int] = {}
    for band in page.bands:
        nodes.setdefault((band.step, band.source), 0)
        nodes.setdefault((band.step + 1, band.target), 0)
    totals = {
        place: max(
            sum(b.journeys for b in page.bands if (b.step, b.source) == place),
            sum(b.journeys for b in page.bands if (b.step + 1, b.target) == place),
        )
        for place in nodes
    }
    return sankey(
        [
            Node(
                key=f"{step}-{name}",
                column=step - 1,
                name=_place(name, words),
                label=words.number(totals[step, name]),
                kind=ENDS.get(name, "flow"),
            )
            for step, name in sorted(nodes, key=lambda n: (n[0], ORDER.get(n[1], len(ORDER))))
        ],
        [
            Band(
                f"{band.step}-{band.source}",
                f"{band.step + 1}-{band.target}",
                band.journeys,
                f"{_place(band.source, words)} → {_place(band.target, words)}: "
                f"{words.units(band.journeys, 'journeys')}",
            )
            for band in page.bands
        ],
        columns=[words.text("Step %(number)s", number=step) for step in range(1, steps + 1)],
        title=words.text("Flow from channel to channel"),
        description=words.text(
            "Journeys from step to step: from which channel to which, and where they end."
        ),
    )


def _place(name: str, words: Translator) -> str:
    return words.code("channel" if name in CHANNELS else "end", name)
