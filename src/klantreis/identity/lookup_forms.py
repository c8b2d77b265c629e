"""Brings one record into the forms of a run: the same expressions, computed on one row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from klantreis.engine.one_row import OneRow
from klantreis.identity.contradictions import OTHER, are_namesakes, are_others, are_strangers
from klantreis.identity.normalise import is_junk, normalised, told_birth, trimmed
from klantreis.identity.profiles import COMPARED, KEYS, described, key_text, key_words, telling
from klantreis.identity.rules import RULES
from klantreis.identity.statements import letters

__all__ = [
    "KINDS",
    "NAMES",
    "PAIR",
    "TOLD",
    "VALUE",
    "Forms",
    "Profile",
    "SoughtRecord",
    "name_forms",
    "pair_forms",
    "told_forms",
    "value_forms",
]

KINDS = tuple(rule.kind for rule in RULES.values() if rule.may_tie)  # what ties
VALUE = {"value": "string", "source": "string", "country": "string"}
NAMES = {"first_name": "string", "last_name": "string", "birth_on": "date"}
WHO = {"first": "string", "last": "string", "birth_on": "date"}
PAIR = {**WHO, **{OTHER + name: type_ for name, type_ in WHO.items()}, "is_personal": "boolean"}
TOLD = {
    **NAMES,
    **dict.fromkeys(("street", "house_number", "postcode", "city"), "string"),
    "phone": "string",
    "address": "string",
    "is_usual_domain": "boolean",
}
Profile = tuple[str | None, ...]  # the columns of `COMPARED`


def as_it_is(table: ir.Table) -> ir.Table:
    """Keep nothing: on one row each expression is computed once anyway."""
    return table


@dataclass(frozen=True)
class SoughtRecord:
    """A record of someone; all of it may lack.

    Attributes:
        email, email_sha256, phone, loyalty_card, user_id, order, social, subscriber, device, cookie:
            identifiers, as written.
        customer_number: of a source, as `crm:1001`.
        country: ISO code; a national telephone number is meant so.
    """

    email: str | None = None
    email_sha256: str | None = None
    phone: str | None = None
    loyalty_card: str | None = None
    customer_number: str | None = None
    user_id: str | None = None
    order: str | None = None
    social: str | None = None
    subscriber: str | None = None
    device: str | None = None
    cookie: str | None = None
    first_name: str | None = None
    prefix: str | None = None
    last_name: str | None = None
    birth_on: date | None = None
    street: str | None = None
    house_number: str | None = None
    postcode: str | None = None
    city: str | None = None
    country: str | None = None

    def said(self) -> dict[str, Any]:
        """What is not empty, the rest as None."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: (value.strip() or None) if isinstance(value, str) else value
            for name, value in values.items()
        }


class Forms:
    """The expressions of a run, ready to be computed on one record."""

    def __init__(self) -> None:
        value = ibis.table(VALUE, name="given")
        self._values = {
            kind: _on_one(value_forms(value.mutate(kind=ibis.literal(kind)))) for kind in KINDS
        }
        self._names = _on_one(name_forms(ibis.table(NAMES, name="given")))
        self._pair = _on_one(pair_forms(ibis.table(PAIR, name="given")))
        self._told = _on_one(told_forms(ibis.table(TOLD, name="given")))

    def value(self, kind: str, written: str, country: str) -> tuple[str, bool]:
        """The normal form of an identifier, and whether it is junk."""
        source, number = "", written
        if kind == "customer_number":
            source, _, number = written.partition(":")
        formed = self._values[kind]({"value": number, "source": source, "country": country})
        return formed["form"] or "", bool(formed["is_junk"])

    def names(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """`first`, `last` and `birth_on`, by which people contradict each other."""
        return self._names(said)

    def pair(self, one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
        """Whether two people `are_others`, `are_strangers` or `are_namesakes`; the other's columns say so."""
        return self._pair({**one, **other})

    def told(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """What is compared (`COMPARED`), whether it is enough (`is_telling`), and `key_...`."""
        return self._told(said)


def _on_one(forms: ir.Table) -> OneRow:
    return OneRow({name: forms[name] for name in forms.columns})


def value_forms(given: ir.Table, *, keep: Callable[[ir.Table], ir.Table] = as_it_is) -> ir.Table:
    """Identifiers: their normal form, and whether they are junk.

    Args:
        given: the columns of `VALUE`, and `kind`.
        keep: as in `described`.
    """
    bare = keep(given.mutate(value=trimmed(given["value"])))
    form = normalised(bare["kind"], bare["value"], bare["source"], bare["country"])
    formed = keep(bare.mutate(form=form))
    return formed.select("form", is_junk=is_junk(formed["kind"], formed["value"], formed["form"]))


def name_forms(given: ir.Table) -> ir.Table:
    """By what people contradict each other: `first`, `last` and `birth_on`."""
    names = {name: letters(given[f"{name}_name"]) for name in ("first", "last")}
    return given.select(**names, birth_on=told_birth(given["birth_on"]))


def pair_forms(pair: ir.Table) -> ir.Table:
    """Whether two people, in the columns of `PAIR`, are others, strangers or namesakes."""
    return pair.select(
        are_others=are_others(pair),
        are_strangers=are_strangers(pair),
        are_namesakes=are_namesakes(pair),
    )


def told_forms(given: ir.Table, *, keep: Callable[[ir.Table], ir.Table] = as_it_is) -> ir.Table:
    """What is compared, whether it is enough (`is_telling`), and the text of each key."""
    words = key_words(keep(described(given, keep=keep)))
    keys = {f"key_{name}": key_text(words, parts) for name, parts in KEYS.items()}
    return words.select(*COMPARED, is_telling=telling(words), **keys)
