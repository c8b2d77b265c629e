"""Codes of the condition language: its words, its parts, and what can be wrong."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["RULES"]

RULE_ERRORS = (
    "condition_expected",
    "unknown_name",
    "unknown_event",
    "unknown_value",
    "unknown_field",
    "unknown_sign",
    "unexpected_word",
    "unfinished_text",
    "operator_expected",
    "number_expected",
    "text_expected",
    "date_expected",
    "unit_expected",
    "too_deep",
    "too_long",
    "unknown_audience",
    "audience_circle",
)
# What an editor offers at a place of a rule, and what its words do there.
RULE_PARTS = (
    "word",
    "sign",
    "column",
    "measure",
    "function",
    "field",
    "unit",
    "event",
    "channel",
    "consent",
    "segment",
    "persona",
    "phase",
    "in_audience",
    "category",
    "source",
    "brand",
    "value",
)
RULE_WORDS = (
    *("not", "did", "(", ")", ",", "and", "or", "in", "in last", "last", "from", "to", "until"),
    *("ago", "via", "where", "then", "within", "is known", "known", "is unknown", "unknown"),
    *("contains", "orders", "revenue", "returns", "visits", "count", "sum", "first"),
    *("consent", "segment", "persona", "phase", "in_audience", "channel", "source", "category"),
    "brand",
    *("amount", "score", "page", "campaign", "product_id", "order_id", "store_id", "text"),
)

RULES: Mapping[str, tuple[str, ...]] = {
    "may_stand": ("event_or_rule", "text"),
    "rule_error": RULE_ERRORS,
    "rule_kind": ("number", "text", "flag", "moment", "date"),
    "rule_part": RULE_PARTS,
    "rule_word": RULE_WORDS,
}
