"""What each kind of identifier may do: the one table that identity goes by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

from klantreis.settings import IdentifierSettings

__all__ = [
    "RULES",
    "IdentifierRule",
    "Reach",
    "kinds",
    "ranks",
    "rounds",
    "rules_with",
    "unique_kinds",
]


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
        reach: whom it points to.
        priority: the lowest ties first, and names the tie when several hold.
        persons_limit: most records of one source that may state the same value before it is
            shared; the workspace's own limit holds where that is lower.
        is_unique: whether a customer has one value at most.
        is_own_limit: whether somebody set the limit of this kind.
        is_own_priority: whether somebody set its priority; it goes before others with the same.
        junk: patterns of values that point to nobody.
    """

    kind: str
    reach: Reach
    priority: int
    persons_limit: int
    is_unique: bool = False
    is_own_limit: bool = False
    is_own_priority: bool = False
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
        IdentifierRule("subscriber", Reach.ADDRESS, 8, persons_limit=6),
        IdentifierRule("phone", Reach.HOUSEHOLD, 9, persons_limit=6),
        IdentifierRule("device", Reach.DEVICE, 10, persons_limit=20),
        IdentifierRule("cookie", Reach.DEVICE, 11, persons_limit=20),
        # A bank account is often a couple's or a company's.
        IdentifierRule("payer", Reach.GROUP, 12, persons_limit=0),
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
        priority=own.priority or rule.priority,
        persons_limit=own.limit or rule.persons_limit,
        is_unique=own.unique,
        is_own_limit=bool(own.limit),
        is_own_priority=bool(own.priority),
        junk=own.junk,
    )


def ranks(rules: Mapping[str, IdentifierRule]) -> Mapping[str, int]:
    """The place of each kind in the order in which they tie, from 1."""
    ordered = sorted(rules.values(), key=lambda rule: (rule.priority, not rule.is_own_priority))
    return {rule.kind: place for place, rule in enumerate(ordered, start=1)}


def rounds(rules: Mapping[str, IdentifierRule]) -> list[tuple[Reach, list[str]]]:
    """The kinds that tie by what they say of a human being, in order; neighbours of one reach tie together.

    >>> [len(kinds) for _, kinds in rounds(RULES)]
    [3, 5, 1]
    """
    found: list[tuple[Reach, list[str]]] = []
    for kind in ranks(rules):
        reach = rules[kind].reach
        if reach in (Reach.DEVICE, Reach.GROUP):
            continue
        if not found or found[-1][0] is not reach:
            found.append((reach, []))
        found[-1][1].append(kind)
    return found


def unique_kinds(rules: Mapping[str, IdentifierRule]) -> tuple[str, ...]:
    """The kinds of which a customer has one value at most."""
    return tuple(kind for kind, rule in rules.items() if rule.is_unique)


def kinds(*reaches: Reach) -> tuple[str, ...]:
    """The kinds of identifier with one of these reaches."""
    return tuple(rule.kind for rule in RULES.values() if rule.reach in reaches)
