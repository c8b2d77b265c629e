"""Secrets that we hand out: long and random, so that a plain hash is enough to keep them by."""

from __future__ import annotations

import hashlib
import secrets

__all__ = ["hashed", "new_secret"]


def new_secret() -> str:
    """256 random bits, fit for an address or a header."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """What is kept of a secret.

    >>> hashed("a")[:8]
    'ca978112'
    """
    return hashlib.sha256(secret.encode()).hexdigest()
