"""A count that takes long is estimated first, and the estimate says what it rests on."""

from __future__ import annotations

import random
from dataclasses import replace

import pyarrow as pa
import pytest

from klantreis import Workspace
from klantreis.engine import Engine
from klantreis.segments import wilson
from klantreis.tables import SAMPLED_OF, is_sampled
from klantreis.workspace import AudienceEstimate, AudienceSize, audience_sizes

SEEN = "did 'view_item' then 'add_to_cart' within 7 days"
RULES = ("did 'view_item'", "orders >= 1", "visits in last 90 days > 1", SEEN)


@pytest.mark.parametrize("rule", RULES)
def test_the_count_lies_in_the_interval_of_the_estimate(shop: Workspace, rule: str) -> None:
    counted, estimated = shop.audiences.size(rule), shop.audiences.estimate(rule)
    assert estimated.low <= counted.customers <= estimated.high
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
    monkeypatch.setattr(audience_sizes, "MOMENTS_AT_ONCE", 20_000)
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
