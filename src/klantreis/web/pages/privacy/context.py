"""What the page of a customer's consents shows, and what its address may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["Privacy", "PrivacyQuery", "Purpose", "Statement"]


@dataclass(frozen=True)
class PrivacyQuery:
    """The customer's number; one that went over into another leads there."""

    customer_id: int


@dataclass(frozen=True)
class Statement:
    """A yes or no, when it was stated (UTC), and in which source."""

    is_granted: bool
    stated_at: datetime
    source: str


@dataclass(frozen=True)
class Purpose:
    """One purpose.

    Attributes:
        purpose: code.
        is_allowed: the strictest of what each source last heard.
        statements: newest first.
    """

    purpose: str
    is_allowed: bool
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Privacy:
    """The whole page.

    Attributes:
        customer_id: number.
        name: of the customer; empty when nobody knows it.
        purposes: in alphabetical order; those about which nothing was ever stated are left out.
    """

    customer_id: int
    name: str
    purposes: tuple[Purpose, ...]
