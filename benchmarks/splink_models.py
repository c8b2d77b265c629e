"""Splink's own models of its documentation for the sets of `identity.py`: the peer beside us.

Columns, comparisons, blocking and training are those of Splink's tutorials ("Deduplicate 50k
historical persons", "Febrl3", "Quick start" and tutorial for the fake persons); the threshold is
the 0.95 of those pages.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

logging.disable(logging.CRITICAL)  # it tells of every round
THRESHOLD = 0.95
RANDOM_PAIRS = 5_000_000


def _trained(
    rows: pd.DataFrame,
    comparisons: Sequence[Any],
    blocking: Sequence[Any],
    *,
    sure: Sequence[Any],
    recall: float,
    passes: Sequence[Any],
) -> pd.DataFrame:
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="person_id",
        comparisons=list(comparisons),
        blocking_rules_to_generate_predictions=list(blocking),
    )
    api = DuckDBAPI()
    linker = Linker(api.register(rows), settings)
    linker.training.estimate_probability_two_random_records_match(list(sure), recall=recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=1)
    for rule in passes:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict(threshold_match_probability=0.01)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, THRESHOLD)
    found: pd.DataFrame = clusters.as_pandas_dataframe()  # type: ignore[no-untyped-call]  # Splink has no types
    return found[["person_id", "cluster_id"]]


def historical_figures(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.assign(first_name_surname_concat=rows["first_name"] + " " + rows["last_name"])
    return _trained(
        rows,
        [
            cl.ForenameSurnameComparison(
                "first_name",
                "last_name",
                forename_surname_concat_col_name="first_name_surname_concat",
            ),
            cl.DateOfBirthComparison("birth_on", input_is_string=True),
            cl.PostcodeComparison("postcode"),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
        [
            block_on("substr(first_name,1,3)", "substr(last_name,1,4)"),
            block_on("last_name", "birth_on"),
            block_on("first_name", "birth_on"),
            block_on("postcode", "first_name"),
            block_on("postcode", "last_name"),
            block_on("birth_on", "city"),
            block_on("substr(postcode,1,3)", "birth_on"),
            block_on("substr(postcode,1,3)", "first_name"),
            block_on("substr(postcode,1,3)", "last_name"),
            block_on("substr(first_name,1,2)", "substr(last_name,1,2)", "substr(birth_on,1,4)"),
        ],
        sure=[
            block_on("first_name", "last_name", "birth_on"),
            block_on("substr(first_name,1,2)", "last_name", "substr(postcode,1,2)"),
            block_on("birth_on", "postcode"),
        ],
        recall=0.6,
        passes=[block_on("first_name", "last_name"), block_on("birth_on")],
    )


def febrl3(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.replace("", None)
    return _trained(
        rows,
        [
            cl.NameComparison("first_name"),
            cl.NameComparison("last_name"),
            cl.DateOfBirthComparison(
                "date_of_birth", input_is_string=True, datetime_format="%Y%m%d"
            ),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
            cl.ExactMatch("house_number").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [2]),
        ],
        [
            block_on("soc_sec_id"),
            block_on("first_name"),
            block_on("last_name"),
            block_on("date_of_birth"),
            block_on("postcode"),
        ],
        sure=[
            block_on("first_name", "last_name", "date_of_birth"),
            block_on("soc_sec_id"),
        ],
        recall=0.9,
        passes=[block_on("date_of_birth"), block_on("first_name", "last_name")],
    )


def fake(rows: pd.DataFrame) -> pd.DataFrame:
    return _trained(
        rows,
        [
            cl.NameComparison("first_name"),
            cl.NameComparison("last_name"),
            cl.DateOfBirthComparison("birth_on", input_is_string=True),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        [
            block_on("first_name", "city"),
            block_on("last_name"),
            block_on("email"),
            block_on("birth_on"),
        ],
        sure=[
            block_on("first_name", "birth_on"),
            "l.first_name = r.first_name and levenshtein(r.last_name, l.last_name) <= 2",
            block_on("email"),
        ],
        recall=0.7,
        passes=[block_on("first_name", "last_name"), block_on("birth_on")],
    )


MODELS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "fake_1000": fake,
    "fake_20000": fake,
    "febrl3": febrl3,
    "historical_figures": historical_figures,
}
