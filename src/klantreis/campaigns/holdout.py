"""Who gets nothing, so that the effect can be measured: at random, and the same every time."""

from __future__ import annotations

import hashlib

__all__ = ["EVERYTHING", "is_held_out", "share_held_out"]

EVERYTHING = "*"  # the holdout over all campaigns together


def is_held_out(customer_id: int, campaign: str, share: float, *, salt: str) -> bool:
    """Whether a customer is in the holdout of a campaign, or with `EVERYTHING` in that of all.

    A hash makes the choice random over customers and campaigns, yet stable: no list is kept,
    and who is held out today is so tomorrow. A larger share holds all of a smaller one.

    >>> sum(is_held_out(number, "win_back", 0.2, salt="s") for number in range(10_000))
    1982
    """
    text = f"{salt}/{campaign}/{customer_id}".encode()
    number = int.from_bytes(hashlib.sha256(text).digest()[:8], "big")
    return bool(number < share * 2**64)


def share_held_out(campaign_share: float, global_share: float) -> float:
    """The part that gets nothing of a campaign, both holdouts together.

    >>> round(share_held_out(0.1, 0.05), 4)
    0.145
    """
    return 1 - (1 - campaign_share) * (1 - global_share)
