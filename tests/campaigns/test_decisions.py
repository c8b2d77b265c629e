from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.campaigns import (
    EVERYTHING,
    Decision,
    Entry,
    Flow,
    Known,
    Payment,
    Policy,
    Sent,
    entry_of,
    is_held_out,
    night_end,
    play,
    quiet_until,
    share_held_out,
)
from klantreis.rules import Moment
from tests.campaigns.people import NOON, POLICY, customer, flow, moment

BASKET = moment("add_to_cart", 6, product_id="SKU-1")


def decided(
    known: Known,
    campaign: Flow | None = None,
    sent: tuple[Sent, ...] = (),
    policy: Policy = POLICY,
    now: datetime = NOON,
) -> list[Decision]:
    """What is decided for somebody who comes in now."""
    campaign = campaign or flow("abandoned_basket")
    entry = entry_of(campaign, known, None, now=now)
    if entry is None:
        return []
    played = play(campaign, known, entry, sent, policy, now=now)
    return [one for one in played.decisions if one.action not in ("passed", "waits")]


def told(*args: Any, **more: Any) -> list[tuple[str, str, str]]:
    return [(one.action, one.letter, one.reason) for one in decided(*args, **more)]


def test_who_left_a_basket_is_reminded_after_four_hours() -> None:
    assert told(customer(BASKET)) == [("sent", "reminder", "")]
    assert told(customer(moment("add_to_cart", 3))) == []
    assert told(customer(moment("view_item", 6))) == []


def test_the_wait_begins_anew_when_more_is_put_in() -> None:
    assert told(customer(BASKET, moment("add_to_cart", 1))) == []


def test_what_was_due_long_ago_is_not_sent_any_more() -> None:
    assert told(customer(moment("add_to_cart", 60))) == [("blocked", "reminder", "too_late")]


@pytest.mark.parametrize(
    ("known", "outcome"),
    [
        (customer(BASKET, may_email=False), ("blocked", "reminder", "no_consent")),
        (customer(BASKET, has_withdrawn=True), ("blocked", "reminder", "no_consent")),
        (customer(BASKET, email=None), ("blocked", "reminder", "no_address")),
        (customer(BASKET, has_open_complaint=True), ("blocked", "reminder", "open_complaint")),
        (customer(BASKET, out_of_stock=["SKU-1"]), ("blocked", "reminder", "out_of_stock")),
        (customer(BASKET, out_of_stock=["SKU-2"]), ("sent", "reminder", "")),
        (
            customer(BASKET, moment("return", 24 * 10)),
            ("blocked", "reminder", "recently_returned"),
        ),
        (customer(BASKET, moment("return", 24 * 20)), ("sent", "reminder", "")),
        (
            customer(BASKET, *(moment("sent", 24 * days) for days in (1, 2, 3))),
            ("blocked", "reminder", "frequency_cap"),
        ),
        (customer(BASKET, *(moment("sent", 24 * 8) for _ in range(9))), ("sent", "reminder", "")),
        (
            customer(BASKET, moment("payment_failed", 5)),
            ("sent", "payment_help", "payment_failed"),
        ),
        (
            customer(BASKET, payments=[Payment("pending", NOON - timedelta(hours=5))]),
            ("sent", "payment_help", "payment_pending"),
        ),
        (
            customer(
                BASKET,
                moment("payment_failed", 5.5),
                payments=[Payment("paid", NOON - timedelta(hours=5))],
            ),
            ("sent", "reminder", ""),
        ),
    ],
)
def test_each_guard_says_why_a_reminder_does_not_go_out(
    known: Known, outcome: tuple[str, str, str]
) -> None:
    assert told(known) == [outcome]


@pytest.mark.parametrize("channel", ["web", "store", "phone"])
def test_who_bought_meanwhile_on_any_channel_leaves(channel: str) -> None:
    known = customer(BASKET, moment("purchase", 5, channel=channel))
    assert told(known) == [("exited", "", "bought")]


def test_own_messages_of_all_campaigns_count_for_the_cap_and_service_messages_do_not() -> None:
    def sent(is_service: bool) -> tuple[Sent, ...]:
        one = Sent("win_back", NOON, "missed", is_service, NOON - timedelta(days=2))
        return (one, one, one)

    assert told(customer(BASKET), sent=sent(False)) == [("blocked", "reminder", "frequency_cap")]
    assert told(customer(BASKET), sent=sent(True)) == [("sent", "reminder", "")]


