"""The adapter of Splink: learns what agreement says, and weighs pairs of profiles.

Splink is loaded here only, and only when there is something to compare. It has an in-memory
DuckDB of its own, on every engine: profiles go in and pairs come out as Arrow.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from klantreis.identity.chance import chance
from klantreis.identity.comparing import Field, Level
from klantreis.identity.housemates import against_housemates
from klantreis.identity.slips import quick

if TYPE_CHECKING:
    from splink import Linker

__all__ = ["Learnt", "Pass", "learn", "weigh"]

RANDOM_RECORDS = 700  # all pairs of these: a quarter of a million
TRAINING_PAIRS = 200_000
SEED = 1
OTHER_GROUP = 'l."group" <> r."group"'
ONE_IS_FRESH = '(l."is_fresh" or r."is_fresh")'
ADDRESSES = (("postcode", "number"), ("street", "number", "town"), ("street", "town"))
HOUSED_RECORDS = 200_000
NO_PAIRS = pa.table({"pairs": pa.array([], pa.int64())})
# Of what is rarer than this nobody knows how rare it is.
RAREST = 1e-5

Shares = Mapping[tuple[str, str], tuple[float, float]]


@dataclass(frozen=True)
class Pass:
    """What one round of learning, over pairs that agree on some columns, found.

    Attributes:
        columns: what the pairs agree on.
        pairs: pairs that do so.
        matches: how many of these are one human being, as estimated.
        shares: m of each field and level that could be learnt.
    """

    columns: tuple[str, ...]
    pairs: int
    matches: float
    shares: Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Learnt:
    """What was learnt.

    Attributes:
        seen: how often random pairs agree to which degrees, as `chance` asks for it.
        housemates: the same of pairs that share an address; none where addresses lack.
        passes: one for each set of columns of which pairs were found.
    """

    seen: pa.Table
    housemates: pa.Table
    passes: tuple[Pass, ...]


def learn(
    profiles: pa.Table,
    fields: Sequence[Field],
    agreements: Sequence[tuple[str, ...]],
    *,
    temporary: Path | None = None,
) -> Learnt:
    """Learn without labels: u from random pairs, m by expectation maximisation.

    Args:
        profiles: as `profiles` returns them.
        fields: what to compare.
        agreements: columns on which the pairs of each pass agree.
        temporary: folder for what does not fit in memory.

    Source: Fellegi and Sunter, A Theory for Record Linkage, JASA 64 (1969); Splink 5.
    """
    start = {(f.name, name): shares for f in fields for name, shares in f.shares.items()}
    seen = _random_pairs(profiles, fields, temporary)
    housemates = _housemates(profiles, fields, temporary)
    first = chance(seen, fields, start)
    by_chance = {key: (m, max(first.u.get(key, u), RAREST)) for key, (m, u) in start.items()}
    with _linker(profiles, fields, by_chance, prior=1e-4, temporary=temporary) as linker:
        rounds = tuple(one for one in (_pass(linker, columns) for columns in agreements) if one)
    return Learnt(seen, housemates, rounds)


def _random_pairs(profiles: pa.Table, fields: Sequence[Field], temporary: Path | None) -> pa.Table:
    """How often random pairs agree to which degrees: `gamma_<field>` and `pairs`."""
    drawn = np.random.default_rng(SEED).permutation(profiles.num_rows)[:RANDOM_RECORDS]
    sample = profiles.take(pa.array(np.sort(drawn)))
    return _degrees(sample, fields, OTHER_GROUP, temporary)


def _housemates(profiles: pa.Table, fields: Sequence[Field], temporary: Path | None) -> pa.Table:
    """How often pairs that share an address agree to which degrees."""
    told = [name for name in profiles.column_names if profiles[name].null_count < len(profiles)]
    under = next((columns for columns in ADDRESSES if set(columns) <= set(told)), None)
    if under is None:
        return NO_PAIRS
    drawn = np.random.default_rng(SEED).permutation(profiles.num_rows)[:HOUSED_RECORDS]
    sample = profiles.take(pa.array(np.sort(drawn)))
    return _degrees(sample, fields, f"{_agreeing(under)} and {OTHER_GROUP}", temporary)


def _degrees(
    profiles: pa.Table, fields: Sequence[Field], rule: str, temporary: Path | None
) -> pa.Table:
    """How often the pairs of a rule agree to which degrees: `gamma_<field>` and `pairs`.

    Nothing is weighed here, so it is asked of Splink's database without Splink.
    """
    used = [name for name in profiles.column_names if not name.startswith("key_")]
    sides = ", ".join(f'{side}."{name}" AS "{name}_{side}"' for name in used for side in "lr")
    degrees = ", ".join(f"{_degree_sql(field)} AS gamma_{field.name}" for field in fields)
    sql = (
        f"WITH pairs AS MATERIALIZED (SELECT {sides} FROM profiles l JOIN profiles r "
        f"ON {rule} AND l.record < r.record) "
        f"SELECT {degrees}, count(*) AS pairs FROM pairs GROUP BY ALL ORDER BY ALL"
    )
    with _database(temporary) as database:
        database._con.register("profiles", profiles)
        seen: pa.Table = database._con.execute(sql).to_arrow_table()
        return seen


def _degree_sql(field: Field) -> str:
    """The number of the level, as Splink counts: the surest highest, `other` 0, lacking -1."""
    numbered = enumerate(reversed(field.levels), start=1)
    cases = [f"WHEN {quick(level.condition)} THEN {number}" for number, level in numbered]
    return f"CASE WHEN {field.lacking} THEN -1 {' '.join(reversed(cases))} ELSE 0 END"


@contextmanager
def _database(temporary: Path | None) -> Iterator[Any]:
    """Splink's own database, in memory."""
    from splink import DuckDBAPI

    database: Any = DuckDBAPI()
    # Left to itself it would spill into whatever folder the program was started in.
    folder = str(temporary or tempfile.gettempdir()).replace("'", "''")
    database._con.execute(f"SET temp_directory = '{folder}'")
    try:
        yield database
    finally:
        database._con.close()


