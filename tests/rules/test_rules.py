from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klantreis.engine import Engine
from klantreis.errors import RuleError
from klantreis.rules import (
    COLUMNS,
    MEASURES,
    And,
    Column,
    Compare,
    Consent,
    Did,
    Facts,
    Flag,
    Has,
    InAudience,
    InSegment,
    Known,
    Measure,
    Moment,
    Not,
    Or,
    Rule,
    Window,
    Within,
    holds,
    matching,
    parse,
    parts_of,
    text_of,
)
from klantreis.tables import contract
from klantreis.tables.vocabulary import CHANNELS
from tests.rows import stored

NOW = datetime(2026, 1, 1, 12)
EVENTS = ("purchase", "add_to_cart", "view_item", "return")

windows = st.builds(Window, st.integers(1, 60), st.sampled_from(["hours", "days", "weeks"]))
maybe = st.none() | windows
vias = st.sampled_from(["", "web", "store"])
events = st.sampled_from(EVENTS)
measures = (
    st.builds(Measure, st.sampled_from(["count", "sum"]), events, vias, maybe)
    | st.builds(Measure, st.sampled_from(list(MEASURES)), st.just(""), vias, windows)
    | st.just(Measure("revenue"))
)
numbers = st.integers(-50, 500).map(float) | st.decimals(-5, 200, places=2).map(float)
texts = st.sampled_from(["Utrecht", "'s-Hertogenbosch", ""])
dates = st.dates(datetime(2025, 10, 1).date(), NOW.date())
moments_at = dates.map(lambda day: datetime(day.year, day.month, day.day))
signs = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
number_columns = st.sampled_from(["orders", "revenue_amount", "age_years", "discount_share"])
comparisons = (
    st.builds(Compare, measures | number_columns.map(Column), signs, st.tuples(numbers))
    | st.builds(
        Compare,
        st.sampled_from([Column("city"), Column("country")]),
        st.sampled_from(["=", "!="]),
        st.tuples(texts),
    )
    | st.builds(
        Compare, st.just(Column("city")), st.just("in"), st.lists(texts, min_size=1).map(tuple)
    )
    | st.builds(
        Compare,
        number_columns.map(Column),
        st.just("in"),
        st.lists(numbers, min_size=1).map(tuple),
    )
    | st.builds(Compare, st.just(Column("last_order_at")), signs, st.tuples(moments_at))
    | st.builds(Compare, st.just(Column("birth_on")), signs, st.tuples(dates))
)
leaves = (
    comparisons
    | st.builds(Did, events, vias, maybe)
    | st.builds(Has, st.sampled_from(["channel"]), st.sampled_from(CHANNELS))
    | st.builds(Has, st.sampled_from(["source", "category"]), texts)
    | st.just(Consent("email"))
    | st.builds(InSegment, st.sampled_from(["champions", "lost"]))
    | st.builds(Flag, st.sampled_from([Column("is_known"), Column("has_open_complaint")]))
    | st.builds(Known, st.sampled_from([Column("city"), Column("age_years")]), st.booleans())
    | st.builds(Within, st.just(Column("last_order_at")), windows)
)
rules = st.recursive(
    leaves,
    lambda inner: (
        inner.map(Not)
        | st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts)))
        | st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts)))
        | st.builds(InAudience, st.just("regulars"), inner)
    ),
    max_leaves=6,
)


