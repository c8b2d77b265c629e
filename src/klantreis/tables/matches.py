"""The contract of `matches`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="matches",
    room="identity",
    meaning="Two person records that may be one human being by name, address and birth date, with how much each field says.",
    key=("left_person_id", "right_person_id"),
    columns=(
        column("left_person_id", "string", "one record, the first by name", required=True),
        column("right_person_id", "string", "the other record", required=True),
        column(
            "match_weight",
            "float64",
            "log2 of the odds that they are one human being: the sum of all weights below; empty for a pair that was decided on without being compared",
            unit="bits",
        ),
        column(
            "probability",
            "float64",
            "that they are one human being, by the model",
            unit="share",
        ),
        column(
            "band",
            "string",
            "`match` above the upper threshold, `doubtful` between the two",
            required=True,
            allowed=("match", "doubtful"),
        ),
        column("is_used", "boolean", "whether it ties the two in `links`", required=True),
        column(
            "stopped_by",
            "string",
            "why a match does not tie: the two contradict each other, the tie is too weak for the records that it would bring together, or somebody decided otherwise",
            allowed=("conflict", "weak_link", "decision"),
        ),
        column(
            "weight_prior",
            "float64",
            "log2 odds that any two records are one human being; of a pair of which one tells no more than a name, as often as its source has doubles",
            unit="bits",
        ),
        column("weight_first_name", "float64", "what the first names say", unit="bits"),
        column("weight_last_name", "float64", "what the family names say", unit="bits"),
        column("weight_birth_date", "float64", "what the birth dates say", unit="bits"),
        column("weight_address", "float64", "what street and house number say", unit="bits"),
        column("weight_place", "float64", "what postcode and town say", unit="bits"),
        column("weight_phone", "float64", "what the telephone numbers say", unit="bits"),
        column("weight_email", "float64", "what the e-mail addresses say", unit="bits"),
        column(
            "weight_housemates",
            "float64",
            "what is taken off because two people who live together would agree as much; empty where no addresses are known",
            unit="bits",
        ),
        column(
            "weight_moment",
            "float64",
            "what the time between the making of the two records says, of a pair of which one tells no more than a name",
            unit="bits",
        ),
        column(
            "weight_born",
            "float64",
            "what figures in the e-mail address say of the year of birth, of such a pair",
            unit="bits",
        ),
        column(
            "weight_rivals",
            "float64",
            "what is taken off such a pair because others of that name come forward as well",
            unit="bits",
        ),
    ),
    order=("left_person_id", "right_person_id"),
)
