"""One customer in twenty, by chance and always the same: from whom a quick count is estimated."""

from __future__ import annotations

import ibis.expr.types as ir

__all__ = ["SAMPLED_OF", "is_sampled"]

SAMPLED_OF = 20
# Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): numbers that follow on each
# other are spread evenly. Products stay below 2 ** 63, so engines agree.
MULTIPLIER, RANGE = 2_654_435_761, 2**32
LIMIT = RANGE // SAMPLED_OF


def is_sampled(customer_id: ir.IntegerValue) -> ir.BooleanValue:
    """Whether a customer is one of the sample, by the number alone."""
    spread: ir.BooleanValue = (customer_id % 2**31) * MULTIPLIER % RANGE < LIMIT
    return spread
