from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.errors import RuleError
from klantreis.rules import (
    COLUMNS,
    Did,
    Facts,
    InAudience,
    Moment,
    Pass,
    Rule,
    holds,
    parse,
    parts_of,
    passes,
    text_of,
)
from tests.rules.strategies import NOW, rules


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
        (
            "did 'view_item' in last 9 days\n  then 'purchase' via 'store' within 1 week",
            "did 'view_item' in last 9 days then 'purchase' via 'store' within 1 weeks",
        ),
        ("did 'purchase' where (amount>100)", "did 'purchase' where amount > 100"),
        (
            "revenue where (amount > 1 and score != 0) from '2026-01-01' to '2026-03-31' > 5",
            "revenue where (amount > 1 and score != 0) from '2026-01-01' to '2026-03-31' > 5",
        ),
        ("orders until 30 days ago = 0", "orders until 30 days ago = 0"),
        ("first('purchase') is unknown", "first('purchase') is unknown"),
        (
            "did 'purchase' in last 3 days via 'web' where amount > 9",
            "did 'purchase' via 'web' where amount > 9 in last 3 days",
        ),
        ("visits in last 3 weeks via 'web' > 1", "visits via 'web' in last 3 weeks > 1"),
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
        ("did 'purchase' where category = 'x'", "unknown_field", (1, 22), "store_id"),
        ("did 'purchase' where amount = 'x'", "number_expected", (1, 31), "a number"),
        ("did 'purchase' where page > 'x'", "operator_expected", (1, 27), "contains"),
        ("city contains 3", "text_expected", (1, 15), "quotes"),
        ("did purchase in last 3 days", "text_expected", (1, 5), "'purchase'"),
        ("did not 'purchase'", "text_expected", (1, 5), "quotes"),
        ("age_years contains '3'", "operator_expected", (1, 11), ">="),
        ("orders from 3 to 9 days ago > 1", "number_expected", (1, 18), "1 to 2"),
        ("orders from 9 to 3 days > 1", "unexpected_word", (1, 25), "ago"),
        ("orders until 'May' > 1", "date_expected", (1, 14), "2026-01-31"),
        (
            "did 'purchase' from '2026-03-01' to '2026-01-01'",
            "date_expected",
            (1, 37),
            "2026-03-01",
        ),
        ("did 'purchase' from '0001-01-01'", "date_expected", (1, 21), "1900-01-01"),
        ("did 'purchase' then 'turn'", "unknown_event", (1, 21), "return"),
        ("did 'purchase'\nthen 'return' within 2 years", "unit_expected", (2, 24), "days"),
        ("did 'purchase' then not 'return' then 'chat'", "unexpected_word", (1, 34), "and"),
        ("did 'purchase' then 'return' in last 3 days", "unexpected_word", (1, 30), "and"),
        ("first('purchase') > 3", "date_expected", (1, 21), "2026-01-31"),
        ("first('purchase')", "operator_expected", (1, 18), "until"),
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


HISTORY: Mapping[int, Sequence[tuple[str, int, Mapping[str, Any]]]] = {
    1: [("view_item", 96, {}), ("purchase", 48, {"amount": 120, "store_id": "AMS"})],
    2: [("view_item", 72, {}), ("purchase", 72, {"amount": 80}), ("ticket", 10, {})],
    3: [("add_to_cart", 48, {"page": "/tafels/eik"})],
    4: [("add_to_cart", 47, {"page": "/lampen"}), ("purchase", 900, {"amount": 300})],
    5: [("view_item", 30, {}), ("add_to_cart", 20, {}), ("purchase", 10, {"amount": 20})],
}


@pytest.mark.parametrize(
    ("text", "members"),
    [
        # At the very end of the time is in time; at the same moment is not later.
        ("did 'view_item' then 'purchase' within 2 days", {1, 5}),
        ("did 'view_item' then 'purchase' within 47 hours", {5}),
        ("did 'view_item' then 'purchase'", {1, 5}),
        ("did 'view_item' then 'add_to_cart' within 1 day then 'purchase' within 10 hours", {5}),
        # Whether something did not follow is only known when the time for it is over.
        ("did 'add_to_cart' then not 'purchase' within 48 hours", {3}),
        ("did 'add_to_cart' then not 'purchase' within 47 hours", {3, 4}),
        ("did 'add_to_cart' then not 'purchase'", {3, 4}),
        ("did 'view_item' in last 2 days then 'purchase'", {5}),
        ("did 'view_item' from 5 to 2 days ago then 'purchase'", {1}),
        # Of the moment itself.
        ("did 'purchase' where amount > 100", {1, 4}),
        ("did 'purchase' where (amount > 100 and store_id = 'AMS')", {1}),
        ("count('add_to_cart') where page contains '/tafels' >= 1", {3}),
        # With a beginning and an end.
        ("count('purchase') from 3 to 2 days ago > 0", {1}),
        ("did 'purchase' until 30 days ago", {4}),
        ("did 'purchase' from '2025-12-30' to '2025-12-30'", {1}),
        ("did 'purchase' until '2025-12-29'", {2, 4}),
        ("sum('purchase') from '2025-12-31' > 10", {5}),
        ("first('purchase') until 30 days ago", {4}),
        ("last('view_item') in last 2 days or first('ticket') is known", {2, 5}),
    ],
)
def test_who_a_rule_is_about(text: str, members: set[int]) -> None:
    def happened(number: int) -> Facts:
        moments = [
            Moment(NOW - timedelta(hours=hours), event, **more)
            for event, hours, more in HISTORY[number]
        ]
        return Facts({}, tuple(moments))

    rule = parse(text)
    assert {number for number in HISTORY if holds(rule, happened(number), now=NOW)} == members


