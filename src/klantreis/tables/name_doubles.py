"""The contract of `name_doubles`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="name_doubles",
    room="identity",
    meaning="How often a source's records that tell no more than a name have a double among the customers of whom more is known, and what else tells who it is; learnt from the data without labels.",
    key=("source", "fact", "level"),
    columns=(
        column("source", "string", "source of the records with only a name", required=True),
        column(
            "fact",
            "string",
            "`double`: whether there is one; `others`: which of them it would be by chance; `together`: how much more often first and family names go together than chance has it; `moment`: how long lies between the making of the two records; `born`: whether figures in the e-mail address are the year of birth",
            required=True,
            allowed=("double", "others", "together", "moment", "born"),
        ),
        column(
            "level",
            "string",
            "of `double` and `others`: `elsewhere` among the customers that the source does not know, `within` among those that it knows; of the others how near the two are",
            required=True,
        ),
        column(
            "m",
            "float64",
            "share of the records that have a double; of the others share of the doubles with this",
            unit="share",
        ),
        column("u", "float64", "share of random pairs with this", unit="share"),
        column(
            "match_weight",
            "float64",
            "log2 of the odds of a double; of `others` log2 of u; elsewhere log2 of m over u",
            unit="bits",
            required=True,
        ),
        column(
            "pairs",
            "float64",
            "pairs that it was learnt from; of `others` how many there are",
            unit="pairs",
            required=True,
        ),
        column(
            "records",
            "int64",
            "records with only a name that the source had",
            unit="records",
            required=True,
        ),
    ),
)
