"""One pair is weighed as Splink weighs all pairs of a run."""

from __future__ import annotations

from collections import Counter
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from klantreis import Workspace
from klantreis.errors import ContractError
from klantreis.identity.agreeing import Weighing, frequency
from klantreis.identity.call_names import with_given_names
from klantreis.identity.comparing import FIELDS, Field, Level
from klantreis.identity.profiles import COMPARED
from klantreis.identity.slips import by_given_names
from tests.length import at_length

MODEL = [
    *(
        {"field": f.name, "level": n, "m": m, "u": u}
        for f in FIELDS
        for n, (m, u) in f.shares.items()
    ),
    {"field": "prior", "level": "any", "match_weight": -10.0},
]
# Few values, so that pairs agree in every way; with signs of more than one byte.
VALUES: dict[str, list[str]] = {
    "first": ["jan", "johannes", "j", "jantje", "jna", "petra"],
    "last": ["jansen", "janssen", "jansne", "berg"],
    "names": ["jan|jansen", "jansen|petra"],
    "birth": ["1980-05-03", "1980-03-05", "1980-05-04", "1981-05-13", "1999-12-31"],
    "street": ["dorpsstraat", "dorpstraat", "kerkweg"],
    "postcode": ["1011AB", "1011AC", "3011AB", "1000"],
    "town": ["amsterdam", "amstredam", "gent"],
    "phone": ["+31612345678", "+31612345687", "+3201234567"],
    "email": ["jan@école.fr", "jna@école.fr", "petra@voorbeeld.nl"],
}
PROFILE = st.tuples(
    *(
        st.none() | st.sampled_from(VALUES.get(name, ["12", "jan.jansen", "jns"]))
        for name in COMPARED
    )
)
PAIRS = st.lists(st.tuples(PROFILE, PROFILE), min_size=30, max_size=60)


def levels_in_sql(field: Field) -> str:
    levels = [by_given_names(level.condition) for level in field.levels]
    cases = " ".join(f"WHEN {one} THEN {place}" for place, one in enumerate(levels))
    return f"CASE WHEN {field.lacking} THEN NULL {cases} ELSE {len(levels)} END AS {field.name}"


@given(pairs=PAIRS)
@settings(max_examples=5, phases=[Phase.generate])
def test_the_same_level_holds_as_in_sql(pairs: list[tuple[tuple[str | None, ...], ...]]) -> None:
    columns = {
        f"{name}_{side}": pa.array([pair[at][place] for pair in pairs], pa.string())
        for at, side in enumerate("lr")
        for place, name in enumerate(COMPARED)
    }
    for side in "lr":
        named = with_given_names(pa.table({"first": columns[f"first_{side}"]}))
        columns[f"given_{side}"] = named["given"]
    told = pa.table(columns)
    asked = ", ".join(levels_in_sql(field) for field in FIELDS)
    expected = duckdb.from_arrow(told).select(asked).to_arrow_table().to_pylist()
    weighing = Weighing(MODEL, lambda column, value: 0.01)
    for (left, right), row in zip(pairs, expected, strict=True):
        for one in weighing.beside(left).told(right):
            if one.field == "housemates":
                continue
            names = [level.name for level in next(f for f in FIELDS if f.name == one.field).levels]
            place = row[one.field]
            level = "" if place is None else [*names, "other"][place]
            assert (left, right, one.field, one.level) == (left, right, one.field, level)


def said(**told: str) -> tuple[str | None, ...]:
    """A profile with its names as `profiles` has them."""
    first, last = told.get("first"), told.get("last")
    names = "|".join(sorted((first, last))) if first and last else None
    parts = {"last_a": last, "last_b": last, "names": names}
    return tuple({**parts, **told}.get(name) for name in COMPARED)


def levels(one: tuple[str | None, ...], other: tuple[str | None, ...]) -> dict[str, str]:
    told = Weighing(MODEL, lambda column, value: 0.01).beside(one).told(other)
    return {each.field: each.level for each in told if each.level}


