"""The adapter of Splink: weighs pairs of profiles.

Splink is loaded here only, and only when there is something to compare. It has an in-memory
DuckDB of its own, on every engine: profiles go in and pairs come out as Arrow.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from klantreis.identity.call_names import with_given_names
from klantreis.identity.chance import Shares
from klantreis.identity.comparing import Field, Level
from klantreis.identity.housemates import AGES, FAMILY, Housemates, against_housemates
from klantreis.identity.slips import quick

if TYPE_CHECKING:
    from splink import Linker

__all__ = ["OTHER_GROUP", "RAREST", "database", "weigh"]

OTHER_GROUP = 'l."group" <> r."group"'
ONE_IS_FRESH = '(l."is_fresh" or r."is_fresh")'
# Of what is rarer than this nobody knows how rare it is.
RAREST = 1e-5


@contextmanager
def database(temporary: Path | None) -> Iterator[Any]:
    """Splink's own database, in memory."""
    from splink import DuckDBAPI

    made: Any = DuckDBAPI()
    # Left to itself it would spill into whatever folder the program was started in.
    folder = str(temporary or tempfile.gettempdir()).replace("'", "''")
    made._con.execute(f"SET temp_directory = '{folder}'")
    try:
        yield made
    finally:
        made._con.close()


def weigh(
    profiles: pa.Table,
    fields: Sequence[Field],
    shares: Shares,
    *,
    keys: Sequence[str],
    frequencies: Mapping[str, pa.Table],
    prior: float,
    housemates: Housemates | None,
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
        housemates: what is known of two records under one address; none where no addresses are
            known.
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


def _connection(linker: Linker) -> Any:
    """Splink's own database, to ask in SQL what it has no function for."""
    splinks: Any = linker._db_api
    return splinks._con


def _weight_sql(field: Field) -> str:
    terms = "mw_tf_adj_" + field.name if any(level.term for level in field.levels) else "0"
    # Splink gives 0 for what lacks; we say that it was not compared.
    return f"CASE WHEN mw_{field.name} <> 0 THEN mw_{field.name} + {terms} END"


def _housemates_sql(fields: Sequence[Field], shares: Shares, housemates: Housemates | None) -> str:
    """What is taken off because the two may be people who live together, in bits.

    The odds against two explanations at once: against two strangers (what Splink weighs) and
    against two housemates. Next to nothing where the latter is the lesser worry.
    """
    if housemates is None:
        return "NULL::DOUBLE"
    by_name = {field.name: field for field in fields}
    told = against_housemates(fields, shares, housemates.together)
    said = {name: _case(by_name[name], weights) for name, weights in told.bits.items()}
    if told.ages:
        ages = {family: _case(by_name[AGES], weights) for family, weights in told.ages.items()}
        said[AGES] = _case(by_name[FAMILY], ages, ages[""]) if FAMILY in by_name else ages[""]
    bits = [str(housemates.odds)]
    for name, own in said.items():
        bits.append(f"least(coalesce({_weight_sql(by_name[name])}, 0), {own})")
    against = " + ".join(bits)
    return f"-log2(1 + 2.0 ** least(match_weight - ({against}), 60))"


def _case(field: Field, values: Mapping[str, object], lacking: object = 0) -> str:
    """The value of the level that holds; levels are numbered from the surest down."""
    levels = enumerate(reversed(list(field.shares)))
    cases = " ".join(f"WHEN {number} THEN {values[level]}" for number, level in levels)
    return f"CASE gamma_{field.name} {cases} ELSE {lacking} END"


@contextmanager
def _linker(
    profiles: pa.Table,
    fields: Sequence[Field],
    shares: Shares,
    *,
    prior: float,
    temporary: Path | None,
    rules: Sequence[str],
) -> Iterator[Linker]:
    from splink import Linker

    settings = _settings(fields, shares, prior, rules)
    with database(temporary) as splinks:
        # It speaks to whoever trains models by hand; what matters is in `match_model`.
        logging.getLogger("splink").setLevel(logging.CRITICAL)
        linker = Linker(
            splinks.register(with_given_names(profiles)),
            settings,
            log_level=None,
            validate_settings=False,
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
