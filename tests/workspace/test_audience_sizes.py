"""A count that takes long is estimated first, and the estimate says what it rests on."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pyarrow as pa
import pytest

from klantreis import Workspace
from klantreis.engine import Engine
from klantreis.segments import wilson
from klantreis.tables import SAMPLED_OF, is_sampled
from klantreis.workspace import AudienceEstimate, AudienceSize, audience_sizes
from klantreis.workspace.audience_members import AudienceMembers

SEEN = "did 'view_item' then 'add_to_cart' within 7 days"
RULES = ("did 'view_item'", "orders >= 1", "visits in last 90 days > 1", SEEN)


@pytest.mark.parametrize("rule", RULES)
def test_the_count_lies_about_the_interval_of_the_estimate(shop: Workspace, rule: str) -> None:
    counted, estimated = shop.audiences.size(rule), shop.audiences.estimate(rule)
    # Of one sample in twenty it lies outside (below); not by as much again.
    beside = (estimated.high - estimated.low) / 2
    assert estimated.low - beside <= counted.customers <= estimated.high + beside
    assert estimated.low <= estimated.customers <= estimated.high
    assert estimated.reachable <= estimated.found <= estimated.sampled
    portraits = shop.table("portraits").count().execute()
    by_chance = (portraits / SAMPLED_OF) ** 0.5
    assert estimated.sampled == pytest.approx(portraits / SAMPLED_OF, abs=4 * by_chance)


def test_the_interval_holds_the_count_for_ninety_five_of_a_hundred_samples(
    duckdb_engine: Engine,
) -> None:
    customers, samples, chance = 4000, 200, random.Random(5)
    numbers = list(range(customers))
    rows = duckdb_engine.table(pa.table({"customer_id": numbers}))
    drawn = {f"s{n}": is_sampled(rows["customer_id"] + n * 1_000_003) for n in range(samples)}
    found = duckdb_engine.fetch(rows.select("customer_id", **drawn).order_by("customer_id"))
    held = 0
    for name in drawn:
        size = chance.randrange(200, 3800)
        members, sample = set(chance.sample(numbers, size)), found[name].to_pylist()
        own = [number for number in numbers if sample[number]]
        known = wilson(len(members.intersection(own)), len(own))
        held += known.low <= size / customers <= known.high
    assert 0.91 <= held / samples <= 0.99


def test_everybody_is_estimated_as_everybody(shop: Workspace) -> None:
    everyone = shop.audiences.size("orders >= 0")
    estimated = shop.audiences.estimate("orders >= 0")
    assert estimated.customers == estimated.high == everyone.customers
    assert estimated.found == estimated.sampled


def test_only_what_reads_many_moments_is_estimated_and_only_until_it_is_counted(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience_sizes, "MOMENTS_AT_ONCE", 5000)
    assert isinstance(shop.audiences.soon("orders >= 2"), AudienceSize)
    assert isinstance(shop.audiences.soon("did 'purchase' in last 2 days"), AudienceSize)
    rule = f"{SEEN} and orders >= 1"
    assert isinstance(shop.audiences.soon(rule), AudienceEstimate)
    counted = shop.audiences.size(rule)
    assert shop.audiences.soon(rule) == counted


def test_a_run_keeps_the_sizes_of_saved_audiences(own_shop: Workspace) -> None:
    own_shop.audiences.save("Buyers", "orders >= 1", by="Ann")
    (kept,) = own_shop.state.audiences.sizes("Buyers")
    own_shop.state.audiences.keep_size(replace(kept, customers=0))
    own_shop.run()
    (point,) = own_shop.audiences.history("Buyers")
    assert point.customers == kept.customers > 0


def test_between_two_runs_who_came_in_and_who_left_is_what_differs(
    own_shop: Workspace, brief_runs: None
) -> None:
    audiences, rule = own_shop.audiences, "orders in last 60 days >= 1"
    assert own_shop.published
    last = own_shop.published.as_of
    middle = replace(own_shop.settings, as_of=(last - timedelta(days=30)).isoformat())
    earlier = Workspace(own_shop.folder, middle, own_shop.state)
    earlier.run()
    earlier.audiences.save("Lately", rule, by="Ann")
    before = _numbers(earlier, rule)
    own_shop.run()
    after = _numbers(own_shop, rule)
    first, point = audiences.history("Lately")
    assert (first.came, first.left, point.since) == (None, None, first.at)
    came, left = set(after) - set(before), set(before) - set(after)
    assert (point.came, point.left, point.gone) == (len(came), len(left), 0)
    assert came
    assert left
    moves = audiences.moves("Lately")
    assert moves
    assert (moves.came, moves.left, moves.at) == (len(came), len(left), last)
    listed = own_shop.fetch(audiences.left("Lately"))["customer_id"].to_pylist()
    assert set(listed) == left
    # A run over the same data changes nothing.
    own_shop.run()
    assert audiences.history("Lately") == (first, point)
    # Who is erased is listed no more, and everything that holds them is searched.
    gone = min(left)
    assert any(one["customer_id"] == gone for one in own_shop.rows(audiences.left("Lately")))
    assert own_shop.privacy.erase(gone, by="Ann").proof.is_clean
    kept = AudienceMembers(own_shop.store.folder)
    (size, _) = own_shop.state.audiences.sizes("Lately")
    assert kept.of_customer(size.rule_mark, [gone]) == ()


def _numbers(shop: Workspace, rule: str) -> list[int]:
    found: list[int] = shop.fetch(shop.audiences.members(rule))["customer_id"].to_pylist()
    return found