def test_every_column_of_a_portrait_can_be_asked_for_by_its_kind() -> None:
    values = {"number": "> 1", "text": "= 'x'", "flag": "", "moment": "in last 2 days"}
    for name, kind in COLUMNS.items():
        parse(f"{name} {values.get(kind, '''< '2020-01-01' ''')}".strip())


def test_what_a_rule_reads_is_known_before_it_is_asked() -> None:
    counted, whole = passed("orders in last 9 days > 1 and did 'return' in last 7 days")
    assert counted.table == "timeline"
    assert counted.events == {"purchase"}
    assert counted.after == datetime(2026, 1, 22)
    assert whole.table == "tallies"
    assert whole.events == {"return"}
    assert whole.after is None
    (visits,) = passed("visits in last 9 days > 1")
    assert (visits.table, visits.events) == ("visits", frozenset())
    (told_apart,) = passed("visits in last 9 days > 1 or did 'return'", is_added_up=False)
    assert (told_apart.table, told_apart.events) == ("timeline", frozenset())
    assert told_apart.after is None
    then, absent = (
        passed(f"did 'search' in last 7 days then {last}'purchase'")[0] for last in ("", "not ")
    )
    assert then.events == {"search", "purchase"}
    assert counted.effort == visits.effort < then.effort < absent.effort < told_apart.effort
    assert passed("orders > 1 and is_known") == ()


def test_of_a_long_time_first_and_last_times_and_then_lists_of_moments_are_read() -> None:
    edges, lists = passed("did 'search' then 'purchase' within 7 days")
    assert (edges.table, lists.table) == ("tallies", "moment_lists")
    assert edges.events == lists.events == {"search", "purchase"}
    (moments,) = passed("did 'search' then 'purchase'", is_added_up=False)
    assert moments.table == "timeline"
    for short in (
        "did 'search' in last 60 days then 'purchase'",
        "did 'search' then 'purchase' where amount > 1",
        "did 'search' then 'view_item' then 'purchase'",
    ):
        assert [one.table for one in passed(short)] == ["timeline"]


@pytest.mark.parametrize(
    ("text", "latest"),
    [
        ("visits in last 9 days > 2", 3),
        ("visits in last 9 days > 2 and visits = 4", 5),
        ("visits > 2.5 or visits < -1", 3),
        # One more than nine is the tenth last, and later ones are not told apart.
        ("visits > 9", 10),
        ("visits > 10", None),
        ("visits via 'store' in last 9 days > 2", None),
        ("visits until 9 days ago > 2", None),
    ],
)
def test_only_so_many_of_the_latest_visits_are_read_as_they_are_compared_with(
    text: str, latest: int | None
) -> None:
    assert [one.latest for one in passed(text)] == [latest]


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("count('view_item') > 3", "tallies"),
        ("sum('purchase') via 'store' > 100", "tallies"),
        ("first('purchase') in last 9 days", "tallies"),
        ("did 'view_item' in last 9 days", "tallies"),
        ("did 'view_item' until 9 days ago", "tallies"),
        # A first and a last time do not tell what lay between, nor how often since.
        ("did 'view_item' from 9 to 2 days ago", "timeline"),
        ("count('view_item') in last 9 days > 3", "timeline"),
        ("did 'purchase' where amount > 100", "timeline"),
        ("visits via 'store' until 9 days ago > 1", "visits"),
        ("visits from 9 to 2 days ago > 1", "timeline"),
    ],
)
def test_a_rule_reads_what_was_added_up_where_that_tells_enough(text: str, table: str) -> None:
    assert [one.table for one in passed(text)] == [table]


def passed(text: str, *, is_added_up: bool = True) -> tuple[Pass, ...]:
    return passes(parse(text), now=datetime(2026, 1, 31), is_added_up=is_added_up)
