"""`klantreis joined`: measures that exist only once sources are joined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import grid, out, words_of

if TYPE_CHECKING:
    from klantreis.words import Translator
    from klantreis.workspace import Joined, JoinedLevel

NAME = "joined"
SEGMENTATIONS = ("rfm", "value", "channel", "target_group", "orientation_channel")


def command(
    folder: Folder,
    measure: Annotated[str, typer.Option(help="Only this measure, by channel and group.")] = "",
    language: Language = "",
) -> None:
    """Show the joined measures, each with its interval and the customers that it rests on."""

    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        joined = workspace.joined
        if measure:
            rows = list(_of_measure(joined, measure, words))
            out.print(
                joined.meaning(measure).definition[words.language], style="dim", highlight=False
            )
        else:
            rows = [
                (one.code, *_written(joined.take(one.code).now, one.unit, words))
                for one in joined.library()
            ]
        headings = (
            words.text("Measure"),
            words.text("Value"),
            words.text("95%% interval"),
            words.text("Customers"),
        )
        out.print(grid(headings, rows, right=(1, 2, 3)))


def _of_measure(joined: Joined, measure: str, words: Translator) -> list[tuple[str, ...]]:
    taken = joined.take(measure)
    unit = taken.meaning.unit
    rows: list[tuple[str, ...]] = [(words.text("everybody"), *_written(taken.now, unit, words))]
    rows += [
        (words.code("channel", one.code), *_written(one, unit, words)) for one in taken.channels
    ]
    for segmentation in SEGMENTATIONS:
        rows += [
            (f"{segmentation}: {one.code}", *_written(one, unit, words))
            for one in joined.by_segment(measure, segmentation)
        ]
    return rows


def _written(level: JoinedLevel, unit: str, words: Translator) -> tuple[str, str, str]:
    if not level.is_enough or level.low is None or level.high is None:
        return words.text("too few"), "", words.number(level.customers)
    ends = words.interval(level.low, level.high, unit)
    return words.value(level.value, unit), ends, words.number(level.customers)
