"""Lists of what came back: told from lists of orders of which some came back later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from klantreis.sources.guessing.kinds import NEARLY_ALL, Kinds
from klantreis.sources.guessing.naming import Assigned, Concept, name_likeness
from klantreis.sources.guessing.samples import Sample

__all__ = ["AMOUNTS", "amount_of_return", "are_returns", "doubts_of_returns"]

# What tells how much was paid back, surest first.
AMOUNTS = ("refunded_amount", "total_amount")
SURE_NAME = 0.85
# Has no place in our tables, and still tells that rows are of returns.
REASON = Concept(
    "return_reason",
    ("text",),
    frozenset(
        (
            "reden",
            "retourreden",
            "reden retour",
            "reden van retour",
            "retour reden",
            "reason",
            "return reason",
            "reason for return",
            "refund reason",
            "retourengrund",
        )
    ),
)


def are_returns(kinds: Mapping[str, Kinds], assigned: Assigned) -> bool:
    """Whether each row tells of something that came back: it has a number or day of the return,
    and more than such a number tells of returns.

    In a list of orders few rows have those. `Status` and `Reden` alone are of many things.

    Args:
        assigned: what the columns would mean in a list of returns.
    """
    column_of = {means: column for column, (means, _) in assigned.items()}
    always = {
        means
        for means in ("return_id", "returned_at")
        if means in column_of and _is_full(kinds[column_of[means]])
    }
    if not always:
        return False
    own = {means for means in ("return_id", "returned_at", "refunded_amount") if means in column_of}
    told = len(own) + _has_reason(kinds)
    # A day of coming back alone is that of a loan, or of a journey.
    return told >= 2 or ("return_id" in always and "order_id" in column_of)


def _is_full(of: Kinds) -> bool:
    return of.rows > 0 and of.filled >= NEARLY_ALL * of.rows


def _has_reason(kinds: Mapping[str, Kinds]) -> bool:
    return any(
        name_likeness(column, REASON) >= SURE_NAME and of.share("text") >= NEARLY_ALL
        for column, of in kinds.items()
    )


def amount_of_return(sample: Sample, column_of: Mapping[str, str]) -> str:
    """Whether the amount that was paid back is that of the `return`, the same in each of its rows,
    or of the `line`; empty where no column tells it."""
    amount = next((column_of[means] for means in AMOUNTS if means in column_of), None)
    if amount is None:
        return ""
    number = column_of.get("return_id") or column_of.get("order_id")
    if number is None:
        return "return"
    seen: dict[str | None, list[str | None]] = defaultdict(list)
    for one, value in zip(sample.columns[number], sample.columns[amount], strict=True):
        seen[one].append(value)
    several = [values for values in seen.values() if len(values) > 1]
    if not several:
        return "line"  # one row each: what is of the one is of the other
    return "return" if all(len(set(values)) == 1 for values in several) else "line"


def doubts_of_returns(row_is: str, given: frozenset[str]) -> Mapping[str, bool]:
    """By code of a doubt about a list of returns whether there is one.

    Args:
        given: what its columns mean.
    """
    is_of_returns = row_is == "return"
    return {
        "returned_amounts": is_of_returns
        and given.isdisjoint((*AMOUNTS, "line_amount", "unit_amount")),
        "returned_orders": is_of_returns and "order_id" in given,
    }
