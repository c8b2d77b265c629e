"""Codes of accounts, privacy and updates: roles, what is kept how long, erasure, stages of a run."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.tables import TABLES

__all__ = ["TRUST"]


TRUST: Mapping[str, tuple[str, ...]] = {
    "erasure_stage": ("exports", "tables", "state", "proof"),
    "kept": (
        "events",
        "orders",
        "messages",
        "feedback",
        "customers",
        "collected",
        "taken_back",
        "campaigns",
        "audit",
        "versions",
        "proofs",
        "backups",
    ),
    "kept_unit": ("rows", "customers", "files", "lines", "versions", "proofs"),
    "purpose": ("read", "metrics", "collect"),
    "role": ("viewer", "editor", "admin"),
    "update_stage": (
        "import",
        *dict.fromkeys(table.room for table in TABLES.values()),
        "publish",
    ),
}