def _agreeing(columns: Sequence[str]) -> str:
    return " and ".join(f'l."{name}" = r."{name}"' for name in columns)


def weigh(
    profiles: pa.Table,
    fields: Sequence[Field],
    shares: Shares,
    *,
    keys: Sequence[str],
    frequencies: Mapping[str, pa.Table],
    prior: float,
    housemates: float | None,
    lowest_weight: float,
    temporary: Path | None = None,
) -> pa.Table:
    """Weigh the pairs that share a key, are not tied yet, and of which one is fresh.

    Args:
        profiles: as `comparable` returns them.
        fields: what to compare.
        shares: m and u of each field and level.
        keys: names of the keys of which a pair must share one.
        frequencies: how usual each value is, as `frequencies` returns it.
        prior: probability that two random records are one human being.
        housemates: log2 of the odds that two records under one address are; none where no
            addresses are known.
        lowest_weight: in bits; pairs below are left out.
        temporary: folder for what does not fit in memory.

    Returns:
        `left` and `right` (records, left the lower), `match_weight`, and for each field its
        weight in bits (`weight_...`, empty where one of the two lacks it).
    """
    rules = [
        f'l."key_{name}" = r."key_{name}" and {OTHER_GROUP} and {ONE_IS_FRESH}' for name in keys
    ]
    with _linker(profiles, fields, shares, prior=prior, temporary=temporary, rules=rules) as linker:
        for term, rows in frequencies.items():
            known = linker._db_api.register(rows)
            linker.table_management.register_term_frequency_lookup(known, term)
        predicted = linker.inference.predict(
            threshold_match_weight=lowest_weight, warning_mode="never"
        )
        weights = ", ".join(f"{_weight_sql(field)} AS weight_{field.name}" for field in fields)
        together = _housemates_sql(fields, shares, housemates)
        sql = (
            f"WITH weighed AS (SELECT *, {together} AS weight_housemates "
            f"FROM {predicted.physical_name}) "
            f"SELECT least(record_l, record_r) AS left, greatest(record_l, record_r) AS right, "
            f"match_weight + coalesce(weight_housemates, 0) AS match_weight, {weights}, "
            f"weight_housemates FROM weighed "
            f"WHERE match_weight + coalesce(weight_housemates, 0) >= {lowest_weight} "
            f"ORDER BY 1, 2"
        )
        pairs: pa.Table = _connection(linker).execute(sql).to_arrow_table()
        return pairs


def _input(linker: Linker) -> str:
    return str(next(iter(linker._input_tables_dict.values())).physical_name)


