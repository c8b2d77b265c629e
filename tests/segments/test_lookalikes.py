from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from klantreis.engine import Engine
from klantreis.segments import Likeness, area_under, trait_values
from tests.rows import at_hand

NOW = datetime(2026, 3, 1)


def test_the_error_of_the_area_is_the_published_one() -> None:
    # Hanley & McNeil (1982), table II: 58 normal and 51 abnormal images, area 0.893, error 0.032.
    normal = np.repeat([1.0, 2, 3, 4, 5], [33, 6, 6, 11, 2])
    abnormal = np.repeat([1.0, 2, 3, 4, 5], [3, 2, 2, 11, 33])
    found = area_under(abnormal, normal)
    assert found.value == pytest.approx(0.893, abs=5e-4)
    assert (found.high - found.low) / 2 / 1.959964 == pytest.approx(0.032, abs=1e-3)


def test_a_planted_likeness_is_learned_and_noise_is_not() -> None:
    chance = np.random.default_rng(3)
    traits = chance.normal(size=(4000, 3))
    odds = -2 + 1.5 * traits[:, 0] - 1.0 * traits[:, 1]
    is_member = chance.random(4000) < 1 / (1 + np.exp(-odds))
    learned = Likeness().fit(traits[:3000], is_member[:3000])
    assert learned.coefficients_ == pytest.approx([1.5, -1.0, 0.0], abs=0.2)
    later, theirs = learned.score(traits[3000:]), is_member[3000:]
    assert area_under(later[theirs], later[~theirs]).low > 0.75
    shuffled = chance.permutation(is_member)
    blind = Likeness().fit(traits[:3000], shuffled[:3000]).score(traits[3000:])
    found = area_under(blind[shuffled[3000:]], blind[~shuffled[3000:]])
    assert found.low < 0.5 < found.high + 0.05


def test_groups_that_do_not_overlap_still_have_an_answer() -> None:
    traits = np.array([[-1.0], [-0.9], [0.9], [1.0]])
    learned = Likeness().fit(traits, np.array([False, False, True, True]))
    assert np.isfinite(learned.coefficients_).all()
    assert learned.coefficients_[0] > 0


def test_what_is_not_known_of_a_customer_stays_empty(any_engine: Engine) -> None:
    bought = {
        "customer_id": 1,
        "orders": 4,
        "orders_web": 1,
        "revenue_amount": Decimal(200),
        "last_order_at": NOW - timedelta(days=3),
        "first_seen_at": NOW - timedelta(days=40),
        "sessions": 9,
        "mails_sent": 8,
        "mails_opened": 2,
        "age_years": 41,
    }
    portraits = at_hand("portraits", [bought, {"customer_id": 2}], any_engine)
    rows = any_engine.fetch(trait_values(portraits, NOW).order_by("customer_id")).to_pylist()
    assert rows[0] == pytest.approx(
        {
            "customer_id": 1, "orders": 4, "revenue": 200, "since_purchase": 3,
            "known_for": 40, "visits": 9, "online_share": 0.25, "products": 0,
            "discount_share": None, "return_share": None, "opened_share": 0.25, "tickets": 0,
            "reviews": 0, "age": 41,
        }
    )  # fmt: skip
    assert rows[1]["since_purchase"] is None
    assert rows[1]["online_share"] is None
