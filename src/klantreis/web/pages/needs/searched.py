"""How it is found what was searched for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from klantreis.web.named import Named, topic_names
from klantreis.web.pages.needs.context import Searched, SearchRow, TermShown
from klantreis.workspace import Workspace

__all__ = ["searched"]

ON_SITE = "site"
TERMS_SHOWN = 3
UNPLACED_SHOWN = 8
Rows = Sequence[Mapping[str, Any]]


def searched(workspace: Workspace) -> Searched:
    """What was searched for, in search engines and on the site."""
    counts = workspace.research.searches()
    names = topic_names(workspace)
    topics = dict.fromkeys(row["topic"] for row in counts if row["topic"])
    rows = [
        SearchRow(
            names.get(topic, Named(topic, topic, topic)),
            _sum(counts, "times", topic, on_site=False),
            _sum(counts, "clicks", topic, on_site=False),
            _sum(counts, "times", topic, on_site=True),
            _terms(workspace.research.terms(topic, most=TERMS_SHOWN))[:TERMS_SHOWN],
        )
        for topic in topics
    ]
    terms = workspace.table("search_terms")
    return Searched(
        reported_on=workspace.rows(terms.aggregate(day=terms["ends_on"].max()))[0]["day"],
        rows=tuple(sorted(rows, key=lambda row: -((row.shown or 0) + (row.on_site or 0)))),
        shown=_sum(counts, "times", on_site=False),
        on_site=_sum(counts, "times", on_site=True),
        unplaced=_terms(workspace.research.terms("", most=UNPLACED_SHOWN))[:UNPLACED_SHOWN],
    )


def _sum(rows: Rows, column: str, topic: str = "", *, on_site: bool) -> int | None:
    """Of one topic, or of all with those about none; empty where nothing is known."""
    told = [
        row[column]
        for row in rows
        if (row["place"] == ON_SITE) == on_site and topic in ("", row["topic"])
    ]
    known = [number for number in told if number is not None]
    return sum(known) if known else None


def _terms(rows: Rows) -> tuple[TermShown, ...]:
    ordered = sorted(rows, key=lambda row: (-row["times"], row["term"]))
    return tuple(TermShown(row["term"], row["place"], row["times"]) for row in ordered)