def test_a_service_message_needs_no_consent_to_marketing() -> None:
    known = customer(
        moment("purchase", 3), may_email=False, has_withdrawn=True, has_open_complaint=True
    )
    assert told(known, flow("thank_you"))[0] == ("sent", "thanks", "")


def test_only_a_bad_review_is_rescued() -> None:
    rescue = flow("review_rescue")
    assert told(customer(moment("review", 2, score=-1.0)), rescue)[0] == ("sent", "sorry", "")
    assert told(customer(moment("review", 2, score=0.5)), rescue) == []
    assert told(customer(moment("review", 2)), rescue) == []


def test_a_rule_alone_can_be_the_trigger() -> None:
    known = customer(moment("purchase", 24 * 300), moment("purchase", 24 * 400), orders=2)
    assert told(known, flow("win_back")) == [("sent", "missed", "")]
    assert told(customer(moment("purchase", 24 * 300), orders=1), flow("win_back")) == []


def test_a_condition_on_a_step_makes_a_branch() -> None:
    basket = flow("abandoned_basket")
    waited = Entry("abandoned_basket", 7, NOON - timedelta(hours=49), 3, NOON)
    rich, poor = customer(open_basket_amount=80), customer(open_basket_amount=20)
    assert play(basket, rich, waited, (), POLICY, now=NOON).decisions[0].letter == "last_call"
    assert play(basket, poor, waited, (), POLICY, now=NOON).decisions[0].action == "passed"


def test_one_who_clicked_needs_no_second_mail() -> None:
    win_back = flow("win_back")
    entry = Entry("win_back", 7, NOON - timedelta(days=14), 2, NOON)
    played = play(win_back, customer(moment("clicked", 24)), entry, (), POLICY, now=NOON)
    assert [one.action for one in played.decisions] == ["finished"]


def test_nobody_enters_again_before_the_flow_allows_it() -> None:
    basket, known = flow("abandoned_basket"), customer(BASKET)
    earlier = Entry(basket.name, 7, BASKET.occurred_at - timedelta(days=13), status="finished")
    assert entry_of(basket, known, earlier, now=NOON) is None
    long_ago = replace(earlier, entered_at=BASKET.occurred_at - timedelta(days=14))
    assert entry_of(basket, known, long_ago, now=NOON) is not None
    assert entry_of(basket, known, replace(long_ago, status="active"), now=NOON) is None
    never = replace(basket, reentry=None)
    assert entry_of(never, known, long_ago, now=NOON) is None


@pytest.mark.parametrize(
    ("country", "local_hour", "ends"),
    [
        ("NL", 20.9, None),
        ("NL", 21.5, datetime(2026, 1, 15, 7)),
        ("NL", 7.5, datetime(2026, 1, 14, 7)),
        ("PT", 8.5, datetime(2026, 1, 14, 8)),
        ("PT", 21.5, None),
    ],
)
def test_it_is_quiet_by_the_customers_own_clock(
    country: str, local_hour: float, ends: datetime | None
) -> None:
    midnight = datetime(2026, 1, 13, 23)  # in Amsterdam
    now = midnight + timedelta(hours=local_hour)
    assert quiet_until(customer(country=country), POLICY, now) == ends


def test_a_message_in_quiet_hours_is_postponed_and_goes_out_in_the_morning() -> None:
    late = datetime(2026, 1, 14, 22)
    known = customer(Moment(late - timedelta(hours=5), "add_to_cart"))
    assert [one.action for one in decided(known, now=late)] == ["postponed"]
    morning = datetime(2026, 1, 15, 7, 1)
    assert told(known, now=morning) == [("sent", "reminder", "")]


def test_the_holdout_gets_nothing_but_service() -> None:
    everyone = replace(flow("abandoned_basket"), holdout=0.9999999)
    assert told(customer(BASKET), everyone) == [("held_out", "reminder", "campaign")]
    assert told(customer(BASKET), policy=replace(POLICY, global_holdout=0.9999999)) == [
        ("held_out", "reminder", "all_campaigns")
    ]
    failed = customer(BASKET, moment("payment_failed", 5))
    assert told(failed, everyone) == [("sent", "payment_help", "payment_failed")]


def test_who_would_have_been_blocked_is_in_no_arm() -> None:
    everyone = replace(flow("abandoned_basket"), holdout=0.9999999)
    assert told(customer(BASKET, may_email=False), everyone)[0][0] == "blocked"


@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 10**9))
def test_a_larger_holdout_holds_all_of_a_smaller_one(a: float, b: float, number: int) -> None:
    small, large = sorted((a, b))
    if is_held_out(number, "c", small, salt="s"):
        assert is_held_out(number, "c", large, salt="s")


