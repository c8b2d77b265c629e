"""Rules of every kind, at random."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import strategies as st

from klantreis.rules import (
    MEASURES,
    Ago,
    And,
    Chain,
    Column,
    Compare,
    Consent,
    Dates,
    Did,
    Flag,
    Has,
    InAudience,
    InPhase,
    InSegment,
    Known,
    Later,
    Measure,
    Moments,
    Not,
    OfPersona,
    Or,
    Rule,
    Where,
    Window,
    Within,
)
from klantreis.tables.vocabulary import CHANNELS

__all__ = ["EVENTS", "NOW", "TEXTS", "rules"]

NOW = datetime(2026, 1, 1, 12)
EVENTS = ("purchase", "add_to_cart", "view_item", "return")
TEXTS = ("Utrecht", "'s-Hertogenbosch", "")

units = st.sampled_from(["hours", "days", "weeks"])
windows = st.builds(Window, st.integers(1, 60), units)
# As long as the time between moments of `people` often is, to the hour.
waits = st.builds(Window, st.integers(1, 12).map(lambda slots: 6 * slots), st.just("hours")) | (
    st.builds(Window, st.integers(1, 10), st.just("days"))
)
days_of_history = st.dates(NOW.date() - timedelta(days=40), NOW.date() + timedelta(days=2))
ago = st.tuples(st.integers(1, 30), st.integers(1, 30)).flatmap(
    lambda lengths: st.builds(
        Ago, st.sampled_from([None, lengths[0] + lengths[1]]), st.just(lengths[0]), units
    )
)
dates_between = st.tuples(days_of_history, days_of_history).flatmap(
    lambda days: st.sampled_from(
        [Dates(min(days), max(days)), Dates(days[0], None), Dates(None, days[0])]
    )
)
periods = windows | ago | dates_between
maybe = st.none() | periods
vias = st.sampled_from(["", "", "web", "store"])
events = st.sampled_from(EVENTS)
numbers = st.integers(-50, 500).map(float) | st.decimals(-5, 200, places=2).map(float)
texts = st.sampled_from(TEXTS)
signs = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
of_text = st.builds(
    lambda operator, value: (operator, (value,)), st.sampled_from(["=", "!=", "contains"]), texts
) | st.builds(lambda values: ("in", tuple(values)), st.lists(texts, min_size=1, max_size=3))
of_number = st.builds(lambda operator, value: (operator, (value,)), signs, numbers) | st.builds(
    lambda values: ("in", tuple(values)), st.lists(numbers, min_size=1, max_size=3)
)
asked_of_moments = st.builds(
    lambda field, asked: Where(field, *asked), st.sampled_from(["amount", "score"]), of_number
) | st.builds(
    lambda field, asked: Where(field, *asked), st.sampled_from(["page", "store_id"]), of_text
)
wheres = st.just(()) | st.lists(asked_of_moments, min_size=1, max_size=2).map(tuple)
counts = st.builds(Measure, st.sampled_from(["count", "sum"]), events, vias, maybe, wheres) | (
    st.builds(Measure, st.sampled_from(list(MEASURES)), st.just(""), vias, periods, wheres)
)
edges = st.builds(Measure, st.sampled_from(["first", "last"]), events, vias, st.none(), wheres)
number_columns = st.sampled_from(
    ["orders", "revenue_amount", "age_years", "discount_share", "recency_score", "churn_risk"]
).map(Column)
text_columns = st.sampled_from([Column("city"), Column("country"), Column("order_model")])
midnights = days_of_history.map(lambda day: datetime(day.year, day.month, day.day))
comparisons = (
    st.builds(lambda left, asked: Compare(left, *asked), counts | number_columns, of_number)
    | st.builds(lambda left, asked: Compare(left, *asked), text_columns, of_text)
    | st.builds(Compare, st.just(Column("last_order_at")) | edges, signs, st.tuples(midnights))
    | st.builds(Compare, st.just(Column("birth_on")), signs, st.tuples(days_of_history))
)
kinds_of_moments = st.builds(Moments, events) | st.builds(Moments, events, vias, wheres)
once = st.builds(Later, kinds_of_moments, st.none() | waits)
absent = st.builds(Later, kinds_of_moments, st.none() | waits, st.just(True))
chains = st.builds(
    Chain,
    kinds_of_moments,
    maybe,
    st.tuples(once | absent) | st.tuples(once, once | absent) | st.tuples(once, once, absent),
)
in_time = (
    st.builds(Did, events, vias, maybe, wheres)
    | st.builds(Within, st.just(Column("last_order_at")) | edges, periods)
    | chains
)
plain = (
    st.builds(Has, st.just("channel"), st.sampled_from(CHANNELS))
    | st.builds(Has, st.sampled_from(["source", "category", "brand"]), texts)
    | st.builds(Consent, st.sampled_from(["email", "sms", "post", "profiling", "analytics"]))
    | st.builds(InSegment, st.sampled_from(["champions", "lost"]))
    | st.builds(OfPersona, st.sampled_from(["quality", "service"]))
    | st.builds(InPhase, st.sampled_from(["think", "do"]))
    | st.builds(Flag, st.sampled_from([Column("is_known"), Column("has_open_complaint")]))
    | st.builds(
        Known, st.sampled_from([Column("city"), Column("age_years")]) | edges, st.booleans()
    )
)
# Kinds first, so that what is hard to get right comes up as often as the rest.
leaves = st.sampled_from([comparisons, in_time, chains, plain]).flatmap(lambda kind: kind)
rules: st.SearchStrategy[Rule] = st.recursive(
    leaves,
    lambda inner: (
        inner.map(Not)
        | st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts)))
        | st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts)))
        | st.builds(InAudience, st.just("regulars"), inner)
    ),
    max_leaves=4,
)
