"""Codes of what people draw up: personas, maps, needs, value, KPIs and the plan."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["PLANNING"]


PLANNING: Mapping[str, tuple[str, ...]] = {
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
    "decision": ("open", "chosen", "parked", "refused"),
    "lane": ("response", "pain", "gain", "opportunity", "action", "note"),
    "map_number": ("reached", "stopped", "returned", "stay"),
    "offer_side": ("product", "creator", "reliever"),
    "persona_field": ("face", "name", "age", "town", "household", "hobbies", "story", "quote"),
    "refused": ("changed", "gone", "nothing", "plan", "reason", "sheet", "target", "wrong"),
    "standing": ("alarm", "behind", "no_target", "on_target", "unmeasured", "unsure"),
    "status": ("idea", "planned", "doing", "done", "stopped"),
    "strategy_part": ("identity", "goal", "choices", "not_done"),
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
