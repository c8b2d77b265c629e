"""Questions to segments of the simulated shop, where planted differences must be found."""

from __future__ import annotations

import pytest

from klantreis.errors import InputError
from klantreis.workspace import Workspace


def test_lookalikes_resemble_the_group_and_are_not_in_it(shop: Workspace) -> None:
    group = "rhythm.rhythm_none"
    found = shop.lookalikes.of(group, size=100)
    assert found.lacking == 0
    assert found.area_low is not None
    assert found.area_low > 0.5
    listed = shop.lookalikes.members(group, size=100)
    members = shop.table("memberships")
    own = members.filter(members["segment"] == "rhythm_none")
    assert len(shop.rows(listed)) == 100
    assert not shop.rows(own.semi_join(listed, "customer_id"))
    visits = next(one for one in found.traits if one.trait == "visits")
    assert visits.members is not None
    assert visits.others is not None
    assert visits.alike is not None
    assert abs(visits.alike - visits.members) < abs(visits.others - visits.members)


def test_a_group_made_by_chance_has_no_lookalikes(shop: Workspace) -> None:
    shop.audiences.save("By chance", "city = 'Utrecht' or city = 'Amsterdam'", by="Ann")
    try:
        found = shop.lookalikes.of("audience.By chance")
        assert not found.is_better_than_chance
        assert shop.lookalikes.listed("audience.By chance") == ()
        with pytest.raises(InputError, match=r"Nothing that we know|Too few"):
            shop.lookalikes.members("audience.By chance")
    finally:
        shop.audiences.remove("By chance")


def test_moves_to_the_day_of_the_data_end_in_the_groups_of_now(shop: Workspace) -> None:
    moves = shop.segments.moves(*shop.segments.usual_dates()).moves
    rfm = shop.table("rfm")
    counts = rfm.group_by("segment").aggregate(n=rfm.count())
    now = {row["segment"]: row["n"] for row in shop.rows(counts)}
    then = dict.fromkeys(now, 0)
    for move in moves:
        then[move.target] += move.customers
    assert then == now


def test_margins_are_told_where_purchase_prices_are_known(shop: Workspace) -> None:
    margins = shop.segments.margins()
    assert margins
    assert all(0 < (one.margin_share or 0) < 1 for one in margins.values())
    assert all(one.known_share == pytest.approx(1) for one in margins.values())
