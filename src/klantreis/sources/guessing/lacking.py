"""What rows must have and no column of a file gives."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.sources.guessing.guesses import Guess
from klantreis.sources.guessing.kinds import Kinds
from klantreis.sources.guessing.returning import has_only_comings

__all__ = ["lacks_of"]

AMOUNT = "orders.total_amount"
# By kind of rows the columns of ours that cannot be empty, each with the meanings that fill it.
NEEDS: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "order": (
        ("orders.ordered_at", ("occurred_at",)),
        (AMOUNT, ("total_amount", "unit_amount")),
    ),
    "order_line": (
        ("orders.order_id", ("order_id",)),
        ("orders.ordered_at", ("occurred_at",)),
        ("order_lines.line_amount", ("line_amount", "unit_amount")),
    ),
    "return": (("orders.ordered_at", ("returned_at", "occurred_at")),),
    "appointment": (("events.occurred_at", ("appointment_at", "occurred_at")),),
    "payment": (
        ("payments.created_at", ("occurred_at",)),
        ("payments.status", ("payment_status",)),
    ),
    "event": (("events.name", ("event_name",)), ("events.occurred_at", ("occurred_at",))),
    "message": (
        ("messages.action", ("message_action",)),
        ("messages.occurred_at", ("occurred_at",)),
    ),
    "feedback": (("feedback.occurred_at", ("occurred_at",)),),
    "answer": (
        ("survey_answers.question_id", ("question",)),
        ("survey_answers.answered_at", ("occurred_at",)),
    ),
    "spend": (("spend.spent_on", ("occurred_at",)), ("spend.cost_amount", ("cost_amount",))),
    "stock": (
        ("stock_levels.product_id", ("product_id",)),
        ("stock_levels.counted_on", ("occurred_at",)),
        ("stock_levels.quantity", ("quantity",)),
    ),
    "product": (("products.product_id", ("product_id",)),),
}


def lacks_of(found: Guess, kinds: Mapping[str, Kinds]) -> tuple[str, ...]:
    """What records must have and no column gives, and cannot be worked out of others.

    Returns:
        Tables and columns of ours, as `orders.total_amount`.
    """
    means = {one.column: one.means for one in found.columns}
    given = set(means.values())
    lacks = tuple(target for target, ways in NEEDS.get(found.row_is, ()) if given.isdisjoint(ways))
    # A list of who came when has no amounts to give.
    return () if lacks == (AMOUNT,) and has_only_comings(kinds, means) else lacks
