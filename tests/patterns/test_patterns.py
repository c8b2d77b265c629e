from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from klantreis.engine import Engine
from klantreis.patterns import Sums, patterns
from klantreis.patterns.estimates import difference, is_enough
from klantreis.patterns.judging import FALSE_DISCOVERIES, adjusted
from klantreis.patterns.trends import trend
from klantreis.tables import check_rows, contract

Row = dict[str, Any]
MONTHS = [f"2025-{month:02}" for month in range(1, 13)]
CHANNELS = ("web", "app", "store")
CUSTOMERS = 2_400
# Measures that rest on nothing that groups by need, channels or months are made of.
QUIET = ("discount_given", "nps_after_purchase", "mail_read_before_return")


class Shop:
    """Customers with some occasions each, of which something is planted or nothing is."""

    def __init__(self, seed: int) -> None:
        self.chance = np.random.default_rng(seed)
        each = self.chance.integers(1, 5, CUSTOMERS)
        self.customer = np.repeat(np.arange(CUSTOMERS), each)
        size = len(self.customer)
        self.group = np.repeat(
            self.chance.choice(["price", "stock", "style", "advice"], CUSTOMERS), each
        )
        self.channel = self.chance.choice(CHANNELS, size)
        self.month = self.chance.choice(MONTHS, size)
        self.liking = np.repeat(
            self.chance.normal(0, 0.03, CUSTOMERS), each
        )  # alike within customers

    def rows(self, measure: str, share: np.ndarray | float = 0.1) -> list[Row]:
        """Sums of a measure that happens with these chances, for all that is told apart."""
        top = (self.chance.random(len(self.customer)) < share + self.liking).astype(float)
        every = np.full(len(top), "all")
        return [
            {"measure": measure, **place, **sums}
            for names in (
                {}, {"at_channel": self.channel}, {"month": self.month},
                {"segment": self.group}, {"segment": self.group, "at_channel": self.channel},
            )
            for place, sums in self._summed(top, {"segment": every, "at_channel": every, "month": every} | names)
        ]  # fmt: skip

    def _summed(self, top: np.ndarray, names: dict[str, np.ndarray]) -> Iterator[tuple[Row, Row]]:
        keys = np.char.add(
            np.char.add(names["segment"], "|"), np.char.add(names["at_channel"], "|")
        )
        keys = np.char.add(keys, names["month"])
        for key in np.unique(keys):
            own = keys == key
            tops = np.bincount(self.customer[own], top[own], CUSTOMERS)
            bottoms = np.bincount(self.customer[own], minlength=CUSTOMERS).astype(float)
            segment, at_channel, month = str(key).split("|")
            segmentation = "all" if segment == "all" else "target_group"
            yield (
                {"segmentation": segmentation, "segment": segment, "at_channel": at_channel, "month": month},
                {"customers": int((bottoms > 0).sum()), "top": tops.sum(), "bottom": bottoms.sum(),
                 "top_squared": (tops**2).sum(), "bottom_squared": (bottoms**2).sum(),
                 "cross": (tops * bottoms).sum()},
            )  # fmt: skip


def scanned(engine: Engine, rows: list[Row]) -> list[Row]:
    schema = contract("joined_measures").schema.to_pyarrow()
    made = patterns(engine.table(pa.Table.from_pylist(rows, schema=schema)), engine=engine)
    check_rows(made, contract("patterns"))
    found: list[Row] = engine.fetch(made).to_pylist()
    return found


def told(rows: list[Row]) -> set[tuple[str, str, str, str]]:
    return {
        (r["kind"], r["measure"], r["segment"], r["at_channel"])
        for r in rows
        if r["verdict"] == "told"
    }


def test_what_is_planted_is_found_and_told_once(duckdb_engine: Engine) -> None:
    shop = Shop(seed=1)
    by_group = np.where(shop.group == "price", 0.25, 0.1)
    by_channel = np.where(shop.channel == "store", 0.02, 0.12)
    by_month = np.array([0.05 + 0.015 * MONTHS.index(month) for month in shop.month])
    found = scanned(
        duckdb_engine,
        [
            *shop.rows("discount_given", by_group),
            *shop.rows("contact_after_return", by_channel),
            *shop.rows("mail_read_before_return", by_month),
        ],
    )
    seen = told(found)
    assert ("segment", "discount_given", "price", "all") in seen
    assert ("channel", "contact_after_return", "all", "store") in seen
    assert ("trend", "mail_read_before_return", "all", "all") in seen
    repeated = {
        (r["kind"], r["segment"], r["at_channel"]) for r in found if r["verdict"] == "repeated"
    }
    assert ("jump", "all", "all") in repeated
    assert ("segment", "price", "store") in repeated
    price = next(
        r
        for r in found
        if r["segment"] == "price" and r["at_channel"] == "all" and r["kind"] == "segment"
    )
    assert 0 < price["low"] < 0.15 < price["high"] < 0.25
    assert (price["low"], price["high"]) != (None, None)


