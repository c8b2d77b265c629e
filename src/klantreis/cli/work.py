"""`klantreis work`: campaigns do what is due."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import errors, words_of
from klantreis.errors import InputError, message
from klantreis.litter import collected_as_usual

NAME = "work"


def command(
    folder: Folder,
    once: Annotated[bool, typer.Option("--once", help="One round, and stop.")] = False,
    at: Annotated[
        str,
        typer.Option(
            help="Do one round as if it were this moment (UTC, as 2026-01-31T12:00), or 'data': the last moment in the data, and after a night the morning."
        ),
    ] = "",
    pause: Annotated[float, typer.Option(help="Seconds between rounds.", min=1)] = 60.0,
    language: Language = "",
) -> None:
    """Decide in every running campaign, and send what is due; goes on until it is stopped.

    It can be stopped or die at any moment: nothing is sent twice, and nothing is lost.
    """
    from klantreis.worker import Round, work, work_once

    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        messages = words.text("Messages")

        def tell(done: Round) -> None:
            for (campaign, action, reason), times in sorted(done.worked.decided.items()):
                told = words.code("campaign_action", action)
                why = f" ({words.code('block_reason', reason)})" if reason else ""
                line = f"{campaign}: {told}{why} {words.number(times)}"
                errors.print(line, markup=False, highlight=False)
            for status, times in sorted(done.delivered.by_status.items()):
                told = words.code("outbox_status", status)
                line = f"{messages}: {told} {words.number(times)}"
                errors.print(line, markup=False, highlight=False)

        if at or once:
            published = workspace.published
            is_data = at == "data" and published is not None
            last = workspace.campaigns.daytime(published.as_of) if is_data and published else None
            tell(work_once(workspace, now=last or _at(at)))
        else:
            with collected_as_usual():
                work(workspace, tell, pause_seconds=pause)


def _at(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            message("Not a moment", where="--at", got=repr(text), allowed="2026-01-31T12:00, data")
        ) from error
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