@given(rules)
def test_a_rule_printed_and_read_again_is_the_same(rule: Rule) -> None:
    # Of an audience the text holds the name: whatever it is now, both readings have it.
    asked = {"regulars": parse("is_known")}
    again = parse(text_of(rule), audiences=asked)
    assert text_of(again) == text_of(rule)
    if not any(isinstance(part, InAudience) for part in parts_of(rule)):
        assert again == rule


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (
            "orders in last 90 days >= 2 and channel('store') and not consent('email')",
            "orders in last 90 days >= 2 and channel('store') and not consent('email')",
        ),
        (
            "did 'add_to_cart' in last 3 days\n  and not did 'purchase' in last 3 days",
            "did 'add_to_cart' in last 3 days and not did 'purchase' in last 3 days",
        ),
        ("((orders=2.50))", "orders = 2.5"),
        ("is_known or (is_known and may_email)", "is_known or is_known and may_email"),
        ("city in ('Utrecht', 'Gent')", "city in ('Utrecht', 'Gent')"),
        ("last_order_at in last 1 week", "last_order_at in last 1 weeks"),
    ],
)
def test_a_rule_reads_as_it_is_written(text: str, printed: str) -> None:
    assert text_of(parse(text)) == printed


@pytest.mark.parametrize(
    ("text", "kind", "place", "allowed"),
    [
        ("", "condition_expected", (1, 1), "did"),
        ("order >= 2", "unknown_name", (1, 1), "orders"),
        ("orders >= 'two'", "number_expected", (1, 11), "a number"),
        ("is_known and\norders in last 2 years > 1", "unit_expected", (2, 18), "days"),
        ("orders in last 0 days > 1", "number_expected", (1, 16), "1 to"),
        ("channel('shop')", "unknown_value", (1, 9), "store"),
        ("did 'add_to_basket'", "unknown_event", (1, 5), "add_to_cart"),
        ("city > 'A'", "operator_expected", (1, 6), "!="),
        ("city = 'Utrecht", "unfinished_text", (1, 8), "'text'"),
        ("(is_known", "unexpected_word", (1, 10), ")"),
        ("is_known is_known", "unexpected_word", (1, 10), "and"),
        ("orders ; 2", "unknown_sign", (1, 8), "numbers"),
        ("last_order_at > 'May'", "date_expected", (1, 17), "2026-01-31"),
        ("(" * 60 + "is_known" + ")" * 60, "too_deep", (1, 41), "40"),
        ("not " * 60 + "is_known", "too_deep", (1, 161), "40"),
    ],
)
def test_what_is_wrong_is_shown_at_its_place(
    text: str, kind: str, place: tuple[int, int], allowed: str
) -> None:
    with pytest.raises(RuleError) as found:
        parse(text)
    error = found.value
    assert (error.kind, (error.line, error.column)) == (kind, place)
    assert allowed in error.allowed
    assert str(error).endswith(" " * (error.column + 1) + "^")


@given(st.text(alphabet="abdinort ()'<>=12.é\n", max_size=40))
def test_any_text_is_a_rule_or_refused_as_a_rule(text: str) -> None:
    with suppress(RuleError):
        assert parse(text_of(parse(text)))


def test_a_shops_own_event_may_be_asked_for_when_it_is_named() -> None:
    assert parse("did 'wash'", own_events=["wash"]) == Did("wash")


def person(number: int) -> dict[str, Any]:
    """A customer whose columns are filled and empty in turn."""
    return {
        "customer_id": number,
        "is_known": number % 2 == 0,
        "city": [None, "Utrecht", "'s-Hertogenbosch"][number % 3],
        "country": ["NL", None][number % 2],
        "birth_on": [None, datetime(2025, 11, 5).date()][number % 2],
        "age_years": [None, 30, 2][number % 3],
        "may_email": number % 3 == 0,
        "has_open_complaint": number % 4 == 0,
        "channels": [["web"], ["store", "web"], []][number % 3],
        "sources": ["", "Utrecht"][: number % 3],
        "categories": ["Utrecht"][: number % 2],
        "orders": number,
        "revenue_amount": Decimal("12.50") * number,
        "discount_share": [None, 0.5][number % 2],
        "last_order_at": [None, NOW - timedelta(days=number * 7)][number % 2],
    }


