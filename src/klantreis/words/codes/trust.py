"""Codes of accounts and privacy: roles, what is kept how long, and erasure."""

from __future__ import annotations

from collections.abc import Mapping

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
}
