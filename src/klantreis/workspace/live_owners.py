"""Whose collected events are, before identity has seen them: certain, or nobody's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["Statement", "owners"]

ACCOUNT = "user_id"


@dataclass(frozen=True)
class Statement:
    """That a person record goes by an identifier: `user_id`, `cookie`, `subscriber` or `order`."""

    kind: str
    value: str


def owners(
    stated: Mapping[str, Iterable[Statement]],
    links: Mapping[str, int],
    pointing: Mapping[Statement, frozenset[int]],
    known: frozenset[int],
) -> dict[str, int]:
    """The customer of each person record that was collected; who is not certain is left out.

    Who signed in is the customer of the account. A visit without an account belongs to whoever
    all that is known of its cookie, orders and links of mailings points to: the tables, and the accounts that were
    seen with it since. Where that are two customers, or an account that is new, it stays unknown.

    Args:
        stated: what each person record goes by.
        links: customer of each person record that the tables know.
        pointing: customers of each identifier in the tables.
        known: customers who have a name or address; a cookie alone yields to them.

    Returns:
        Customer by person record.
    """
    by_account = {
        person: _of_account(person, set(statements), links, pointing)
        for person, statements in stated.items()
        if any(one.kind == ACCOUNT for one in statements)
    }
    seen_with: dict[Statement, set[int | None]] = {}
    for person, customer in by_account.items():
        for one in stated[person]:
            if one.kind != ACCOUNT:
                seen_with.setdefault(one, set()).add(customer)
    found = {person: customer for person, customer in by_account.items() if customer is not None}
    for person, statements in stated.items():
        if person in by_account:
            continue
        claims: set[int | None] = {links[person]} if person in links else set()
        for one in statements:
            claims |= pointing.get(one, frozenset())
            claims |= seen_with.get(one, set())
        claims = {one for one in claims if one is None or one in known} or claims
        if len(claims) == 1 and (customer := claims.pop()) is not None:
            found[person] = customer
    return found


def _of_account(
    person: str,
    statements: Iterable[Statement],
    links: Mapping[str, int],
    pointing: Mapping[Statement, frozenset[int]],
) -> int | None:
    if person in links:
        return links[person]
    accounts = [pointing.get(one, frozenset()) for one in statements if one.kind == ACCOUNT]
    customers = frozenset().union(*accounts)
    return next(iter(customers)) if len(customers) == 1 else None
