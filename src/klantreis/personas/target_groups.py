"""Target groups: who is to be served, divided by main need or by a segmentation."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

__all__ = ["BY_NEED", "FEWEST_SPEAKERS", "target_groups", "told_needs"]

BY_NEED = "need"
# With fewer than this the share of a need lies more than about 15 percentage points off.
FEWEST_SPEAKERS = 40
ENOUGH_ASKED = 400
MOST_TELLING = ibis.window(group_by="customer_id", order_by=[ibis.desc("weight"), "topic"])


def target_groups(questions: ir.Table, memberships: ir.Table, *, persona_groups: str) -> ir.Table:
    """Divide customers into target groups.

    Only needs count; a problem that someone met (`is_problem`) is none. Where a survey asked at least
    `ENOUGH_ASKED` customers only its answers count: everybody was asked the same, while who writes
    of their own accord mostly has one question. By need a customer belongs to the group of the main need: the topic that was told of most,
    counted heavier the fewer customers tell of it (term frequency times inverse document
    frequency: Salton & Buckley, 1988), so that what everybody says does not decide. Who said
    nothing has no group; groups with fewer than `FEWEST_SPEAKERS` are left out.

    Args:
        questions, memberships: as in their contracts.
        persona_groups: `need`, or a segmentation.

    Returns:
        As in the contract of `target_groups`.
    """
    told = told_needs(questions)
    if persona_groups == BY_NEED:
        groups = _main_needs(told)
    else:
        own = memberships.filter(memberships["segmentation"] == persona_groups)
        groups = own.select("customer_id", target_group="segment")
    spoke = groups.semi_join(told, "customer_id")
    counts = spoke.group_by("target_group").aggregate(speakers=spoke.count())
    enough = counts.filter(counts["speakers"] >= FEWEST_SPEAKERS)
    return groups.semi_join(enough, "target_group")


def told_needs(questions: ir.Table) -> ir.Table:
    """The statements of needs that personas are made of; see `target_groups`.

    Returns:
        `customer_id`, `topic` and `statement_id`.
    """
    own = questions.filter(questions["customer_id"].notnull() & ~questions["is_problem"])
    is_asked = own["evidence"] == "asked"
    asked = own.aggregate(asked=own["customer_id"].nunique(where=is_asked))
    both = own.select("customer_id", "topic", "statement_id", is_asked=is_asked).cross_join(asked)
    counts = both["is_asked"] | (both["asked"] < ENOUGH_ASKED)
    return both.filter(counts).select("customer_id", "topic", "statement_id")


def _main_needs(told: ir.Table) -> ir.Table:
    counts = told.group_by("customer_id", "topic").aggregate(statements=told.count())
    spread = counts.group_by("topic").aggregate(customers=counts.count())
    everyone = told.aggregate(everyone=told["customer_id"].nunique())
    weighed = counts.join(spread, "topic").cross_join(everyone)
    rarity = (weighed["everyone"] / weighed["customers"]).ln()
    # Rounded, so that equal weights are equal on every engine.
    weighed = weighed.mutate(weight=(weighed["statements"] * rarity).round(9))
    ranked = weighed.mutate(rank=ibis.row_number().over(MOST_TELLING))
    return ranked.filter(ranked["rank"] == 0).select("customer_id", target_group="topic")