def test_holdouts_are_random_over_customers_and_independent_over_campaigns() -> None:
    people = range(40_000)
    one = {n for n in people if is_held_out(n, "a", 0.2, salt="s")}
    other = {n for n in people if is_held_out(n, EVERYTHING, 0.2, salt="s")}
    assert abs(len(one) / 40_000 - 0.2) < 0.01
    assert abs(len(one & other) / 40_000 - 0.04) < 0.005
    assert abs(len(one | other) / 40_000 - share_held_out(0.2, 0.2)) < 0.01


# Every order of arrival

STORY = st.lists(
    st.tuples(
        st.sampled_from(["add_to_cart", "begin_checkout", "payment_failed", "view_item"]),
        st.floats(0.0, 3.9),
        st.floats(0.0, 4.0),
    ),
    max_size=6,
)


def arrivals(story: list[tuple[str, float, float]]) -> list[tuple[datetime, Moment]]:
    """Moments with the time at which each comes to be known, in any order."""
    start = NOON - timedelta(hours=2)
    return [
        (start + timedelta(hours=max(at, known)), Moment(start + timedelta(hours=at), event))
        for event, at, known in story
    ]


@given(story=STORY, failed_at=st.floats(0.1, 3.9), known_at=st.floats(0, 4), data=st.data())
def test_after_a_failed_payment_the_service_message_goes_out_and_never_the_reminder(
    story: list[tuple[str, float, float]], failed_at: float, known_at: float, data: st.DataObject
) -> None:
    """Events come to be known in any order while the worker looks at any moments."""
    basket = flow("abandoned_basket")
    story = [("add_to_cart", 0.0, data.draw(st.floats(0, 4))), *story]
    last_basket = max(at for event, at, _ in story if event == "add_to_cart")
    story.append(("payment_failed", max(failed_at, last_basket), known_at))
    come = data.draw(st.permutations(arrivals(story)))
    start = NOON - timedelta(hours=2)
    looks = sorted(data.draw(st.lists(st.floats(0, 12), min_size=1, max_size=8)))
    log: list[tuple[str, str, str]] = []
    entry: Entry | None = None
    sent: list[Sent] = []
    for hours in (*looks, 24.0, 76.0, 100.0):
        now = start + timedelta(hours=hours)
        known = customer(*(moment for at, moment in come if at <= now))
        if entry is None:
            entry = entry_of(basket, known, None, now=now)
        if entry is None:
            continue
        played = play(basket, known, entry, sent, POLICY, now=now)
        entry = played.entry
        for one in played.decisions:
            if one.action == "sent":
                sent.append(Sent(basket.name, entry.entered_at, one.letter, one.is_service, now))
            if one.action in ("sent", "blocked"):
                log.append((one.action, one.letter, one.reason))
    letters = [letter for action, letter, _ in log if action == "sent"]
    assert "reminder" not in letters
    assert "last_call" not in letters
    assert log[0] == ("sent", "payment_help", "payment_failed")
    assert letters == ["payment_help"]
    assert ("blocked", "last_call", "payment_failed") in log


@given(st.permutations(range(5)))
def test_the_order_in_which_facts_are_listed_does_not_matter(order: list[int]) -> None:
    moments = [
        BASKET,
        moment("begin_checkout", 5.5),
        moment("payment_failed", 5),
        moment("view_item", 4.8),
        moment("payment_failed", 4.5),
    ]
    assert told(customer(*(moments[i] for i in order))) == [
        ("sent", "payment_help", "payment_failed")
    ]


def test_after_the_service_message_later_reminders_are_blocked_with_the_reason() -> None:
    basket = flow("abandoned_basket")
    known = customer(BASKET, moment("payment_failed", 5))
    entry = entry_of(basket, known, None, now=NOON)
    assert entry
    played = play(basket, known, entry, (), POLICY, now=NOON)
    had = [Sent(basket.name, entry.entered_at, "payment_help", True, NOON)]
    later = play(basket, known, played.entry, had, POLICY, now=NOON + timedelta(hours=45))
    assert [(one.action, one.reason) for one in later.decisions if one.letter] == [
        ("blocked", "payment_failed")
    ]


def test_a_night_ends_in_the_morning_of_the_place() -> None:
    at_night, morning = datetime(2026, 6, 30, 21, 59), datetime(2026, 7, 1, 6)
    assert night_end(POLICY, at_night, time_zone="Europe/Amsterdam") == morning
    assert night_end(POLICY, morning, time_zone="Europe/Amsterdam") is None
