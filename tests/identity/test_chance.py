"""How often people agree by chance, and how many of one address are one human being."""

from __future__ import annotations

import pyarrow as pa
import pytest

from klantreis.identity.chance import chance
from klantreis.identity.comparing import FIELDS
from klantreis.identity.housemates import against_housemates, housemate_odds

NAMED = [field for field in FIELDS if field.name in ("first_name", "last_name", "birth_date")]
SHARES = {(f.name, level): shares for f in NAMED for level, shares in f.shares.items()}
SAME = {"gamma_first_name": 5, "gamma_last_name": 5, "gamma_birth_date": 5}
OTHER = {"gamma_first_name": 0, "gamma_last_name": 0, "gamma_birth_date": 0}


def seen(*rows: tuple[dict[str, int], int]) -> pa.Table:
    names = [*SAME, "pairs"]
    columns = {name: [{**levels, "pairs": n}[name] for levels, n in rows] for name in names}
    return pa.table({name: pa.array(values, pa.int64()) for name, values in columns.items()})


def test_doubles_among_random_pairs_are_not_taken_for_chance() -> None:
    pairs = seen((OTHER, 9_900), (SAME, 90), ({**OTHER, "gamma_birth_date": 5}, 10))
    learnt = chance(pairs, NAMED, SHARES)
    assert learnt.u["birth_date", "same"] == pytest.approx(10 / 9_910, rel=0.05)
    assert learnt.pairs == pytest.approx(9_910, rel=0.01)


def test_without_pairs_nothing_is_learnt_of_chance() -> None:
    assert chance(seen(), NAMED, SHARES).u == {}


def test_the_share_of_one_human_being_under_an_address_comes_back() -> None:
    partners = {**OTHER, "gamma_last_name": 5}
    many = housemate_odds(seen((SAME, 9_000), (partners, 1_000)), NAMED, SHARES)
    few = housemate_odds(seen((SAME, 1_000), (partners, 9_000)), NAMED, SHARES)
    assert (many[0], few[0]) == pytest.approx((3.1, -3.1), abs=0.2)
    assert many[1] == pytest.approx(9_000, rel=0.02)


def test_without_pairs_under_one_address_half_are_assumed() -> None:
    assert housemate_odds(seen(), NAMED, SHARES) == (0.0, 0.0)


def test_among_housemates_a_family_name_says_next_to_nothing_and_a_first_name_as_ever() -> None:
    weights = against_housemates(NAMED, SHARES)
    assert weights["last_name"]["same"] < 1
    assert weights["first_name"]["same"] > 6
    assert weights["birth_date"]["same"] < 7
