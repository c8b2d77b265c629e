"""What people search for, in search engines and on the site: each term with its topic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.research.topics import Topic, topic_list
from klantreis.research.wording import LANGUAGES, count_of, pattern, plain

__all__ = ["searches"]

ON_SITE = "site"


def searches(
    search_terms: ir.Table,
    events: ir.Table,
    *,
    engine: Engine,
    topics: Sequence[Mapping[str, Any]],
) -> ir.Table:
    """Count each term by where it was searched, and assign it to the topic that it is about most.

    A search engine that is counted by day is not counted by period as well, for that would be twice.
    A term belongs to the topic of which it holds most keywords, in either language because terms are
    too short to tell theirs; of equals to the first in the list. Terms with an e-mail address in
    them are left out.

    Args:
        search_terms, events: as in their contracts.
        topics: the owner's changes of the topic list; see `topic_list`.

    Returns:
        As in the contract of `searches`.
    """
    searched = ibis.union(_in_search_engines(search_terms), _on_site(events))
    searched = searched.filter((searched["term"] != "") & ~searched["term"].contains("@"))
    counted = searched.group_by("place", "term").aggregate(
        times=searched["times"].sum(),
        clicks=searched["clicks"].sum(),
        position=searched["places"].sum()
        / searched["times"].sum(where=searched["places"].notnull()),
    )
    return _about(engine.keep(counted), topic_list(topics))


def _in_search_engines(search_terms: ir.Table) -> ir.Table:
    by_day = search_terms.filter(search_terms["span"] == "day").select("engine").distinct()
    both = search_terms.left_join(
        by_day.select(daily="engine"), search_terms["engine"] == by_day["engine"]
    )
    rows = both.filter((both["span"] == "day") | both["daily"].isnull())
    return rows.select(
        place="engine",
        term=rows["term"].lower().strip(),
        times=rows["impressions"],
        clicks=rows["clicks"],
        places=rows["position"] * rows["impressions"],
    )


def _on_site(events: ir.Table) -> ir.Table:
    rows = events.filter((events["name"] == "search") & events["search_term"].notnull())
    return rows.select(
        place=ibis.literal(ON_SITE),
        term=rows["search_term"].lower().strip(),
        times=ibis.literal(1, "int64"),
        clicks=ibis.null("int64"),
        places=ibis.null("float64"),
    )


def _about(counted: ir.Table, topics: Sequence[Topic]) -> ir.Table:
    """The same with the topic of which a term holds most keywords."""
    worded = counted.mutate(plain=plain(counted["term"]))
    numbers = {f"topic_{place}": _found(worded, topic) for place, topic in enumerate(topics)}
    found = worded.mutate(**numbers)
    most = ibis.greatest(ibis.literal(0, "int64"), *(found[name] for name in numbers))
    told = found.mutate(most=most)
    branches = [
        ((told["most"] > 0) & (told[name] == told["most"]), topic.id)
        for name, topic in zip(numbers, topics, strict=True)
    ]
    return told.mutate(topic=ibis.cases(*branches, else_=ibis.null("string")))


def _found(worded: ir.Table, topic: Topic) -> ir.IntegerValue:
    counts = (count_of(worded["plain"], pattern(topic.keywords[one])) for one in LANGUAGES)
    return ibis.greatest(*counts).cast("int64")
