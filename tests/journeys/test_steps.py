from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import ibis.expr.types as ir
from hypothesis import given, settings
from hypothesis import strategies as st

from klantreis import journeys
from klantreis.engine import Engine
from klantreis.journeys.touchpoints import ROLES, role_rules
from klantreis.tables import Renewal
from klantreis.tables.vocabulary import EVENTS
from tests.journeys.cases import (
    AFTERCARE_DAYS,
    LAPSE_DAYS,
    NOW,
    Moment,
    made_from,
    role_of,
    steps_of,
    timeline_rows,
    told,
    walk,
)
from tests.rows import afresh, made, rows_of

MINUTE = 1 / 1440


def test_a_visit_and_a_later_purchase_are_one_journey(duckdb_engine: Engine) -> None:
    assert steps_of(duckdb_engine, walk((0, "web.view_item"), (4, "store.purchase", 30))) == [
        ("1-1", "web.view_item", "before"),
        ("1-1", "store.purchase", "purchase"),
    ]


def test_silence_longer_than_the_lapse_starts_a_new_journey(duckdb_engine: Engine) -> None:
    within = walk((0, "web.view_item"), (LAPSE_DAYS, "web.search"))
    beyond = walk((0, "web.view_item"), (LAPSE_DAYS + MINUTE, "web.search"))
    assert {step[0] for step in steps_of(duckdb_engine, within)} == {"1-1"}
    assert {step[0] for step in steps_of(duckdb_engine, beyond)} == {"1-1", "1-2"}


def test_what_is_done_in_a_visit_after_a_purchase_starts_a_new_journey(
    duckdb_engine: Engine,
) -> None:
    moments = walk((0, "store.purchase", 30), (3, "web.view_item"), (5, "store.purchase", 20))
    assert [step[0] for step in steps_of(duckdb_engine, moments)] == ["1-1", "1-2", "1-2"]


def test_two_purchases_in_one_visit_are_two_steps_of_one_journey(duckdb_engine: Engine) -> None:
    moments = walk((0, "web.purchase", 30), (5 * MINUTE, "web.purchase", 20))
    assert [step[0] for step in steps_of(duckdb_engine, moments)] == ["1-1", "1-1"]


def test_purchases_in_two_visits_are_two_journeys(duckdb_engine: Engine) -> None:
    moments = walk((0, "store.purchase", 30), (7, "store.purchase", 20))
    assert [step[0] for step in steps_of(duckdb_engine, moments)] == ["1-1", "1-2"]


def test_browsing_on_after_the_purchase_in_the_same_visit_is_after(duckdb_engine: Engine) -> None:
    moments = walk((0, "web.purchase", 30), (2 * MINUTE, "web.view_item"))
    assert steps_of(duckdb_engine, moments)[1] == ("1-1", "web.view_item", "after")


def test_aftercare_belongs_to_the_purchase_though_a_new_journey_has_begun(
    duckdb_engine: Engine,
) -> None:
    moments = walk((0, "web.purchase", 30), (3, "web.view_item"), (5, "review.review"))
    assert steps_of(duckdb_engine, moments) == [
        ("1-1", "web.purchase", "purchase"),
        ("1-1", "review.review", "after"),
        ("1-2", "web.view_item", "before"),
    ]


def test_aftercare_of_too_long_ago_belongs_to_the_current_journey(duckdb_engine: Engine) -> None:
    moments = walk(
        (0, "web.purchase", 30), (50, "web.view_item"), (AFTERCARE_DAYS + 1, "review.review")
    )
    assert steps_of(duckdb_engine, moments)[-1] == ("1-2", "review.review", "before")


def test_aftercare_before_any_journey_belongs_to_none(duckdb_engine: Engine) -> None:
    assert steps_of(duckdb_engine, walk((0, "review.review"), (1, "store.return", -5))) == []