def moments(number: int) -> list[Moment]:
    """A few moments, some on the very edge of a window and one after the moment of asking."""
    return [
        Moment(
            NOW - timedelta(hours=24 * place * number - 12 * (place == 3)),
            EVENTS[(place + number) % 4],
            ["web", "store"][place % 2],
            place // 2,
            [None, Decimal("19.95"), Decimal(-5)][place % 3],
        )
        for place in range(number)
    ] + [Moment(NOW + timedelta(hours=1), "purchase", "web", 99, Decimal(100))]


PEOPLE = range(7)
SEGMENTS = {1: "champions", 2: "lost", 4: "champions"}


def facts(number: int) -> Facts:
    segments = frozenset({SEGMENTS[number]} if number in SEGMENTS else ())
    return Facts(person(number), tuple(moments(number)), segments)


@pytest.fixture(scope="session")
def rule_tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    timeline = [
        {
            "customer_id": number,
            "position": place,
            "occurred_at": moment.occurred_at,
            "event": moment.event,
            "channel": moment.channel,
            "session": moment.session,
            "amount": moment.amount,
        }
        for number in PEOPLE
        for place, moment in enumerate(moments(number))
    ]
    people = [person(number) for number in PEOPLE]

    def of(table: str) -> list[dict[str, Any]]:
        names = [column.name for column in contract(table).columns]
        return [{k: v for k, v in row.items() if k in names} for row in people]

    memberships = [
        {"segmentation": "rfm", "segment": segment, "customer_id": number, "as_of": NOW}
        for number, segment in SEGMENTS.items()
    ]
    return {
        "portraits": list(of("portraits")),
        "customers": of("customers"),
        "timeline": timeline,
        "memberships": memberships,
    }


def compiled(rule: Rule, tables: dict[str, Any], engine: Engine) -> set[int]:
    found = engine.fetch(matching(rule, tables, now=NOW))
    ids: list[int] = found["customer_id"].to_pylist()
    assert len(ids) == len(set(ids))
    return set(ids)


@pytest.fixture(scope="session")
def stored_tables(
    rule_tables: dict[str, list[dict[str, Any]]],
    duckdb_engine: Engine,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("rules")
    return {name: stored(name, rows, duckdb_engine, folder) for name, rows in rule_tables.items()}


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rule=rules)
def test_compiled_and_evaluated_mean_the_same(
    rule: Rule, stored_tables: dict[str, Any], duckdb_engine: Engine
) -> None:
    evaluated = {number for number in PEOPLE if holds(rule, facts(number), now=NOW)}
    assert compiled(rule, stored_tables, duckdb_engine) == evaluated


@pytest.mark.parametrize(
    "text",
    [
        "orders in last 90 days >= 1 and channel('store') and not consent('email')",
        "visits in last 9 days >= 2 or revenue via 'store' > 10 or segment('champions')",
        "did 'add_to_cart' in last 3 days and not did 'purchase' in last 3 days",
        "city in ('Utrecht', 'Gent') or country is unknown or birth_on < '2025-12-01'",
        "last_order_at in last 3 weeks or not (discount_share > 0.2)",
    ],
)
def test_every_engine_gives_the_same_customers(
    text: str,
    rule_tables: dict[str, list[dict[str, Any]]],
    any_engine: Engine,
    tmp_path: Path,
) -> None:
    tables = {name: stored(name, rows, any_engine, tmp_path) for name, rows in rule_tables.items()}
    rule = parse(text)
    evaluated = {number for number in PEOPLE if holds(rule, facts(number), now=NOW)}
    assert 0 < len(evaluated) < len(PEOPLE)
    assert compiled(rule, tables, any_engine) == evaluated


def test_every_column_of_a_portrait_can_be_asked_for_by_its_kind() -> None:
    values = {"number": "> 1", "text": "= 'x'", "flag": "", "moment": "in last 2 days"}
    for name, kind in COLUMNS.items():
        parse(f"{name} {values.get(kind, '''< '2020-01-01' ''')}".strip())
