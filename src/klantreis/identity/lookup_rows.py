"""Lays ready what a single record is looked up in: sorted arrays, for answers within a millisecond."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantreis.engine import Engine
from klantreis.identity.comparing import FIELDS
from klantreis.identity.normalise import told_birth
from klantreis.identity.profiles import (
    COMPARED,
    KEYS,
    key_text,
    key_words,
    usual_domains,
)
from klantreis.identity.rules import Reach, kinds
from klantreis.identity.statements import NAMES_OF, UNFIT, letters, statements
from klantreis.identity.town_spellings import known_homes
from klantreis.identity.uniqueness import unique_statements

__all__ = ["BESIDE", "REASONS", "TERMS", "LookupRows", "fingerprint", "lookup_rows"]

BESIDE = "\t"  # between the columns of one text; no form has one
HEX_DIGITS = 16
PROFILES_PER_KEY = 100  # what more share tells too little to look at them one by one
REASONS = ("junk", "shared", "unique", "conflict")
TERMS = tuple(dict.fromkeys(level.term for f in FIELDS for level in f.levels if level.term))
Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class LookupRows:
    """What was laid ready.

    Attributes:
        arrays: by name: `identified` (fingerprints of kind and value, sorted) and
            `identified_customers`; `blocked` and `blocked_reasons` (places in `REASONS`); `known`
            (whether a customer has more than a device, by number); `people_...` and `profiles_...`
            (`customers`, sorted, and a text with the offsets of each); `keys` (fingerprints of
            key and text, sorted) and `key_profiles`; `terms` and `term_counts`; `accounts_customers`
            (sorted) with `accounts_kinds` and `accounts_values` (fingerprints): what each customer
            has of the kinds of which one is allowed.
        facts: `model` (rows of `match_model`), `totals` (profiles with a value, by term),
            `domains` (at which anybody has an address), `homes` (countries of which towns are
            corrected), `unique` (kinds of which the values of each customer were laid ready).
    """

    arrays: Mapping[str, Array]
    facts: Mapping[str, Any]

    def span(self, name: str, value: int) -> tuple[int, int]:
        """Where a value stands in a sorted array: from, up to."""
        ordered = self.arrays[name]
        wanted = ordered.dtype.type(value)
        start = ordered.searchsorted(wanted, "left")
        return int(start), int(ordered.searchsorted(wanted, "right"))

    def text(self, name: str, place: int) -> str:
        """One text of `people` or `profiles`."""
        offsets = self.arrays[f"{name}_offsets"]
        texts = self.arrays[f"{name}_texts"]
        return bytes(texts[offsets[place] : offsets[place + 1]]).decode()


def fingerprint(kind: str, text: str) -> int:
    """By which a text of some kind is found: as the engines compute it, 64 bits."""
    return int.from_bytes(md5(f"{kind}:{text}".encode(), usedforsecurity=False).digest()[:8], "big")


def lookup_rows(
    persons: ir.Table,
    identifiers: ir.Table,
    blocked_identifiers: ir.Table,
    person_profiles: ir.Table,
    match_model: ir.Table,
    links: ir.Table,
    *,
    engine: Engine,
    country: str,
    unique: Sequence[str] = (),
) -> LookupRows:
    """Bring the tables of identity into the order in which one record finds its customer.

    Args:
        country: ISO code; national telephone numbers of records without a country are meant so.
        unique: kinds of identifier of which a customer has one value.
    """
    owned = links.filter(links["customer_id"].notnull()).select("person_id", "customer_id")
    stated = statements(identifiers, persons, engine=engine, country=country)
    people = _people(persons, owned, engine)
    profiles, places = _profiles(person_profiles, owned, engine)
    terms, totals = _terms(person_profiles, engine)
    domains = engine.fetch(usual_domains(stated).order_by("domain"))
    homes = persons.mutate(home=persons["country"].fill_null(country))
    return LookupRows(
        {
            **_identified(stated, blocked_identifiers, owned, people, engine),
            **_blocked(blocked_identifiers, engine),
            **people,
            **profiles,
            **_keys(person_profiles, places, engine),
            **terms,
            **_accounts(stated, blocked_identifiers, owned, unique, engine),
        },
        {
            "unique": sorted(unique),
            "model": engine.fetch(match_model).to_pylist(),
            "totals": totals,
            "domains": domains["domain"].to_pylist(),
            "homes": known_homes(homes, engine=engine),
        },
    )


def _print(kind: ir.StringValue | str, text: ir.StringValue) -> ir.StringValue:
    named = (ibis.literal(kind) if isinstance(kind, str) else kind) + ":" + text
    return named.hexdigest("md5").substr(0, HEX_DIGITS)


def _numbers(prints: pa.ChunkedArray) -> Array:
    """Hexadecimal texts of one length, as numbers."""
    digits = b"".join(_letters_of(chunk) for chunk in prints.chunks)
    return np.frombuffer(bytes.fromhex(digits.decode()), dtype=">u8").astype(np.uint64)


def _letters_of(texts: pa.Array) -> bytes:
    """The letters of an array of texts, one after another."""
    plain = texts.cast(pa.large_string())
    _, offsets, letters_ = plain.buffers()
    if not len(plain):
        return b""
    begins = np.frombuffer(offsets, np.int64)
    return bytes(memoryview(letters_)[begins[plain.offset] : begins[plain.offset + len(plain)]])


def _identified(
    stated: ir.Table,
    blocked_identifiers: ir.Table,
    owned: ir.Table,
    people: Mapping[str, Array],
    engine: Engine,
) -> dict[str, Array]:
    """Whose each identifier is that may tie, and who is known by more than a device."""
    unfit = blocked_identifiers.filter(blocked_identifiers["reason"] != "conflict")
    fit = stated.filter(~stated["is_junk"]).anti_join(unfit, NAMES_OF)
    held = fit.join(owned, "person_id").select(*NAMES_OF, "customer_id").distinct()
    held = engine.keep(held)
    emails = held.filter(held["kind"] == "email")
    hashed = emails["value"].hexdigest("sha256").lower()
    prints = held.select("customer_id", print=_print(held["kind"], held["value"])).union(
        emails.select("customer_id", print=_print("email_sha256", hashed))
    )
    rows = engine.fetch(prints)
    beyond = held.filter(~held["kind"].isin(kinds(Reach.DEVICE)))
    numbers = engine.fetch(beyond.select("customer_id").distinct())["customer_id"].to_numpy()
    highest = max([0, *(part.max() for part in (numbers, people["people_customers"]) if len(part))])
    known = np.zeros(int(highest) + 1, dtype=np.bool_)
    known[numbers] = True
    known[people["people_customers"]] = True
    sorted_prints, customers = _sorted(_numbers(rows["print"]), rows["customer_id"].to_numpy())
    return {"identified": sorted_prints, "identified_customers": customers, "known": known}


def _blocked(blocked_identifiers: ir.Table, engine: Engine) -> dict[str, Array]:
    blocked = blocked_identifiers.filter(blocked_identifiers["reason"] != "junk")
    rows = engine.fetch(blocked.select("reason", print=_print(blocked["kind"], blocked["value"])))
    reasons = np.array([REASONS.index(reason) for reason in rows["reason"].to_pylist()], np.uint8)
    prints, reasons = _sorted(_numbers(rows["print"]), reasons)
    return {"blocked": prints, "blocked_reasons": reasons}


def _accounts(
    stated: ir.Table,
    blocked_identifiers: ir.Table,
    owned: ir.Table,
    unique: Sequence[str],
    engine: Engine,
) -> dict[str, Array]:
    """What each customer has of the kinds of which one is allowed."""
    unfit = blocked_identifiers.filter(blocked_identifiers["reason"].isin(UNFIT))
    own = unique_statements(stated.anti_join(unfit, NAMES_OF), unique)
    held = own.join(owned, "person_id").select("customer_id", "kind", "value").distinct()
    prints = held.select(
        "customer_id",
        kinds=_print("kind", held["kind"]),
        values=_print(held["kind"], held["value"]),
    )
    rows = engine.fetch(prints.order_by("customer_id"))
    return {
        "accounts_customers": rows["customer_id"].to_numpy(),
        "accounts_kinds": _numbers(rows["kinds"]),
        "accounts_values": _numbers(rows["values"]),
    }


def _people(persons: ir.Table, owned: ir.Table, engine: Engine) -> dict[str, Array]:
    """Under which names and birth dates each customer is known, as contradictions are judged."""
    told = persons.join(owned, "person_id").select(
        "customer_id",
        first=letters(persons["first_name"]),
        last=letters(persons["last_name"]),
        birth=told_birth(persons["birth_on"]).cast("string"),
    )
    told = told.filter(told["first"].notnull() | told["last"].notnull())
    texts = told.select("customer_id", text=_beside(told, ("first", "last", "birth"))).distinct()
    return _texts("people", engine.fetch(texts.order_by("customer_id", "text")))


def _profiles(
    person_profiles: ir.Table, owned: ir.Table, engine: Engine
) -> tuple[dict[str, Array], tuple[Array, Array]]:
    """The profiles by customer, and the place of each record, sorted."""
    told = person_profiles.join(owned, "person_id")
    told = told.select("customer_id", "record", text=_beside(told, (*COMPARED, "person_id")))
    rows = engine.fetch(told.order_by("customer_id", "record"))
    records = rows["record"].to_numpy()
    order = np.argsort(records)
    return _texts("profiles", rows), (records[order], order.astype(np.uint32))


def _beside(told: ir.Table, columns: Sequence[str]) -> ir.StringValue:
    parts = [told[name].fill_null("") for name in columns]
    text = parts[0]
    for part in parts[1:]:
        text = text + BESIDE + part
    return text


def _texts(name: str, rows: pa.Table) -> dict[str, Array]:
    """The texts one after another, and where each begins."""
    texts = rows["text"]
    lengths = pc.binary_length(texts).to_numpy().astype(np.int64)
    letters_ = b"".join(_letters_of(chunk) for chunk in texts.chunks)
    return {
        f"{name}_customers": rows["customer_id"].to_numpy(),
        f"{name}_offsets": np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]),
        f"{name}_texts": np.frombuffer(letters_, np.uint8),
    }


def _keys(
    person_profiles: ir.Table, places: tuple[Array, Array], engine: Engine
) -> dict[str, Array]:
    """Which profiles share a key, save those that too many share."""
    records, place_of = places
    words = engine.keep(key_words(person_profiles.select("record", *COMPARED)))
    prints, sharing = [np.array([], np.uint64)], [np.array([], np.uint32)]
    for name, parts in KEYS.items():
        keyed = words.select("record", text=key_text(words, parts))
        keyed = keyed.filter(keyed["text"].notnull())
        rows = engine.fetch(keyed.select("record", print=_print(name, keyed["text"])))
        at = np.searchsorted(records, rows["record"].to_numpy())
        at = np.minimum(at, max(len(records) - 1, 0))
        numbers = _numbers(rows["print"])
        is_owned = records[at] == rows["record"].to_numpy() if len(records) else np.zeros(0, bool)
        of_key, profiles = _sorted(numbers[is_owned], place_of[at[is_owned]])
        few = _few(of_key)
        prints.append(of_key[few])
        sharing.append(profiles[few])
    keys, profiles = _sorted(np.concatenate(prints), np.concatenate(sharing))
    return {"keys": keys, "key_profiles": profiles}


def _few(prints: Array) -> Array:
    """Which of sorted fingerprints do not stand there too often."""
    _, counts = np.unique(prints, return_counts=True)
    few: Array = np.repeat(counts <= PROFILES_PER_KEY, counts)
    return few


def _terms(person_profiles: ir.Table, engine: Engine) -> tuple[dict[str, Array], dict[str, int]]:
    """How many profiles have each value, and how many have any."""
    prints, counts, totals = [np.array([], np.uint64)], [np.array([], np.uint32)], {}
    for term in TERMS:
        told = person_profiles.filter(person_profiles[term].notnull())
        counted = told.group_by(term).aggregate(profiles=told.count())
        rows = engine.fetch(counted.select("profiles", print=_print(term, counted[term])))
        prints.append(_numbers(rows["print"]))
        counts.append(rows["profiles"].to_numpy().astype(np.uint32))
        totals[term] = int(counts[-1].sum())
    terms, sums = _sorted(np.concatenate(prints), np.concatenate(counts))
    return {"terms": terms, "term_counts": sums}, totals


def _sorted(prints: Array, values: Array) -> tuple[Array, Array]:
    order = np.argsort(prints, kind="stable")
    return prints[order], values[order]
