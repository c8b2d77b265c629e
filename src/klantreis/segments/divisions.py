"""The segments of each division of customers, and how a portrait falls into one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import ibis
import ibis.expr.types as ir

__all__ = ["DIVISIONS", "MAIN_CATEGORIES", "by_category", "division_of"]

MAIN_CATEGORIES = 12  # the largest have a segment of their own
SECONDS_PER_DAY = 86_400

# Limits are half-open: each belongs to the segment above it.
AGES = ((25, "age_under_25"), (35, "age_25_34"), (45, "age_35_44"), (55, "age_45_54"),
        (65, "age_55_64"))  # fmt: skip
HOUSEHOLDS = ((2, "household_1"), (3, "household_2"))
TENURES = ((90, "tenure_under_90_days"), (365, "tenure_under_year"), (730, "tenure_second_year"))
RHYTHMS = ((45, "rhythm_6_weeks"), (120, "rhythm_quarter"), (240, "rhythm_half_year"))
DISCOUNTS = ((0.01, "discount_hardly"), (0.2, "discount_some"))
DAYPARTS = ((6, "daypart_night"), (12, "daypart_morning"), (18, "daypart_afternoon"),
            (23, "daypart_evening"))  # fmt: skip
LANGUAGES = ("nl", "fr", "de", "en")

DIVISIONS: Mapping[str, tuple[str, ...]] = {
    "age": (*(name for _, name in AGES), "age_65_up", "age_unknown"),
    "household": (*(name for _, name in HOUSEHOLDS), "household_3_up", "household_unknown"),
    "language": (
        *(f"language_{code}" for code in LANGUAGES),
        "language_other",
        "language_unknown",
    ),
    "tenure": (*(name for _, name in TENURES), "tenure_longer", "tenure_unknown"),
    "rhythm": (
        *(name for _, name in RHYTHMS),
        "rhythm_year",
        "rhythm_once",
        "rhythm_none",
        "rhythm_unknown",
    ),
    "discount": (*(name for _, name in DISCOUNTS), "discount_much", "discount_unknown"),
    "daypart": (
        "daypart_morning",
        "daypart_afternoon",
        "daypart_evening",
        "daypart_night",
        "daypart_unknown",
    ),
}


def division_of(portraits: ir.Table, division: str) -> ir.StringValue:
    """The segment of each portrait in a division, `<division>_unknown` where the data do not say.

    `age`, `household` (customers known to live there), `language`, `tenure` (days since the
    customer was first seen), `rhythm` (mean days between purchases), `discount` (part of the
    normal price given as discount) and `daypart` (the hour with most of their own doing).

    Args:
        portraits: with `as_of`, the moment of measuring.
        division: one of `DIVISIONS`.
    """
    return _BY_DIVISION[division](portraits)


def by_category(portraits: ir.Table) -> ir.Table:
    """Each customer with `segment`: `category_` and the category with most revenue.

    The largest `MAIN_CATEGORIES` have a segment of their own, the others are `category_other`
    together; `category_unknown` is who bought nothing of a known category.
    """
    bought = portraits.filter(portraits["preferred_category"].notnull())
    counts = bought.group_by(category="preferred_category").aggregate(customers=bought.count())
    largest = counts.order_by(ibis.desc("customers"), "category").limit(MAIN_CATEGORIES)
    own = portraits.select("customer_id", "preferred_category").left_join(
        largest.select("category"), [("preferred_category", "category")]
    )
    segment = ibis.cases(
        (own["preferred_category"].isnull(), "category_unknown"),
        (own["category"].isnull(), "category_other"),
        else_=ibis.literal("category_") + own["category"],
    )
    return own.select("customer_id", segment=segment)


def _below(
    value: ir.NumericValue, limits: Sequence[tuple[float, str]], rest: str, unknown: str
) -> ir.StringValue:
    """The name of the first limit that a value stays below."""
    return ibis.cases(
        (value.isnull(), unknown), *((value < limit, name) for limit, name in limits), else_=rest
    )


def _age(portraits: ir.Table) -> ir.StringValue:
    return _below(portraits["age_years"], AGES, "age_65_up", "age_unknown")


def _household(portraits: ir.Table) -> ir.StringValue:
    people = portraits["household_customers"]
    return _below(people, HOUSEHOLDS, "household_3_up", "household_unknown")


def _language(portraits: ir.Table) -> ir.StringValue:
    spoken = portraits["language"].lower().substr(0, 2)
    return ibis.cases(
        (spoken.isnull() | (spoken == ""), "language_unknown"),
        *((spoken == code, f"language_{code}") for code in LANGUAGES),
        else_="language_other",
    )


def _tenure(portraits: ir.Table) -> ir.StringValue:
    known = portraits["as_of"].delta(portraits["first_seen_at"], unit="second")
    return _below(known / SECONDS_PER_DAY, TENURES, "tenure_longer", "tenure_unknown")


def _rhythm(portraits: ir.Table) -> ir.StringValue:
    between = portraits["average_days_between_orders"]
    return ibis.cases(
        (portraits["orders"] == 0, "rhythm_none"),
        (portraits["orders"] == 1, "rhythm_once"),
        else_=_below(between, RHYTHMS, "rhythm_year", "rhythm_unknown"),
    )


def _discount(portraits: ir.Table) -> ir.StringValue:
    return _below(portraits["discount_share"], DISCOUNTS, "discount_much", "discount_unknown")


def _daypart(portraits: ir.Table) -> ir.StringValue:
    return _below(portraits["preferred_hour"], DAYPARTS, "daypart_night", "daypart_unknown")


_BY_DIVISION: Mapping[str, Callable[[ir.Table], ir.StringValue]] = {
    "age": _age,
    "household": _household,
    "language": _language,
    "tenure": _tenure,
    "rhythm": _rhythm,
    "discount": _discount,
    "daypart": _daypart,
}