def test_on_shuffled_data_it_stays_silent(duckdb_engine: Engine) -> None:
    found = [
        row
        for seed in range(4)
        for row in scanned(duckdb_engine, [r for name in QUIET for r in Shop(seed).rows(name, 0.1)])
    ]
    compared = [row for row in found if row["p_value"] is not None]
    assert len(compared) > 150
    assert np.mean([row["p_value"] < 0.05 for row in compared]) < 0.08
    assert not told(found)


def test_what_follows_from_a_definition_is_not_looked_at(duckdb_engine: Engine) -> None:
    rows = Shop(seed=2).rows(
        "contact_after_purchase", 0.2
    )  # rests on what customers say, as needs do
    found = scanned(duckdb_engine, rows + Shop(seed=2).rows("ropo_share", 0.2))
    kinds = {(row["measure"], row["kind"], row["segmentation"]) for row in found}
    assert ("contact_after_purchase", "channel", "all") in kinds
    assert not any(
        row["segmentation"] == "target_group" and row["measure"] == "contact_after_purchase"
        for row in found
    )
    assert not any(
        kind in ("channel", "trend", "jump") for name, kind, _ in kinds if name == "ropo_share"
    )
    unknown = [row | {"segmentation": "of_our_own"} for row in rows if row["segment"] != "all"]
    assert scanned(duckdb_engine, unknown) == []


def test_too_few_customers_are_said_to_be_too_few(duckdb_engine: Engine) -> None:
    few = [
        row | {"customers": 40} for row in Shop(seed=3).rows("discount_given", 0.3)
        if row["segment"] != "all" and row["at_channel"] == "all"
    ]  # fmt: skip
    found = scanned(duckdb_engine, few)
    assert {row["verdict"] for row in found if row["kind"] == "segment"} == {"too_few"}
    assert all(row["difference"] is None for row in found if row["verdict"] == "too_few")


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_looks_are_corrected_as_by_benjamini_and_hochberg(p_values: list[float]) -> None:
    assert adjusted(p_values) == pytest.approx(stats.false_discovery_control(p_values))
    assert FALSE_DISCOVERIES == 0.05


def sums(tops: np.ndarray, bottoms: np.ndarray) -> Sums:
    return Sums(
        len(tops),
        tops.sum(),
        bottoms.sum(),
        (tops**2).sum(),
        (bottoms**2).sum(),
        (tops * bottoms).sum(),
    )


def test_with_one_occasion_a_customer_it_is_a_plain_mean() -> None:
    values = np.random.default_rng(1).normal(10, 3, 500)
    one = sums(values, np.ones(500))
    assert one.value == pytest.approx(values.mean())
    assert one.variance == pytest.approx(values.var(ddof=1) / 500)
    low, high = one.interval(is_share=False)
    wanted = stats.t.interval(0.95, 499, values.mean(), stats.sem(values))
    assert (low, high) == pytest.approx(wanted)


def test_a_share_of_nobody_still_has_an_upper_end() -> None:
    low, high = sums(np.zeros(100), np.ones(100)).interval(is_share=True)
    assert low == 0
    assert 0.03 < high < 0.05


def test_a_small_group_of_which_nobody_did_it_is_no_discovery() -> None:
    others = sums((np.arange(5000) % 20 == 0).astype(float), np.ones(5000))
    nobody = sums(np.zeros(90), np.ones(90))
    assert not is_enough(nobody, others, is_share=True)
    more = sums(np.zeros(250), np.ones(250))
    found = difference(more, others, is_share=True)
    low, high = found.interval(0.95)
    assert 0.0001 < found.p_value < 0.01
    assert low < -0.05 < high < 0


def test_a_line_needs_months_that_are_known() -> None:
    months = [sums((np.arange(400) % 10 < 1 + n / 4).astype(float), np.ones(400)) for n in range(8)]
    found = trend(months, is_share=True)
    assert found is not None
    assert found.last > found.first
    assert found.change.p_value < 0.05
    assert trend(months[:5], is_share=True) is None
    assert trend([*months, sums(np.ones(3), np.ones(3))], is_share=True) is None
