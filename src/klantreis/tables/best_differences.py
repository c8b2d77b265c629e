"""The contract of `best_differences`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="best_differences",
    room="patterns",
    meaning="One look at what the fifth of the buyers who brought in most do otherwise than all other buyers.",
    key=("aspect", "item"),
    columns=(
        column(
            "aspect",
            "string",
            "of the ways to a purchase of which something was seen, the part with this channel, touchpoint or direct succession of two, or that began there; of the purchases the part in a channel; of the products looked at the part in a category; of the pages looked at the part on a page; of the ways without a purchase the part that stopped in a phase",
            required=True,
            allowed=(
                "channel",
                "touchpoint",
                "path",
                "entry",
                "purchase",
                "category",
                "page",
                "stop",
            ),
        ),
        column(
            "item",
            "string",
            "the channel, touchpoint (`web.search`), succession (`web.search>web.view_item`), category, page or phase (`see_think_do_care.think`)",
            required=True,
        ),
        column(
            "verdict",
            "string",
            "told; sure but too small to matter; may be chance; too few customers for a comparison",
            required=True,
            allowed=("told", "small", "chance", "too_few"),
        ),
        column("value", "float64", "part among the best", unit="share", required=True),
        column("rest", "float64", "part among the others", unit="share", required=True),
        column("difference", "float64", "`value` less `rest`; empty with too few"),
        column(
            "low",
            "float64",
            "lower end of its interval, widened for the number of looks as in `patterns`",
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
        column("q_value", "float64", "the same, corrected for the number of looks"),
        column("customers", "int64", "best customers it rests on", unit="customers", required=True),
        column("rest_customers", "int64", "others it rests on", unit="customers", required=True),
    ),
    order=("aspect", "item"),
)
