from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.campaigns import (
    Arm,
    balance,
    conversion_uplift,
    difference_of,
    effects,
    over_all_purchases,
    revenue_uplift,
    share_difference,
)
from klantreis.engine import Engine
from tests.rows import made, stored

SENT_AT = datetime(2026, 1, 1, 9)
AS_OF = SENT_AT + timedelta(days=15)


def message(person: int, action: str, **more: Any) -> dict[str, Any]:
    return {
        "message_id": f"{person}{action}{more.get('campaign', 'mail')}",
        "person_id": f"p{person}",
        "campaign": "mail",
        "channel": "mail",
        "action": action,
        "occurred_at": SENT_AT,
        **more,
    }


def purchase(customer: int, days: float, amount: float, position: int = 1) -> dict[str, Any]:
    return {
        "customer_id": customer,
        "position": position,
        "occurred_at": SENT_AT + timedelta(days=days),
        "channel": "store",
        "event": "purchase",
        "record_id": f"{customer}/{position}",
        "amount": Decimal(str(amount)),
    }


def measured(
    engine: Engine, folder: Path, messages: list[dict[str, Any]], timeline: list[dict[str, Any]]
) -> dict[tuple[str, str], tuple[Any, ...]]:
    links = [{"person_id": f"p{n}", "customer_id": n % 10} for n in range(20)]
    tables = {"messages": messages, "links": links, "timeline": timeline}
    read = {name: stored(name, rows, engine, folder) for name, rows in tables.items()}
    rows = made("effects", effects(**read, as_of=AS_OF, effect_days=14), engine)
    names = ("customers", "buyers", "revenue_amount", "history_amount", "history_products")
    return {(r["campaign"], r["arm"]): tuple(r[name] for name in names) for r in rows}


def test_purchases_on_any_channel_within_the_days_count_for_each_arm(
    any_engine_at_length: Engine, tmp_path: Path
) -> None:
    messages = [message(1, "sent"), message(2, "sent"), message(3, "held_out")]
    timeline = [
        purchase(1, 3, 100),
        purchase(1, -10, 40, 2),
        purchase(1, 14.5, 7, 3),
        purchase(2, 20, 9),
        purchase(3, 13.9, 30),
        purchase(3, -200, 5, 2),
    ]
    assert measured(any_engine_at_length, tmp_path, messages, timeline) == {
        ("mail", "sent"): (2, 1, 100.0, 40.0, 4000.0),
        ("mail", "held_out"): (1, 1, 30.0, 0.0, 0.0),
    }


def test_who_is_in_both_arms_or_whose_days_are_not_over_is_in_neither(
    any_engine_at_length: Engine, tmp_path: Path
) -> None:
    messages = [
        message(1, "sent"),
        message(11, "held_out"),  # the same customer under another record
        message(2, "sent"),
        message(3, "held_out"),
        message(4, "sent", occurred_at=SENT_AT + timedelta(days=2)),
        message(5, "sent", campaign="without holdout"),
    ]
    assert {k: v[0] for k, v in measured(any_engine_at_length, tmp_path, messages, []).items()} == {
        ("mail", "sent"): 1,
        ("mail", "held_out"): 1,
    }


def drawn(seed: int, lift: float, *, customers: int = 5000, share: float = 0.2) -> tuple[Arm, Arm]:
    """Both arms of a made-up campaign in which mail brings `lift` more chance to buy."""
    rng = np.random.default_rng(seed)
    held = rng.random(customers) < share
    taste = rng.gamma(0.7, 80.0, customers)
    chance = np.clip(0.03 + taste / 2500, 0, 0.6)
    buys = (rng.random(customers) < chance) | (~held & (rng.random(customers) < lift))
    amount = buys * rng.lognormal(np.log(20 + taste), 0.6)
    history = (rng.random(customers) < np.clip(chance * 4, 0, 1)) * rng.lognormal(
        np.log(20 + taste), 0.6
    )
    arms = []
    for arm in (~held, held):
        y, x = amount[arm], history[arm]
        arms.append(
            Arm(
                int(arm.sum()),
                int(buys[arm].sum()),
                float(y.sum()),
                float((y * y).sum()),
                float(x.sum()),
                float((x * x).sum()),
                float((x * y).sum()),
            )
        )
    return arms[0], arms[1]


