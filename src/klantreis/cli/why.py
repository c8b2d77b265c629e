"""`klantreis why`: why two are one customer, and why not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import grid, out, words_of
from klantreis.words.who import why_told

if TYPE_CHECKING:
    from klantreis.words import Translator

NAME = "why"


def command(
    folder: Folder,
    left: Annotated[
        str, typer.Argument(help="Number of a customer, or a record as shopify:1001.", metavar="A")
    ],
    right: Annotated[str, typer.Argument(help="The other one.", metavar="B")],
    language: Language = "",
) -> None:
    """Tell why two records or customers are one, or why they are not."""
    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        why = workspace.identity.why(left, right)
    for line in why_told(words, why):
        out.print(line, highlight=False, markup=False, soft_wrap=True)
    rows = [
        (
            words.code("record_field", one.field),
            *(_written(words, one.field, said) for said in (one.left, one.right)),
            words.code("agreement", one.agreement),
        )
        for one in why.fields
    ]
    if rows:
        out.print(grid(("", why.left.person_id, why.right.person_id, ""), rows))


def _written(words: Translator, field: str, said: str) -> str:
    return words.code("gender", said) if field == "gender" and said else said
