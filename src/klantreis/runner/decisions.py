"""What people decided, handed to the steps that ask for it by name.

A decision is part of a step's fingerprint: after a change only what rests on it is made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from klantreis.state import State

__all__ = ["DECISIONS"]

DECISIONS: Mapping[str, Callable[[State], object]] = {
    "topics": lambda state: state.research.topics(),
    "notes": lambda state: state.research.notes_for_steps(),
}
