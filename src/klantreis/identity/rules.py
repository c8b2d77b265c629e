"""What each kind of identifier may do: the one table that identity goes by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

from klantreis.settings import IdentifierSettings

__all__ = ["RULES", "IdentifierRule", "Reach", "kinds", "rules_with"]


class Reach(IntEnum):
    """Whom an identifier points to, from one human being to several; the surest tie first."""

    ACCOUNT = 1  # one account, made for one human being
    ADDRESS = 2  # mostly one human being, now and then a couple
    HOUSEHOLD = 3  # mostly all who live at one address
    DEVICE = 4  # whoever holds it
    GROUP = 5  # too wide to say anything of one human being


@dataclass(frozen=True)
class IdentifierRule:
    """How one kind of identifier ties person records.

    Attributes:
        kind: kind of identifier, as in the contract of `identifiers`.
        reach: whom it points to; ties are made in this order.
        priority: the lowest names the tie when several hold.
        persons_limit: most records of one source that may state the same value before it is
            shared; the workspace's own limit holds where that is lower.
        is_unique: whether a customer has one value at most.
        is_own_limit: whether somebody set the limit of this kind.
        junk: patterns of values that point to nobody.
    """

    kind: str
    reach: Reach
    priority: int
    persons_limit: int
    is_unique: bool = False
    is_own_limit: bool = False
    junk: tuple[str, ...] = ()

    @property
    def may_tie(self) -> bool:
        return self.reach is not Reach.GROUP


RULES: Mapping[str, IdentifierRule] = {
    rule.kind: rule
    for rule in (
        IdentifierRule("customer_number", Reach.ACCOUNT, 1, persons_limit=3),
        IdentifierRule("user_id", Reach.ACCOUNT, 2, persons_limit=3),
        IdentifierRule("loyalty_card", Reach.ACCOUNT, 3, persons_limit=4),
        IdentifierRule("email", Reach.ADDRESS, 4, persons_limit=6),
        IdentifierRule("email_sha256", Reach.ADDRESS, 5, persons_limit=6),
        IdentifierRule("order", Reach.ADDRESS, 6, persons_limit=3),
        IdentifierRule("social", Reach.ADDRESS, 7, persons_limit=3),
        IdentifierRule("phone", Reach.HOUSEHOLD, 8, persons_limit=6),
        IdentifierRule("device", Reach.DEVICE, 9, persons_limit=20),
        IdentifierRule("cookie", Reach.DEVICE, 10, persons_limit=20),
        # A bank account is often a couple's or a company's.
        IdentifierRule("payer", Reach.GROUP, 11, persons_limit=0),
    )
}


def rules_with(identifier_rules: Mapping[str, IdentifierSettings]) -> Mapping[str, IdentifierRule]:
    """The rules with what the workspace's owner set otherwise, by kind."""
    return {kind: _changed(rule, identifier_rules.get(kind)) for kind, rule in RULES.items()}


def _changed(rule: IdentifierRule, own: IdentifierSettings | None) -> IdentifierRule:
    if own is None:
        return rule
    return replace(
        rule,
        persons_limit=own.limit or rule.persons_limit,
        is_unique=own.unique,
        is_own_limit=bool(own.limit),
        junk=own.junk,
    )


def kinds(*reaches: Reach) -> tuple[str, ...]:
    """The kinds of identifier with one of these reaches."""
    return tuple(rule.kind for rule in RULES.values() if rule.reach in reaches)
