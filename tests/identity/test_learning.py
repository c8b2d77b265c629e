"""What is learnt without labels: the same as Splink learns."""

from __future__ import annotations

from collections import Counter
from random import Random

import pyarrow as pa
import pytest

from klantreis.identity.chance import chance
from klantreis.identity.comparing import FIELDS
from klantreis.identity.learning import FIRST_GUESS, learn
from klantreis.identity.linking import OTHER_GROUP, RAREST, _linker
from klantreis.identity.profiles import COMPARED

FIRST = ("ann", "anna", "bob", "bo", "carla", "dirk", "eve", "frits", "gea", "hans")
LAST = ("smit", "smits", "bos", "vos", "jansen", "janssen", "berg", "dijk", "meer", "kok")
TOWN = ("gouda", "goes", "delft", "assen", "venlo")
TOLD = [field for field in FIELDS if field.name in ("first_name", "last_name", "birth_date")]
PLACE = [field for field in FIELDS if field.name == "place"]


def people(drawn: Random, count: int = 400) -> pa.Table:
    """Records of which every third says, with a slip now and then, what the one before it says."""
    rows: list[dict[str, str | None]] = []
    for number in range(count):
        if number % 3 == 2:
            row = dict(rows[-1])
            if drawn.random() < 0.3:
                row["first"] = drawn.choice(FIRST)
            if drawn.random() < 0.2:
                row["town"] = drawn.choice((*TOWN, None))
        else:
            day = f"{drawn.randint(1950, 1990)}-{drawn.randint(1, 12):02}-{drawn.randint(1, 28):02}"
            row = {
                "first": drawn.choice(FIRST),
                "last": drawn.choice(LAST),
                "birth": day,
                "town": drawn.choice(TOWN),
            }
        rows.append(row)
    columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in COMPARED}
    numbers = pa.array(range(count), pa.int64())
    return pa.table({"record": numbers, "group": numbers, **columns})


@pytest.mark.parametrize("columns", [("birth", "town"), ("birth",)])
def test_em_finds_what_splink_finds(columns: tuple[str, ...]) -> None:
    profiles, fields = people(Random(4)), [*TOLD, *PLACE]
    learnt = learn(profiles, fields, [columns])
    (found,) = learnt.passes
    start = {(f.name, name): shares for f in fields for name, shares in f.shares.items()}
    u = chance(learnt.seen, fields, start).u
    shares = {key: (m, max(u.get(key, chance_u), RAREST)) for key, (m, chance_u) in start.items()}
    rule = " and ".join(f'l."{name}" = r."{name}"' for name in columns)
    with _linker(
        profiles, fields, shares, prior=FIRST_GUESS, temporary=None, rules=[OTHER_GROUP]
    ) as linker:
        session = linker.training.estimate_parameters_using_expectation_maximisation(
            f"{rule} and {OTHER_GROUP}", estimate_without_term_frequencies=True
        )
        model = session.core_model_settings
        together = Counter(zip(*(profiles[name].to_pylist() for name in columns), strict=True))
        pairs = sum(n * (n - 1) / 2 for values, n in together.items() if None not in values)
        share = model.probability_two_random_records_match
        assert found.matches == pytest.approx(share * pairs, rel=1e-4)
        theirs = {
            (comparison.output_column_name, level.label_for_charts): level.m_probability
            for comparison in model.comparisons
            for level in comparison._comparison_levels_excluding_null
        }
    for key, m in found.shares.items():
        assert m == pytest.approx(theirs[key], abs=1e-4), key
    assert {name for name, _ in found.shares} == {name for name, _ in theirs}


def test_where_nobody_agrees_there_is_nothing_to_learn() -> None:
    assert learn(people(Random(4), 30), [*TOLD, *PLACE], [("email",)]).passes == ()


@pytest.mark.parametrize(("agree", "taught"), [("last", "first_name"), ("first", "last_name")])
def test_who_agree_on_one_name_teach_the_other(agree: str, taught: str) -> None:
    (found,) = learn(people(Random(4)), [*TOLD, *PLACE], [(agree, "town")]).passes
    assert {name for name, _ in found.shares} == {taught, "birth_date"}


def test_exchanged_names_teach_neither() -> None:
    rows = people(Random(4))
    both = [
        "|".join(sorted(two))
        for two in zip(rows["first"].to_pylist(), rows["last"].to_pylist(), strict=True)
    ]
    names = rows.schema.get_field_index("names")
    rows = rows.set_column(names, "names", pa.array(both))
    (found,) = learn(rows, [*TOLD, *PLACE], [("names", "town")]).passes
    assert {name for name, _ in found.shares} == {"birth_date"}
