"""Codes of who is who: what ties records, what keeps them apart, and how far they agree."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.tables import TABLES

__all__ = ["IDENTITY"]

IDENTIFIERS = TABLES["identifiers"].column("kind").allowed
# To which degree a field of two records agrees: as `identity.comparing` has them.
MATCH_LEVELS = (
    "same",
    "near",
    "alike",
    "swapped",
    "crossed",
    "called",
    "initial",
    "part",
    "heard",
    "slip",
    "two_figures",
    "two_parts",
    "year",
    "street",
    "moved",
    "number",
    "unplaced",
    "town",
    "area",
    "mailbox",
    "other",
    "lacking",
)

IDENTITY: Mapping[str, tuple[str, ...]] = {
    "agreement": ("same", "alike", "differs", "lacking"),
    "barred": (
        *TABLES["blocked_identifiers"].column("reason").allowed,
        *TABLES["matches"].column("stopped_by").allowed,
    ),
    "barred_short": TABLES["blocked_identifiers"].column("reason").allowed,
    "identifier": IDENTIFIERS,
    "match_field": tuple(
        name.removeprefix("weight_")
        for name in TABLES["matches"].schema.names
        if name.startswith("weight_")
    ),
    "match_level": MATCH_LEVELS,
    "record_field": (
        "first_name",
        "last_name",
        "gender",
        "birth_on",
        "email",
        "phone",
        "address",
        "postcode",
        "city",
        "country",
    ),
    "rule": (*IDENTIFIERS, "alone", "matched", "decided", "nobody"),
    "stated": (
        "ties",
        "unknown",
        "junk",
        "shared",
        "unique",
        "several",
        "conflict",
        "doubtful",
    ),
    "verdict": ("same", "different", "unsure"),
}
