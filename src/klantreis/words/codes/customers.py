"""Codes of portraits and journeys: who customers are, where they were, and what happened."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.tables import TABLES
from klantreis.tables.vocabulary import CHANNELS, EVENTS

__all__ = ["CUSTOMERS"]


CUSTOMERS: Mapping[str, tuple[str, ...]] = {
    "channel": CHANNELS,
    "consent": TABLES["consents"].column("purpose").allowed,
    "emotion_kind": TABLES["emotions"].column("kind").allowed,
    "end": ("start", "purchase_end", "lapse_end", "open_end", "goes_on", "rest"),
    "event": tuple(EVENTS),
    "evidence": ("measured", "asked", "assumed"),
    "gender": TABLES["customers"].column("gender").allowed,
    "language": ("nl", "en", "fr", "de"),
    "mark": ("visit", "purchase", "return", "said", "trouble"),
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
    "purchase_moment": TABLES["questions"].column("moment").allowed,
    "weekday": tuple("1234567"),
}
