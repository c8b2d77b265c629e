"""What the page of a customer's consents shows, and what its address may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Query

__all__ = ["Privacy", "PrivacyQuery", "Purpose", "Statement"]


@dataclass(frozen=True)
class PrivacyQuery:
    """The customer's number; one that went over into another leads there.

    Attributes:
        problem: `confirmation` when the number that was typed to erase was another one.
    """

    customer_id: int
    problem: Annotated[str, Query(max_length=20)] = ""


@dataclass(frozen=True)
class Statement:
    """A yes or no.

    Attributes:
        stated_at: when it was stated (UTC).
        source: folder of the exports; `klantreis` when one of us wrote it down, `unsubscribe` when
            the customer clicked so in a mail.
        heard_by, note, entered_by: of one that was written down.
    """

    is_granted: bool
    stated_at: datetime
    source: str
    heard_by: str
    note: str
    entered_by: str


@dataclass(frozen=True)
class Purpose:
    """One purpose.

    Attributes:
        purpose: code.
        is_allowed: the strictest of what each record last said.
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
        choices: purposes that can be written down.
        today: the latest day that can be written down.
        problem: as asked.
        erasure_id: of the erasure of this customer that is under way; empty when there is none.
    """

    customer_id: int
    name: str
    purposes: tuple[Purpose, ...]
    choices: tuple[str, ...]
    today: date
    problem: str
    erasure_id: str
