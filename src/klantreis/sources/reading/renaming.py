"""Columns that people said are called otherwise now, under the names that a mapping knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from klantreis.sources.reading.connection import Expression
from klantreis.sources.reading.raw import Raw
from klantreis.sources.reading.values import as_text

__all__ = ["first_name", "known_names", "name_now", "under_known_names"]

FIRST_NAME = re.compile(r"^(.+?)(?=\.|\[\]|->|$)")


def known_names(names: Sequence[str], renamed: Mapping[str, str]) -> list[str]:
    """The names of a file's columns, those that are new as they were before where that name is free.

    >>> known_names(["Nr", "E-mailadres"], {"e-mail": "E-mailadres", "nr": "Nummer"})
    ['Nr', 'e-mail']
    """
    own = {name.casefold() for name in names}
    back = {now.casefold(): known for known, now in renamed.items() if known.casefold() not in own}
    return [back.get(name.casefold(), name) for name in names]


def first_name(path: str) -> str:
    """The field that a path begins with.

    >>> first_name("amount.value"), first_name("line_items[].sku"), first_name("email")
    ('amount', 'line_items', 'email')
    """
    first = FIRST_NAME.match(path)
    return first[1] if first else path


def name_now(name: str, renamed: Mapping[str, str]) -> str:
    """What a column, or the field that a path begins with, is called now; empty where it is as ever.

    >>> name_now("klant.email", {"klant": "customer"}), name_now("email", {"klant": "customer"})
    ('customer.email', '')
    """
    if name in renamed:
        return renamed[name]
    first = FIRST_NAME.match(name)
    if not first or first[1] not in renamed:
        return ""
    return renamed[first[1]] + name[first.end() :]


def under_known_names(raw: Raw, wanted: Iterable[str], renamed: Mapping[str, str]) -> Raw:
    """Raw rows whose renamed columns stand under the names that are wanted.

    Files of before and after are read together, so a value is in one column or in the other.

    Args:
        wanted: names that the mapping speaks of.
        renamed: by the name that is wanted, the new one.
    """
    if not renamed:
        return raw
    known = tuple(dict.fromkeys((*wanted, *renamed)))
    columns = dict(raw.columns)
    for old, new in ((name, name_now(name, renamed)) for name in known):
        fresh = raw.column(new) if new else None
        if fresh:
            held = raw.column(old)
            columns[old] = _either(held, fresh) if held else fresh
            if new not in known:
                columns.pop(new, None)
    return replace(raw, columns=columns)


def _either(first: Expression, second: Expression) -> Expression:
    if first.kind == second.kind:
        return Expression(f"coalesce({first.sql}, {second.sql})", first.kind)
    return Expression(f"coalesce({as_text(first)}, {as_text(second)})")
