"""One customer in twenty, by chance and always the same: from whom a quick count is estimated."""

from __future__ import annotations

import ibis.expr.types as ir

__all__ = ["SAMPLED_OF", "is_sampled"]

SAMPLED_OF = 20
# The integer hash of H2 (Thomas Mueller): numbers at any fixed distance of each other fall as if by
# chance, which a multiplication alone does not do. Products stay below 2 ** 63, so engines agree.
MULTIPLIER, RANGE, HALF = 0x45D9F3B, 2**32, 16
LIMIT = RANGE // SAMPLED_OF


def is_sampled(customer_id: ir.IntegerValue) -> ir.BooleanValue:
    """Whether a customer is one of the sample, by the number alone."""
    spread = customer_id % RANGE
    for _ in range(2):
        spread = (spread ^ (spread >> HALF)) * MULTIPLIER % RANGE
    return (spread ^ (spread >> HALF)) < LIMIT
