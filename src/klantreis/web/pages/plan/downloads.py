"""The roadmap as calendar and as spreadsheet."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

from icalendar import Calendar, Event

from klantreis.web.download import Download, DownloadedFile
from klantreis.web.page import NoQuery
from klantreis.words import Translator
from klantreis.workspace import PlannedAction, Workspace

__all__ = ["DOWNLOADS"]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def calendar(workspace: Workspace, query: NoQuery, words: Translator) -> DownloadedFile:
    """The actions as whole days in a calendar (RFC 5545)."""
    made = Calendar()
    made.add("prodid", "-//Klantreis//roadmap//NL")
    made.add("version", "2.0")
    for one in workspace.plan.cycle().actions:
        event = Event()
        event.add("uid", f"{one.action_id}@klantreis")
        event.add("dtstamp", datetime.now(UTC))
        event.add("dtstart", one.starts_on)
        event.add("dtend", one.ends_on + timedelta(days=1))  # the day after the last
        event.add("summary", one.title)
        event.add("description", f"{words.code('status', one.status)} · {one.owner}")
        made.add_component(event)
    return DownloadedFile("roadmap.ics", "text/calendar", made.to_ical())


def spreadsheet(workspace: Workspace, query: NoQuery, words: Translator) -> DownloadedFile:
    """The actions as CSV, as Excel in the reader's language opens it."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";" if words.language == "nl" else ",")
    writer.writerow(_titles(words))
    actions = workspace.plan.cycle().actions
    names = {one.action_id: one.title for one in actions}
    for one in actions:
        expected = "" if one.expected is None else _expected(workspace, one, words)
        writer.writerow(
            _plain(value)
            for value in (
                one.title,
                one.owner,
                one.starts_on.isoformat(),
                one.ends_on.isoformat(),
                words.code("status", one.status),
                one.measure,
                expected,
                ", ".join(names.get(before, "") for before in one.after),
            )
        )
    return DownloadedFile("roadmap.csv", "text/csv", text.getvalue().encode("utf-8-sig"))


def _expected(workspace: Workspace, one: PlannedAction, words: Translator) -> str:
    if not one.measure:
        return words.number(one.expected, None)
    unit = workspace.kpis.take(one.measure).meaning.unit
    return words.value(one.expected, unit)


def _titles(words: Translator) -> tuple[str, ...]:
    return (
        words.text("Action"),
        words.text("Owner"),
        words.text("First day"),
        words.text("Last day"),
        words.text("Status"),
        words.text("Measure"),
        words.text("Expected effect"),
        words.text("After"),
    )


def _plain(value: str) -> str:
    # A cell that starts so would be run as a formula.
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


DOWNLOADS = (
    Download("plan_ics", "/plan.ics", NoQuery, calendar),
    Download("plan_csv", "/plan.csv", NoQuery, spreadsheet),
)