def _connection(linker: Linker) -> Any:
    """Splink's own database, to ask in SQL what it has no function for."""
    database: Any = linker._db_api
    return database._con


def _weight_sql(field: Field) -> str:
    terms = "mw_tf_adj_" + field.name if any(level.term for level in field.levels) else "0"
    # Splink gives 0 for what lacks; we say that it was not compared.
    return f"CASE WHEN mw_{field.name} <> 0 THEN mw_{field.name} + {terms} END"


def _housemates_sql(fields: Sequence[Field], shares: Shares, odds: float | None) -> str:
    """What is taken off because the two may be people who live together, in bits.

    The odds against two explanations at once: against two strangers (what Splink weighs) and
    against two housemates. Next to nothing where the latter is the lesser worry.
    """
    if odds is None:
        return "NULL::DOUBLE"
    bits = [str(odds)]
    by_name = {field.name: field for field in fields}
    for name, weights in against_housemates(fields, shares).items():
        cases = " ".join(
            f"WHEN {number} THEN {bit}" for number, bit in enumerate(reversed([*weights.values()]))
        )
        usual = f"coalesce({_weight_sql(by_name[name])}, 0)"
        bits.append(f"least({usual}, CASE gamma_{name} {cases} ELSE 0 END)")
    against = " + ".join(bits)
    return f"-log2(1 + 2.0 ** least(match_weight - ({against}), 60))"


def _pass(linker: Linker, columns: tuple[str, ...]) -> Pass | None:
    from splink.internals.exceptions import EMTrainingException

    rule = f"{_agreeing(columns)} and {OTHER_GROUP}"
    name = _input(linker)
    count = (
        _connection(linker)
        .execute(f"SELECT count(*) FROM {name} l JOIN {name} r ON {rule} AND l.record < r.record")
        .fetchone()[0]
    )
    if not count:
        return None
    try:
        session = linker.training.estimate_parameters_using_expectation_maximisation(
            rule,
            estimate_without_term_frequencies=True,
            max_pairs=TRAINING_PAIRS if count > TRAINING_PAIRS else None,
        )
    except (ValueError, EMTrainingException):
        return None  # among these pairs nobody is the same: the shares ran down to nothing
    model = session.core_model_settings
    shares = {
        (comparison.output_column_name, level.label_for_charts): float(level.m_probability)
        for comparison in model.comparisons
        for level in comparison._comparison_levels_excluding_null
        if isinstance(level.m_probability, float)
    }
    share = float(model.probability_two_random_records_match)
    return Pass(columns, int(count), count * share, shares)


@contextmanager
def _linker(
    profiles: pa.Table,
    fields: Sequence[Field],
    shares: Shares,
    *,
    prior: float,
    temporary: Path | None,
    rules: Sequence[str] = (OTHER_GROUP,),
) -> Iterator[Linker]:
    from splink import Linker

    settings = _settings(fields, shares, prior, rules)
    with _database(temporary) as database:
        # It speaks to whoever trains models by hand; what matters is in `match_model`.
        logging.getLogger("splink").setLevel(logging.CRITICAL)
        linker = Linker(
            database.register(profiles), settings, log_level=None, validate_settings=False
        )
        yield linker


def _settings(
    fields: Sequence[Field], shares: Shares, prior: float, rules: Sequence[str]
) -> dict[str, Any]:
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "record",
        "comparisons": [_comparison(field, shares) for field in fields],
        "blocking_rules_to_generate_predictions": list(rules),
        "probability_two_random_records_match": prior,
        "retain_matching_columns": True,  # with them come the numbers of the levels
        "retain_intermediate_calculation_columns": True,
    }


def _comparison(field: Field, shares: Shares) -> dict[str, Any]:
    levels = [
        {"sql_condition": field.lacking, "label_for_charts": "lacking", "is_null_level": True},
        *(_level(level, *shares[field.name, level.name]) for level in field.levels),
        _level(Level("other", "ELSE", 0, 0), *shares[field.name, "other"]),
    ]
    return {"output_column_name": field.name, "comparison_levels": levels}


def _level(level: Level, m: float, u: float) -> dict[str, Any]:
    terms = {"tf_adjustment_column": level.term, "tf_minimum_u_value": RAREST} if level.term else {}
    return {
        "sql_condition": quick(level.condition),
        "label_for_charts": level.name,
        "m_probability": m,
        "u_probability": u,
        **terms,
    }
