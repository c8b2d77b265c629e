"""What people search for comes to the topics that it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from klantreis.engine import Engine
from klantreis.research import searched_about, searches
from tests.rows import Row, at_hand, made


def googled(number: int, term: str, impressions: int, **more: Any) -> Row:
    return {
        "search_term_id": f"s{number}",
        "engine": "google",
        "term": term,
        "span": "period",
        "impressions": impressions,
        **more,
    }


def on_site(number: int, term: str | None, name: str = "search") -> Row:
    return {"event_id": f"e{number}", "name": name, "channel": "web", "search_term": term}


def asked(
    engine: Engine,
    terms: Sequence[Row] = (),
    events: Sequence[Row] = (),
    topics: Sequence[Mapping[str, Any]] = (),
) -> list[dict[str, Any]]:
    result = searches(
        at_hand("search_terms", terms, engine),
        at_hand("events", events, engine),
        engine=engine,
        topics=topics,
    )
    return made("searches", result, engine)


def test_a_term_is_counted_by_place_and_weighed(any_engine: Engine) -> None:
    terms = [
        googled(1, "Levertijd kast", 300, clicks=10, position=2.0, page="/a"),
        googled(2, "levertijd kast ", 100, clicks=0, position=6.0, page="/b"),
        googled(3, "xyzzy", 5),
    ]
    events = [on_site(1, "levertijd kast"), on_site(2, "Levertijd Kast"), on_site(3, None)]
    rows = asked(any_engine, terms, [*events, on_site(4, "levertijd kast", "page_view")])
    told = [(r["place"], r["term"], r["times"], r["clicks"], r["position"]) for r in rows]
    assert told == [
        ("google", "levertijd kast", 400, 10, 3.0),
        ("google", "xyzzy", 5, None, None),
        ("site", "levertijd kast", 2, None, None),
    ]
    topics = [row["topic"] for row in rows]
    assert topics[0] == topics[2] is not None
    assert topics[1] is None


def test_what_is_counted_by_day_is_not_counted_by_period_as_well(duckdb_engine: Engine) -> None:
    terms = [
        googled(1, "kussen", 300),
        googled(2, "kussen", 40, span="day"),
        googled(3, "kussen", 50, span="day"),
        googled(4, "kussen", 7, engine="bing"),
    ]
    rows = asked(duckdb_engine, terms)
    assert [(row["place"], row["times"]) for row in rows] == [("bing", 7), ("google", 90)]


def test_an_address_is_no_term_and_keywords_of_both_languages_count(duckdb_engine: Engine) -> None:
    topic = {
        "id": "lamps",
        "moment": "before",
        "name": {"nl": "Lampen", "en": "Lamps"},
        "description": {"nl": "x", "en": "x"},
        "keywords": {"nl": ["lamp*"], "en": ["light*"]},
    }
    events = [on_site(n, term) for n, term in enumerate(("jan@x.nl", "lampen", "night lights"))]
    rows = asked(duckdb_engine, events=events, topics=[topic])
    assert [(row["term"], row["topic"]) for row in rows] == [
        ("lampen", "lamps"),
        ("night lights", "lamps"),
    ]
    table = at_hand("searches", rows, duckdb_engine)
    counts = duckdb_engine.fetch(searched_about(table)).to_pylist()
    assert counts == [{"place": "site", "topic": "lamps", "terms": 2, "times": 2, "clicks": None}]
