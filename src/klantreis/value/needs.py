"""Which needs do we answer: each tested against strategy and identity, and the choice with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from klantreis.errors import InputError, message

__all__ = ["DECISIONS", "NeedTest", "need_score", "need_tests", "with_test"]

DECISIONS = ("open", "chosen", "parked", "refused")
NEEDS_REASON = ("parked", "refused")
SCALE = range(1, 6)
REASON_LENGTH = 500


@dataclass(frozen=True)
class NeedTest:
    """What people say of a need.

    Attributes:
        topic: which need, as in the topic list.
        fit: with strategy and identity, 1 (none) to 5 (this is what we are for); 0 for not judged.
        cost: to answer it, 1 (small) to 5 (very large); 0 for not judged.
        decision: one of `DECISIONS`.
        reason: why; asked for what is parked or refused.
        by: who decided last.
    """

    topic: str
    fit: int = 0
    cost: int = 0
    decision: str = "open"
    reason: str = ""
    by: str = ""


def need_tests(content: Mapping[str, Any]) -> dict[str, NeedTest]:
    """The tests that a draft holds, by topic."""
    return {topic: NeedTest(**kept) for topic, kept in content.get("tests", {}).items()}


def with_test(content: Mapping[str, Any], test: NeedTest) -> dict[str, Any]:
    """A draft with one test changed.

    Raises:
        InputError: a judgement outside the scale, an unknown decision, or no reason given.
    """
    for name, value in (("fit", test.fit), ("cost", test.cost)):
        if value and value not in SCALE:
            raise InputError(message("Wrong judgement", where=name, got=str(value), allowed="1-5"))
    if test.decision not in DECISIONS:
        allowed = ", ".join(DECISIONS)
        raise InputError(message("Unknown decision", got=repr(test.decision), allowed=allowed))
    if test.decision in NEEDS_REASON and not test.reason.strip():
        raise InputError(
            message(
                "A reason is lacking",
                where=test.topic,
                got=test.decision,
                next_step="say why, so that the question does not come back every quarter",
            )
        )
    if len(test.reason) > REASON_LENGTH:
        raise InputError(message("The reason is too long", allowed=f"{REASON_LENGTH} letters"))
    return {"tests": {**content.get("tests", {}), test.topic: asdict(test)}}


def need_score(importance: float | None, test: NeedTest) -> float | None:
    """Importance (share of those who spoke, 0 to 1) times fit against cost; None when not judged.

    >>> need_score(0.4, NeedTest("price", fit=5, cost=2))
    1.0
    """
    if importance is None or not test.fit or not test.cost:
        return None
    return importance * test.fit / test.cost
