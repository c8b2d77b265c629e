"""What an identifier of each kind may do: tie records together, and how far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["RULES", "IdentifierRule"]


@dataclass(frozen=True)
class IdentifierRule:
    """How far an identifier of a kind can be trusted.

    Attributes:
        kind: as in the contract of `identifiers`.
        priority: 1 is the strongest; it names the link when several tie the same record.
        conflict: when persons who state the same value are taken for different people.
            `birth_and_name`: their birth dates differ and so do their first initials;
            `name`: their first initials differ, or their birth dates do; `never`: not.
        is_of_device: belongs to a thing that several people may use: ties nobody as soon as
            two signed-in people were seen on it.
        is_single: a customer has one or a few; a person record that states many is an account
            that many people use (a till's own card), and ties nobody by this kind.
    """

    kind: str
    priority: int
    conflict: Literal["birth_and_name", "name", "never"] = "never"
    is_of_device: bool = False
    is_single: bool = False


RULES: Mapping[str, IdentifierRule] = {
    rule.kind: rule
    for rule in (
        IdentifierRule("user_id", 1, is_single=True),
        IdentifierRule("customer_number", 2),
        IdentifierRule("loyalty_card", 3, conflict="birth_and_name", is_single=True),
        IdentifierRule("email", 4, conflict="birth_and_name", is_single=True),
        IdentifierRule("email_sha256", 5, is_single=True),
        IdentifierRule("order", 6),
        IdentifierRule("social", 7),
        IdentifierRule("payer", 8, conflict="name"),
        IdentifierRule("phone", 9, conflict="name", is_single=True),
        IdentifierRule("device", 10, is_of_device=True),
        IdentifierRule("cookie", 11, is_of_device=True),
    )
}
