"""Codes of groups of customers: segments, what they are worth, and what is notable in them."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.tables import TABLES

__all__ = ["GROUPS", "SEGMENTS"]

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
OUTCOMES_OF_TOTALS = ("good", "too_low", "too_high", "uncertain")

CHANNEL_SEGMENTS = (
    "omnichannel",
    "online_only",
    "store_only",
    "other_only",
    "browsing_only",
    "known_only",
)
OTHER_SEGMENTS = (
    "top_20",
    "middle_60",
    "low_20",
    "no_purchase",
    "category_other",
    "category_unknown",
    "age_under_25",
    "age_25_34",
    "age_35_44",
    "age_45_54",
    "age_55_64",
    "age_65_up",
    "age_unknown",
    "household_1",
    "household_2",
    "household_3_up",
    "household_unknown",
    "language_nl",
    "language_fr",
    "language_de",
    "language_en",
    "language_other",
    "language_unknown",
    "tenure_under_90_days",
    "tenure_under_year",
    "tenure_second_year",
    "tenure_longer",
    "tenure_unknown",
    "rhythm_6_weeks",
    "rhythm_quarter",
    "rhythm_half_year",
    "rhythm_year",
    "rhythm_once",
    "rhythm_none",
    "rhythm_unknown",
    "discount_hardly",
    "discount_some",
    "discount_much",
    "discount_unknown",
    "daypart_morning",
    "daypart_afternoon",
    "daypart_evening",
    "daypart_night",
    "daypart_unknown",
    "not_yet",  # as it is told of who had not bought at an earlier date
)
TRAITS = (
    "orders",
    "revenue",
    "since_purchase",
    "known_for",
    "visits",
    "online_share",
    "products",
    "discount_share",
    "return_share",
    "opened_share",
    "tickets",
    "reviews",
    "age",
)
SEGMENTATIONS = (
    "rfm",
    "value",
    "channel",
    "category",
    "age",
    "household",
    "language",
    "tenure",
    "rhythm",
    "discount",
    "daypart",
)

GROUPS: Mapping[str, tuple[str, ...]] = {
    "best_aspect": TABLES["best_differences"].column("aspect").allowed,
    "channel_segment": CHANNEL_SEGMENTS,
    "group_question": ("share", "mean", "shares", "means", "model"),
    "joined_theme": ("paths", "reach", "trouble", "after"),
    "pattern": TABLES["patterns"].column("kind").allowed,
    "segment": (*SEGMENTS, *CHANNEL_SEGMENTS, *OTHER_SEGMENTS),
    "segment_meaning": SEGMENTS,
    "segmentation": (*SEGMENTATIONS, "persona", "target_group", "orientation_channel"),
    "segmentation_meaning": SEGMENTATIONS,
    "trait": TRAITS,
    "value_model": TABLES["value_checks"].column("model").allowed,
    "value_model_meaning": TABLES["customer_values"].column("order_model").allowed,
    "value_accuracy": (
        *(f"{item}_{code}" for item in ("orders", "revenue") for code in OUTCOMES_OF_TOTALS),
        *(f"top_tenth_{code}" for code in ("good", "weak", "uncertain")),
    ),
    "value_use": ("all", "total", "ranking", "orders", "nothing"),
    "value_score": ("orders", "amount", "squared_error", "brier", "correlation"),
    "value_verdict": (
        "best",
        "none_good",
        "too_few",
        "few_customers",
        "no_repeats",
        "too_short",
        "undated",
        "no_days",
        "unforeseen",
        "nothing",
    ),
}
