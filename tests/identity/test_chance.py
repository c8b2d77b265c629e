"""How often people agree by chance, and how many of one address are one human being."""

from __future__ import annotations

import pyarrow as pa
import pytest

from klantreis.identity.chance import chance
from klantreis.identity.comparing import FIELDS
from klantreis.identity.housemates import (
    Housemates,
    against_housemates,
    housemates,
    in_model,
    of_model,
)

NAMED = [field for field in FIELDS if field.name in ("first_name", "last_name", "birth_date")]
SHARES = {(f.name, level): shares for f in NAMED for level, shares in f.shares.items()}
SAME = {f"gamma_{field.name}": len(field.levels) for field in NAMED}
OTHER = dict.fromkeys(SAME, 0)


def seen(*rows: tuple[dict[str, int], int]) -> pa.Table:
    names = [*(rows[0][0] if rows else SAME), "pairs"]
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
    partners = {**OTHER, "gamma_last_name": SAME["gamma_last_name"]}
    many = housemates(seen((SAME, 9_000), (partners, 1_000)), NAMED, SHARES)
    few = housemates(seen((SAME, 1_000), (partners, 9_000)), NAMED, SHARES)
    assert (many.odds, few.odds) == pytest.approx((3.1, -3.1), abs=0.2)
    assert many.pairs == pytest.approx(9_000, rel=0.02)


def test_without_pairs_under_one_address_half_are_assumed() -> None:
    assert housemates(seen(), NAMED, SHARES) == Housemates(0.0, 0.0, {})


def test_among_housemates_a_family_name_says_next_to_nothing_and_a_first_name_as_ever() -> None:
    told = against_housemates(NAMED, SHARES)
    assert told.bits["last_name"]["same"] < 1
    assert told.bits["first_name"]["same"] > 6


def test_a_housemate_whose_names_are_exchanged_has_the_family_name_for_a_first_name() -> None:
    told = against_housemates(NAMED, SHARES).bits["first_name"]
    assert told["crossed"] < 0 < told["swapped"]


def test_one_birth_date_is_a_twins_where_the_family_name_is_one_and_hardly_anybodys_else() -> None:
    ages = against_housemates(NAMED, SHARES).ages
    assert ages["same"]["same"] < 8
    assert ages[""]["same"] < 8
    assert ages["other"]["same"] > 9


def test_what_two_who_live_together_share_is_learnt_from_those_who_are_surely_two() -> None:
    fields = [field for field in FIELDS if field.name in (*(f.name for f in NAMED), "phone")]
    shares = {(f.name, level): given for f in fields for level, given in f.shares.items()}
    partners = {**OTHER, "gamma_last_name": SAME["gamma_last_name"], "gamma_phone": 0}
    pairs = [({**SAME, "gamma_phone": 2}, 900), (partners, 2_700)]
    learnt = housemates(seen(*pairs, ({**partners, "gamma_phone": 2}, 300)), fields, shares)
    # Half of one human being's records share a number as assumed, a tenth of the others do.
    assert learnt.together["phone", "same"] == pytest.approx(0.1, abs=0.02)
    told = against_housemates(fields, shares, learnt.together).bits
    assert told["phone"]["same"] == pytest.approx(2.2, abs=0.3)
    assert of_model(in_model(learnt, shares)) == learnt


def test_without_addresses_nothing_is_known_of_housemates() -> None:
    assert of_model([]) is None
