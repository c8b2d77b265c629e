"""The contract of `joined_measures`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="joined_measures",
    room="patterns",
    meaning="A joined measure of a group, in a channel, in a month: the sums from which it and its interval follow.",
    key=("measure", "segmentation", "segment", "at_channel", "month"),
    columns=(
        column("measure", "string", "code, as in docs/joined-measures.md", required=True),
        column(
            "segmentation",
            "string",
            "as in `memberships`; `target_group` of those by need, `orientation_channel` where customers oriented, `all` for everybody",
            required=True,
        ),
        column("segment", "string", "the group in it; `all` for everybody", required=True),
        column("at_channel", "string", "where it happened; `all` for everywhere", required=True),
        column(
            "month", "string", "month (UTC) as `2026-05`; `all` for the whole period", required=True
        ),
        column(
            "customers",
            "int64",
            "customers with at least one occasion",
            unit="customers",
            required=True,
        ),
        column(
            "top",
            "float64",
            "sum of what is counted; the measure is `top` by `bottom`",
            required=True,
        ),
        column("bottom", "float64", "sum of what it is a part of; mostly occasions", required=True),
        column(
            "top_squared", "float64", "sum over customers of their `top` squared", required=True
        ),
        column("bottom_squared", "float64", "the same of their `bottom`", required=True),
        column("cross", "float64", "the same of their `top` times `bottom`", required=True),
    ),
    order=("measure", "segmentation", "segment", "at_channel", "month"),
)
