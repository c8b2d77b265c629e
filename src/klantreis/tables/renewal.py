"""What a step returns that goes on from its last published table."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir

__all__ = ["Renewal"]


@dataclass(frozen=True)
class Renewal:
    """The rows that a step made anew; all others hold as they were published.

    Attributes:
        fresh: rows in the shape of the contract.
        gone: keys of the rows of before that hold no longer, each once; those that have a fresh
            row in their place are among them.
        is_compared: each key of `gone` was there, and rows that say what they said before were
            left out, as far as that pays; otherwise the runner does so.
        held: the rows of before with the keys of `gone`, where the step has read them already.
    """

    fresh: ir.Table
    gone: ir.Table
    is_compared: bool = False
    held: ir.Table | None = None
