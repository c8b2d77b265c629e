from __future__ import annotations

import pytest
from typer.testing import CliRunner

from klantreis import Workspace
from klantreis.cli.app import app
from klantreis.errors import NotFoundError


def test_joined_measures_have_values_within_their_intervals(shop: Workspace) -> None:
    taken = [shop.joined.take(one.code) for one in shop.joined.library()]
    known = [one for one in taken if one.now.is_enough]
    assert len(known) >= 12
    for one in known:
        now = one.now
        assert now.value is not None
        assert now.low is not None
        assert now.high is not None
        assert now.low <= now.value <= now.high, one.meaning.code
        if one.meaning.unit == "share":
            assert 0 <= now.value <= 1, one.meaning.code
    portraits = shop.table("portraits")
    orders = shop.rows(portraits.aggregate(orders=portraits["orders"].sum()))[0]["orders"]
    assert shop.joined.take("contact_after_purchase").now.occasions <= orders
    with pytest.raises(NotFoundError):
        shop.joined.take("nothing")


def test_groups_and_channels_add_up_to_everybody(shop: Workspace) -> None:
    taken = shop.joined.take("contact_after_purchase")
    assert sum(one.occasions for one in taken.channels) == taken.now.occasions
    groups = shop.joined.by_segment("contact_after_purchase", "rfm")
    assert sum(one.occasions for one in groups) == taken.now.occasions
    months = shop.joined.course("contact_after_purchase").months
    assert len(months) >= 6
    assert sum(one.occasions for one in months) < taken.now.occasions


def test_of_a_small_shop_most_is_said_to_be_too_little(shop: Workspace) -> None:
    looked = shop.patterns.looked()
    assert looked.looks > 1_000
    assert looked.too_few > 10 * looked.compared > 0
    assert looked.told == len(shop.patterns.told())


def test_commands_tell_the_same(shop: Workspace) -> None:
    patterns = CliRunner().invoke(app, ["patterns", str(shop.folder), "--language", "en"])
    assert f"{shop.patterns.looked().told:,} told of" in patterns.output
    joined = CliRunner().invoke(
        app, ["joined", str(shop.folder), "--measure", "returned_purchases", "--language", "en"]
    )
    assert "Webshop" in joined.output