def truth(lift: float) -> tuple[float, float]:
    """What mail really brings: the extra share of buyers and EUR a customer, by many draws."""
    both = [drawn(seed, lift, customers=400_000, share=0.5) for seed in (1001, 1002, 1003)]
    shares = [s.buyers / s.customers - h.buyers / h.customers for s, h in both]
    money = [s.revenue / s.customers - h.revenue / h.customers for s, h in both]
    return float(np.mean(shares)), float(np.mean(money))


@pytest.mark.parametrize("lift", [0.0, 0.02, 0.04])
def test_the_planted_effect_lies_within_the_interval_in_at_least_93_of_100_seeds(
    lift: float,
) -> None:
    share, money = truth(lift)
    held_share = held_money = 0
    for seed in range(100):
        sent, held_out = drawn(seed, lift)
        conversion, revenue = conversion_uplift(sent, held_out), revenue_uplift(sent, held_out)
        assert conversion
        assert revenue
        held_share += conversion.low <= share <= conversion.high
        held_money += revenue.low <= money <= revenue.high
    assert held_share >= 93
    assert held_money >= 93


def test_an_effect_over_all_purchases_holds_what_was_planted_though_a_third_ties_to_nobody() -> (
    None
):
    rng = np.random.default_rng(5)
    planted, recognised, sizes = 0.03, 0.66, (20_000, 5_000)
    counted_holds = over_all_holds = 0
    for _ in range(100):
        buyers = rng.binomial(sizes, (0.04 + planted, 0.04))
        seen = rng.binomial(buyers, recognised)
        counted = share_difference(int(seen[0]), sizes[0], int(seen[1]), sizes[1])
        assert counted
        over_all = over_all_purchases(counted, recognised)
        counted_holds += counted.low <= planted <= counted.high
        over_all_holds += over_all.low <= planted <= over_all.high
    assert over_all_holds >= 93
    assert counted_holds < 20


def test_what_was_bought_before_narrows_the_interval_and_moves_nothing_on_average() -> None:
    plain, narrowed, left = [], [], []
    for seed in range(40):
        sent, held_out = drawn(seed, 0.02)
        found = revenue_uplift(sent, held_out)
        assert found
        left.append(found.variance_left)
        narrowed.append(found.value)
        plain.append(sent.revenue / sent.customers - held_out.revenue / held_out.customers)
    assert np.mean(left) < 0.99
    assert abs(np.mean(plain) - np.mean(narrowed)) < 0.3


counts = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, counts)
def test_a_difference_lies_within_its_interval_and_turns_round_with_the_arms(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    found, turned = share_difference(*one, *other), share_difference(*other, *one)
    assert found
    assert turned
    assert -1 <= found.low <= found.value <= found.high <= 1
    assert found.low == pytest.approx(-turned.high)


def test_an_empty_arm_has_no_effect() -> None:
    assert conversion_uplift(Arm(10, 1), Arm(0, 0)) is None
    assert revenue_uplift(Arm(10, 1), Arm(1, 0)) is None


def test_arms_that_cannot_have_been_drawn_fairly_are_seen() -> None:
    assert balance(4000, 1000, 0.2) == 1
    assert balance(4000, 900, 0.2) < 0.01
    assert balance(4000, 500, 0.2) < 1e-6


def test_two_effects_are_compared_with_both_their_doubts() -> None:
    now = share_difference(90, 1000, 50, 1000)
    before = share_difference(60, 1000, 50, 1000)
    assert now
    assert before
    found = difference_of(now, before)
    assert found.value == pytest.approx(0.03)
    assert found.low < 0 < found.high
