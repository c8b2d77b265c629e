"""The contract of `match_keys`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="match_keys",
    room="identity",
    meaning="What records must have in common to be compared, how many pairs that brings and how many of one human being it finds.",
    key=("name",),
    columns=(
        column("name", "string", "what two records have in common", required=True),
        column(
            "largest_block",
            "int64",
            "the most records that may share a value; what more of them share tells too little",
            unit="records",
            required=True,
        ),
        column(
            "pairs", "int64", "pairs of records that share a value", unit="pairs", required=True
        ),
        column(
            "found",
            "float64",
            "of all pairs that are one human being by the model, the part that shares this; empty where all keys are used without looking",
            unit="share",
        ),
        column(
            "found_more",
            "float64",
            "the same of those that no key chosen before it finds",
            unit="share",
        ),
        column("is_used", "boolean", "whether what shares it is compared", required=True),
    ),
    order=("name",),
)
