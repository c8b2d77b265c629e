"""`klantreis simulate`: a shop that does not exist, with the truth beside its exports."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Annotated

import typer

from klantreis.cli.arguments import Folder
from klantreis.cli.console import ShownProgress, errors

NAME = "simulate"


def command(
    folder: Folder,
    customers: Annotated[
        int, typer.Option(min=100, help="How many people the shop meets.")
    ] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    start: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="First day.")] = datetime(
        2025, 1, 1
    ),
    months: Annotated[int, typer.Option(min=1, max=120, help="How many months.")] = 18,
    language: Annotated[
        str, typer.Option(help="Language of what is told: nl or en; by default the shop's, Dutch.")
    ] = "",
) -> None:
    """Write what the systems of a simulated omnichannel shop would export, with the known truth.

    The exports are in the systems' own formats, with their quirks and some broken rows; truth/
    tells who is who, why they stopped and what the campaigns did.
    """
    from klantreis.runner import Finished
    from klantreis.simulate import LOCALE, Plan, simulate
    from klantreis.words import translator

    words = translator(language or LOCALE)
    plan = Plan(customers=customers, seed=seed, start=start.date(), months=months)
    begun = time.perf_counter()
    with ShownProgress(words) as progress:
        simulate(
            folder,
            plan,
            lambda name, rows: progress.finished(Finished(name, rows, time.perf_counter() - begun)),
        )
    told = words.text(
        "Simulated %(number)s people in %(folder)s", number=words.number(customers), folder=folder
    )
    errors.print(told, highlight=False, soft_wrap=True)
