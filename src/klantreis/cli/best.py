"""`klantreis best`: what the best customers do differently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import grid, out, words_of

if TYPE_CHECKING:
    from klantreis.words import Translator

NAME = "best"


def command(
    folder: Folder,
    aspect: Annotated[str, typer.Option(help="Only this, such as path, category or stop.")] = "",
    language: Language = "",
) -> None:
    """Tell what the fifth of the buyers who brought in most do otherwise than the others."""
    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        looked = workspace.best.looked()
        customers, others = workspace.best.customers()
        out.print(
            words.text(
                "%(customers)s beside %(others)s others: %(told)s told of %(compared)s "
                "comparisons judged together",
                customers=words.units(customers, "customers"),
                others=words.number(others),
                told=words.number(looked.told),
                compared=words.number(looked.compared),
            ),
            style="dim",
            highlight=False,
        )
        rows = [
            (
                one.aspect,
                one.item,
                words.percent(one.value, 1),
                words.percent(one.rest, 1),
                f"{_points(one.difference, words)} "
                f"({_points(one.low, words)} – {_points(one.high, words)})",
            )
            for one in workspace.best.differences(aspect=aspect)
        ]
        headings = (
            words.text("Aspect"),
            words.text("Item"),
            words.text("Best"),
            words.text("Others"),
            words.text("Difference in points"),
        )
        out.print(grid(headings, rows, right=(2, 3, 4)))


def _points(share: float, words: Translator) -> str:
    """A difference of shares in percentage points, with its sign."""
    shown = words.number(100 * share, 1)
    return shown if share < 0 else f"+{shown}"
