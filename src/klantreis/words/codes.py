"""Every code that the pages put into words, by context; both catalogues hold all of them."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.tables import TABLES
from klantreis.tables.vocabulary import CHANNELS, EVENTS

__all__ = ["codes"]

SEGMENTS = (
    "champions",
    "loyal",
    "potential_loyal",
    "new",
    "promising",
    "needs_attention",
    "about_to_sleep",
    "at_risk",
    "cannot_lose",
    "hibernating",
    "lost",
)

CHANNEL_SEGMENTS = ("omnichannel", "online_only", "store_only", "other_only", "browsing_only")


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
RULE_ERRORS = (
    "condition_expected",
    "unknown_name",
    "unknown_event",
    "unknown_value",
    "unknown_sign",
    "unexpected_word",
    "unfinished_text",
    "operator_expected",
    "number_expected",
    "text_expected",
    "date_expected",
    "unit_expected",
    "too_deep",
    "unknown_audience",
    "audience_circle",
)


def codes() -> Mapping[str, tuple[str, ...]]:
    """The codes of each context."""
    identifiers = TABLES["identifiers"].column("kind").allowed
    return {
        "change": (
            "action_added",
            "action_changed",
            "action_moved",
            "action_removed",
            "card_added",
            "card_commented",
            "card_edited",
            "card_grounded",
            "card_moved",
            "card_removed",
            "card_ungrounded",
            "cycle_started",
            "effort_judged",
            "goal_chosen",
            "kpi_chosen",
            "kpi_dropped",
            "kpi_of_persona",
            "map_copied",
            "need_decided",
            "offer_added",
            "offer_removed",
            "redo",
            "sheet_taken_in",
            "strategy_written",
            "undo",
        ),
        "block_reason": BLOCK_REASONS,
        "campaign_action": CAMPAIGN_ACTIONS,
        "campaign_outcome": ("sent", "sent_service", "blocked", "held_out"),
        "campaign_channel": ("email", "webhook", "file"),
        "outbox_status": ("due", "claimed", "handed", "sent", "refused", "uncertain", "dropped"),
        "rule_error": RULE_ERRORS,
        "rule_kind": ("number", "text", "flag", "moment", "date"),
        "channel": CHANNELS,
        "channel_segment": CHANNEL_SEGMENTS,
        "decision": ("open", "chosen", "parked", "refused"),
        "consent": TABLES["consents"].column("purpose").allowed,
        "end": ("start", "purchase_end", "lapse_end", "open_end", "goes_on", "rest"),
        "event": tuple(EVENTS),
        "evidence": ("measured", "asked", "assumed"),
        "gender": TABLES["customers"].column("gender").allowed,
        "identifier": identifiers,
        "language": ("nl", "en", "fr", "de"),
        "lane": ("response", "pain", "gain", "opportunity", "action", "note"),
        "map_number": ("reached", "stopped", "returned", "stay"),
        "mark": ("visit", "purchase", "return", "said", "trouble"),
        "offer_side": ("product", "creator", "reliever"),
        "outcome": TABLES["journeys"].column("outcome").allowed,
        "payment": (
            "ideal",
            "card",
            "creditcard",
            "cash",
            "klarna",
            "paypal",
            "bancontact",
            "giftcard",
        ),
        "purpose": ("read", "metrics", "collect"),
        "emotion_kind": TABLES["emotions"].column("kind").allowed,
        "persona_field": ("face", "name", "age", "town", "household", "hobbies", "story", "quote"),
        "purchase_moment": TABLES["questions"].column("moment").allowed,
        "reason": TABLES["quarantine"].column("reason").allowed,
        "role": ("viewer", "editor", "admin"),
        "refused": ("changed", "gone", "nothing", "plan", "reason", "sheet", "target", "wrong"),
        "strategy_part": ("identity", "goal", "choices", "not_done"),
        "rule": (*identifiers, "alone"),
        "segment": SEGMENTS,
        "segment_meaning": SEGMENTS,
        "standing": ("alarm", "behind", "no_target", "on_target", "unmeasured", "unsure"),
        "status": ("idea", "planned", "doing", "done", "stopped"),
        "segmentation": ("channel", "persona", "rfm", "value"),
        "table": tuple(TABLES),
        "variant": ("as_is", "to_be", "both"),
        "wrong_cell": (
            "changed_meanwhile",
            "error_value",
            "no_text",
            "taken_off",
            "too_long",
            "unknown_lane",
            "unknown_phase",
        ),
    }
