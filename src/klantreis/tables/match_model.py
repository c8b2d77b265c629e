"""The contract of `match_model`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="match_model",
    room="identity",
    meaning="What every degree of agreement between two records says of whether they are one human being, learnt from the data without labels and corrected by what people decided.",
    key=("field", "level"),
    columns=(
        column(
            "field",
            "string",
            "what is compared; `prior` for any two records before anything is compared, `housemates` for two that share an address (`any`: the odds that they are one; `phone same` and so on: `u` is how often two who live together agree so)",
            required=True,
        ),
        column("level", "string", "degree of agreement", required=True),
        column(
            "level_number",
            "int64",
            "the surest agreement has the highest; 0 is none",
            required=True,
        ),
        column(
            "m", "float64", "share of the pairs that are one human being with this", unit="share"
        ),
        column("u", "float64", "share of the pairs that are two with this", unit="share"),
        column(
            "match_weight",
            "float64",
            "log2 of m over u; a value's own frequency shifts it",
            unit="bits",
            required=True,
        ),
        column(
            "pairs",
            "float64",
            "pairs of one human being from which m was learnt; what lacks is assumed",
            unit="pairs",
            required=True,
        ),
        column(
            "learnt_weight",
            "float64",
            "match_weight as learnt without labels, before decisions corrected it",
            unit="bits",
        ),
        column(
            "decisions",
            "int64",
            "decided doubtful pairs that corrected it; 0 when they were too few, or of no help",
            unit="pairs",
        ),
        column(
            "records",
            "int64",
            "profiles from which it was learnt; it is kept until there are a fifth more, or fewer",
            unit="records",
            required=True,
        ),
    ),
    order=("field", "level_number"),
)
