"""What people decided, handed to the steps that ask for it by name.

A decision is part of a step's fingerprint: after a change only what rests on it is made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from klantreis.state import State

__all__ = ["DECISIONS"]


def _own_consents(state: State) -> Mapping[str, tuple[object, ...]]:
    """What customers said of e-mail to one of us, or by a click in a mail."""
    granted, refused, emails = state.consents.last_words("email_marketing")
    withdrawn, clicked = state.campaigns.withdrawn()
    return {
        "granted": tuple(sorted(granted)),
        "refused": tuple(sorted(refused | withdrawn)),
        "refused_emails": tuple(sorted(emails | clicked)),
    }


def _own_decisions(state: State) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Pairs of person records that people said are one human being, and that are different ones."""
    told = state.identity.in_force()
    return {
        verdict: tuple(sorted(one.pair for one in told if one.verdict == verdict))
        for verdict in ("same", "different")
    }


DECISIONS: Mapping[str, Callable[[State], object]] = {
    "topics": lambda state: state.research.topics(),
    "notes": lambda state: state.research.notes_for_steps(),
    "own_consents": _own_consents,
    "own_decisions": _own_decisions,
}