TIMOTHY = said(first="timothy", last="coffey")


@pytest.mark.parametrize(
    ("other", "level"),
    [
        (said(first="coffey", last="timothy"), "swapped"),
        (said(first="dominey", last="timothy"), "crossed"),
        (said(first="tim", last="coffey"), "called"),
        (said(first="timohty", last="coffee"), "near"),
        (said(first="himothy", last="coffey"), "near"),
        (said(first="anna", last="coffey"), "other"),
    ],
)
def test_names_in_each_others_place_and_slips_in_first_names(
    other: tuple[str | None, ...], level: str
) -> None:
    assert levels(TIMOTHY, other)["first_name"] == level
    # Of names that changed places the family name is not held against anybody once more.
    assert ("last_name" in levels(TIMOTHY, other)) == (level not in ("swapped", "crossed"))


def test_of_a_double_name_its_first_part_may_stand_where_the_first_name_belongs() -> None:
    one = said(first="dante", last="davilasanders", last_a="davila", last_b="sanders")
    assert levels(one, said(first="davila", last="dante"))["first_name"] == "swapped"


AT_HOME = said(last="bos", street="kade", number="4", postcode="1011AB", town="amsterdam")


@pytest.mark.parametrize(
    ("other", "level"),
    [
        ({"street": "veld", "number": "9", "postcode": "9711CD", "town": "groningen"}, "moved"),
        ({"street": "veld", "number": "4", "postcode": "9711CD"}, "moved"),
        ({"street": "veld", "number": "9", "postcode": "1012XX", "town": "amsterdam"}, "other"),
        ({"street": "kade", "number": "4", "postcode": "9711CD", "town": "groningen"}, "same"),
        ({"street": "veld", "number": "9"}, "unplaced"),
    ],
)
def test_another_street_in_another_place_is_a_level_of_its_own(
    other: dict[str, str], level: str
) -> None:
    assert levels(AT_HOME, said(last="bos", **other))["address"] == level


@at_length
def test_pairs_of_a_shop_weigh_what_splink_gave_them(shop: Workspace) -> None:
    rows = shop.reading.rows
    told = rows(shop.table("person_profiles").select("person_id", *COMPARED))
    profiles = {row["person_id"]: tuple(row[name] for name in COMPARED) for row in told}
    counts = {name: Counter(row[name] for row in told if row[name]) for name in COMPARED}
    terms = {level.term: level for field in FIELDS for level in field.levels}

    def usualness(column: str, value: str) -> float:
        return frequency(counts[column][value], counts[column].total(), terms[column])

    model = rows(shop.table("match_model"))
    weighing = Weighing(model, usualness)
    (prior,) = (row["match_weight"] for row in model if row["field"] == "prior")
    # Others were weighed by names alone, with odds of their source.
    matches = [row for row in rows(shop.table("matches")) if row["weight_prior"] == prior]
    assert len(matches) > 100
    for row in matches:
        beside = weighing.beside(profiles[row["left_person_id"]])
        other = profiles[row["right_person_id"]]
        assert beside.weight(other) == pytest.approx(row["match_weight"], abs=1e-6)
        for one in beside.told(other):
            expected = row[f"weight_{one.field}"]
            assert one.weight == (
                expected if expected is None else pytest.approx(expected, abs=1e-6)
            )


def test_a_condition_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    level = Level("x", 'reverse("first_l")', 0.5, 0.1)
    field = Field("first_name", ("first",), '"first_l" is null', (level,))
    monkeypatch.setattr("klantreis.identity.agreeing.FIELDS", (field,))
    model: list[dict[str, Any]] = [
        {"field": "first_name", "level": name, "m": 0.5, "u": 0.1} for name in ("x", "other")
    ]
    with pytest.raises(ContractError, match=r"REVERSE"):
        Weighing(model, lambda column, value: 0.01)
