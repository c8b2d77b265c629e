"""The contract of `patterns`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="patterns",
    room="patterns",
    meaning="One look at a joined measure: a group or channel beside the others, or its course in time, and what came of it.",
    key=("kind", "measure", "segmentation", "segment", "at_channel"),
    columns=(
        column(
            "kind",
            "string",
            "a group beside the other groups of its segmentation, a channel beside the other channels, a line through the months, or the last three months beside the same three a year before (with less than that, beside the three before)",
            required=True,
            allowed=("segment", "channel", "trend", "jump"),
        ),
        column("measure", "string", "code of the joined measure", required=True),
        column("segmentation", "string", "as in `joined_measures`", required=True),
        column("segment", "string", "the group; `all` for everybody", required=True),
        column("at_channel", "string", "where; `all` for everywhere", required=True),
        column(
            "verdict",
            "string",
            "told; told of a larger whole already; sure but too small to matter; may be chance; too few customers for a comparison",
            required=True,
            allowed=("told", "repeated", "small", "chance", "too_few"),
        ),
        column("value", "float64", "the measure there; of a trend the end of the line"),
        column("rest", "float64", "what it is held against; of a trend the start of the line"),
        column("difference", "float64", "`value` less `rest`; empty with too few"),
        column(
            "low",
            "float64",
            "lower end of its interval, so wide that of all intervals of sure looks together at most one in twenty is wrong",
        ),
        column("high", "float64", "upper end"),
        column("effect", "float64", "the difference in standard deviations between customers"),
        column(
            "sure_effect",
            "float64",
            "the same at the end of the interval nearest to no difference; by this it is ranked",
            required=True,
        ),
        column("p_value", "float64", "chance of so much or more where there is no difference"),
        column(
            "q_value", "float64", "the same, corrected for the number of looks (Benjamini-Hochberg)"
        ),
        column(
            "customers", "int64", "customers that `value` rests on", unit="customers", required=True
        ),
        column(
            "rest_customers",
            "int64",
            "customers that `rest` rests on",
            unit="customers",
            required=True,
        ),
        column("occasions", "float64", "as `bottom` in `joined_measures`", required=True),
        column("starts", "string", "first month that it is about; empty for the whole period"),
        column("ends", "string", "last month"),
        column("rest_starts", "string", "of a jump: first month that it is held against"),
        column("rest_ends", "string", "last one"),
    ),
    order=("verdict", "measure", "kind", "segmentation", "segment", "at_channel"),
)
