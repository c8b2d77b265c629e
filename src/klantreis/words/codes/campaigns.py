"""Codes of campaigns: what became of messages."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["CAMPAIGNS"]

# Why a message did not go out, or why somebody left.
BLOCK_REASONS = (
    "too_late",
    "no_address",
    "payment_failed",
    "payment_pending",
    "no_consent",
    "bought",
    "open_complaint",
    "out_of_stock",
    "recently_returned",
    "frequency_cap",
    "quiet_hours",
    "campaign",
    "all_campaigns",
    "cancelled",
    "return",
    "refund",
    "review",
    "ticket",
    "chat",
)
CAMPAIGN_ACTIONS = (
    "entered",
    "sent",
    "blocked",
    "postponed",
    "held_out",
    "exited",
    "finished",
)

CAMPAIGNS: Mapping[str, tuple[str, ...]] = {
    "block_reason": BLOCK_REASONS,
    "campaign_action": CAMPAIGN_ACTIONS,
    "campaign_channel": ("email", "webhook", "file"),
    "campaign_outcome": ("sent", "sent_service", "blocked", "held_out"),
    "outbox_status": ("due", "claimed", "handed", "sent", "refused", "uncertain", "dropped"),
}