def test_a_service_contact_is_orientation_unless_there_was_a_purchase(
    duckdb_engine: Engine,
) -> None:
    asks = walk((0, "service.chat"), (1, "web.view_item"))
    complains = walk((0, "web.purchase", 30), (1, "service.chat"))
    assert steps_of(duckdb_engine, asks)[0] == ("1-1", "service.chat", "before")
    assert steps_of(duckdb_engine, complains)[1] == ("1-1", "service.chat", "after")


def test_a_visit_of_glances_soon_after_a_purchase_looks_back_on_it(duckdb_engine: Engine) -> None:
    looks_back = walk((0, "web.purchase", 30), (2, "web.login"), (2 + MINUTE, "web.page_view"))
    goes_on = [*looks_back, Moment(1, 2 + 2 * MINUTE, "web.view_item")]
    much_later = walk((0, "web.purchase", 30), (20, "web.page_view"))
    assert {step[0] for step in steps_of(duckdb_engine, looks_back)} == {"1-1"}
    assert [step[0] for step in steps_of(duckdb_engine, goes_on)] == ["1-1", "1-2", "1-2", "1-2"]
    assert steps_of(duckdb_engine, much_later)[1] == ("1-2", "web.page_view", "before")


def test_mail_belongs_to_the_journey_that_is_open_and_keeps_none_open(
    duckdb_engine: Engine,
) -> None:
    moments = walk(
        (0, "mail.sent"),
        (10, "web.view_item"),
        (40, "mail.sent"),
        (80, "mail.sent"),
        (90, "web.view_item"),
    )
    assert steps_of(duckdb_engine, moments) == [
        ("1-1", "web.view_item", "before"),
        ("1-1", "mail.sent", "before"),
        ("1-2", "web.view_item", "before"),
    ]


def test_mail_within_aftercare_belongs_to_the_purchase(duckdb_engine: Engine) -> None:
    moments = walk((0, "store.purchase", 30), (AFTERCARE_DAYS - 1, "mail.sent"))
    assert steps_of(duckdb_engine, moments)[1] == ("1-1", "mail.sent", "after")


def test_repeats_in_one_visit_are_one_step_with_its_first_and_last_moment(
    duckdb_engine: Engine,
) -> None:
    moments = walk(
        (0, "web.view_item"),
        (5 * MINUTE, "web.view_item"),
        (9 * MINUTE, "web.view_item"),
        (10 * MINUTE, "web.add_to_cart"),
        (1, "web.add_to_cart"),
    )
    first, second, third = made_from(duckdb_engine, moments).rows("steps")
    assert (first["repeats"], second["repeats"], third["repeats"]) == (3, 1, 1)
    assert first["left_at"] - first["entered_at"] == timedelta(minutes=9)
    assert (first["wait_seconds"], second["wait_seconds"]) == (60, 86_400 - 600)
    assert (first["next_touchpoint"], third["next_touchpoint"]) == ("web.add_to_cart", None)
    assert third["wait_seconds"] is None


def test_moments_in_which_money_changed_hands_stay_steps_of_their_own(
    duckdb_engine: Engine,
) -> None:
    moments = walk((0, "store.purchase", 30), (MINUTE, "store.purchase", 12))
    rows = made_from(duckdb_engine, moments).rows("steps")
    assert [row["amount"] for row in rows] == [Decimal(30), Decimal(12)]


def test_what_happens_after_the_moment_of_measuring_is_not_seen(duckdb_engine: Engine) -> None:
    moments = [Moment(1, 424, "web.view_item"), Moment(1, 425, "web.search")]
    assert moments[0].at == NOW
    assert [step[1] for step in steps_of(duckdb_engine, moments)] == ["web.view_item"]


def test_an_unknown_event_online_is_a_glance_and_elsewhere_passive(duckdb_engine: Engine) -> None:
    moments = walk((0, "app.shook_phone"), (1, "store.waved"), (2, "phone.rang"))
    assert steps_of(duckdb_engine, moments) == [
        ("1-1", "app.shook_phone", "before"),
        ("1-1", "store.waved", "before"),
        ("1-1", "phone.rang", "before"),
    ]
    assert steps_of(duckdb_engine, walk((0, "store.waved"))) == []


def test_every_known_event_has_a_rule_of_its_own() -> None:
    named = {event for rule in role_rules() for event in rule.events}
    assert set(EVENTS) == named
    assert {rule.role for rule in role_rules()} == set(ROLES)
    assert role_rules()[-1].events == role_rules()[-1].channels == ()


TOUCHPOINTS = (
    "web.view_item",
    "web.page_view",
    "web.purchase",
    "store.purchase",
    "service.ticket",
    "review.review",
    "mail.sent",
    "mail.clicked",
    "other.delivered",
    "other.unknown",
)
# On and around every limit, and several moments within one visit.
DAYS = (0, 1, 10, 13, 14, 15, 50, 60, 61, 74, 90, 91, 104, 110, 150, 151, 240)
moments_of_some = st.lists(
    st.builds(
        Moment,
        st.integers(1, 9),
        st.builds(lambda day, m: day + m * MINUTE, st.sampled_from(DAYS), st.integers(0, 40)),
        st.sampled_from(TOUCHPOINTS),
        st.sampled_from((None, None, 5)),
    ),
    max_size=60,
    unique_by=lambda m: (m.customer, m.at),
)


def moments_of_many(customers: int) -> list[Moment]:
    draw = Random(1)
    moments = {}
    for customer in range(1, customers + 1):
        for _ in range(draw.randint(1, 16)):
            day = draw.choice(DAYS) + draw.randint(0, 40) * MINUTE
            euros = draw.choice((None, None, 5))
            moment = Moment(customer, day, draw.choice(TOUCHPOINTS), euros)
            moments[customer, moment.at] = moment
    return list(moments.values())


def test_the_steps_of_many_are_what_the_rules_tell_visit_by_visit(duckdb_engine: Engine) -> None:
    moments = moments_of_many(800)
    rows = made_from_steps(duckdb_engine, moments)
    got = [(r["journey_id"], r["touchpoint"], r["moment"], r["repeats"]) for r in rows]
    assert sorted(got) == sorted(told(moments))


@settings(max_examples=12)
@given(moments=moments_of_some, shuffled=st.randoms())
def test_every_act_is_in_one_journey_whatever_the_order_of_rows(
    duckdb_engine: Engine, moments: list[Moment], shuffled: Random
) -> None:
    rows = made_from_steps(duckdb_engine, moments)
    timeline = timeline_rows(moments)
    shuffled.shuffle(timeline)
    assert (
        made("steps", _steps(duckdb_engine, rows_of("timeline", timeline)), duckdb_engine) == rows
    )
    got = [(r["journey_id"], r["touchpoint"], r["moment"], r["repeats"]) for r in rows]
    assert sorted(got) == sorted(told(moments))
    placed: Counter[str] = Counter()
    for row in rows:
        placed[row["touchpoint"]] += row["repeats"]
    for touchpoint, happened in Counter(m.touchpoint for m in moments).items():
        channel, event = touchpoint.split(".")
        if role_of(event, channel) in ("passive", "after"):
            assert placed[touchpoint] <= happened
        else:
            assert placed[touchpoint] == happened
    last: dict[str, int] = {}
    for row in rows:
        assert row["position"] == last.get(row["journey_id"], 0) + 1
        last[row["journey_id"]] = row["position"]


def _steps(engine: Engine, timeline: ir.Table) -> ir.Table | Renewal:
    return journeys.steps(
        timeline,
        rows_of("occurrences", ()),
        engine=engine,
        as_of=NOW,
        lapse_days=LAPSE_DAYS,
        aftercare_days=AFTERCARE_DAYS,
        **afresh(journeys.steps),
    )


def made_from_steps(engine: Engine, moments: list[Moment]) -> list[dict[str, Any]]:
    return made("steps", _steps(engine, rows_of("timeline", timeline_rows(moments))), engine)
