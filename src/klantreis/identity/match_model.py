"""What agreement and difference say of whether two records are one human being."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import log2
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.identity.chance import Shares, chance
from klantreis.identity.comparing import FIELDS, Field
from klantreis.identity.decided_pairs import Decisions, decided_pairs
from klantreis.identity.housemates import housemates, in_model
from klantreis.identity.learning import NO_PAIRS, Learnt, Pass, learn
from klantreis.identity.teaching import DecidedPair, taught
from klantreis.tables import contract

__all__ = ["match_model"]

ENOUGH_PROFILES = 200
TOO_MANY_OTHERS = 0.2  # part that the number of profiles may differ before it is learnt anew
AGREEMENTS: tuple[tuple[str, ...], ...] = (
    ("birth", "postcode"),
    ("birth", "town"),
    ("email",),
    ("mailbox",),
    ("names", "town"),
    ("first", "last"),
    ("birth", "sound"),
    ("birth", "first"),
    ("first", "postcode", "number"),
)
# Relatives agree on these too: they teach only where nothing else tells of first names.
AGREEMENTS_OF_RELATIVES = (("last", "postcode"), ("last", "town"))
# The levels of which field hold when two agree on a column.
AGREEING: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "first": (("first_name", ("same",)),),
    "last": (("last_name", ("same",)),),
    "sound": (("last_name", ("same", "heard")),),
    "names": (("first_name", ("same", "swapped")), ("last_name", ("same",))),
    "birth": (("birth_date", ("same",)),),
    "postcode": (("place", ("same",)),),
    "town": (("place", ("same", "near", "town")),),
    "number": (("address", ("same",)),),
    "email": (("email", ("same",)),),
    "mailbox": (("email", ("same", "mailbox")),),
}
NAMES = ("first_name", "last_name")
CONTACTS = frozenset(("phone", "email"))
Rows = Sequence[Mapping[str, object]]
# What is assumed beforehand weighs as much as this many pairs.
ASSUMED_PAIRS = 100
ASSUMED_RANDOM_PAIRS = 20_000
FEWEST_MATCHES = 20
LEAST_SHARE = 1e-6
ASSUMED_DOUBLES = 0.05  # part of the records that have a double, where nothing can be learnt


def match_model(
    person_profiles: ir.Table,
    *,
    engine: Engine,
    kept_match_model: ir.Table,
    own_decisions: Decisions,
) -> ir.Table:
    """Learn how much each degree of agreement says, without labels, and then from decisions.

    u (how often two random people agree) comes from random pairs; m (how often two records of one
    human being do) by expectation maximisation over pairs that agree on something else. What the
    data say is averaged with what is assumed beforehand, which weighs as much as a hundred pairs:
    few records move the model little. What people decided of doubtful pairs corrects that, from
    twenty on, as far as it foretells others of their decisions (`teaching`).

    Args:
        person_profiles: what records say.
        kept_match_model: what was learnt before, which holds until there are a fifth more profiles,
            or fewer: what was weighed by it need not be weighed again. So does what decisions
            taught.
        own_decisions: pairs of records that people said are `same`, and that are `different`.

    Returns:
        As in the contract of `match_model`; only fields that the data have.
    """
    count = engine.fetch(person_profiles.aggregate(records=person_profiles.count()))
    if _still_holds(engine, kept_match_model, count["records"][0].as_py()):
        before = engine.fetch(kept_match_model).to_pylist()
    else:
        before = _learnt(person_profiles, engine)
    model = [_unlabelled(row) for row in before]
    pairs = decided_pairs(person_profiles, model, own_decisions, engine=engine)
    model = before if _is_taught_by(before, len(pairs)) else _corrected(model, pairs)
    return engine.table(
        pa.Table.from_pylist(model, schema=contract("match_model").schema.to_pyarrow())
    )


def _learnt(person_profiles: ir.Table, engine: Engine) -> list[dict[str, Any]]:
    """The rows of the model as learnt without labels."""
    rows = engine.fetch(person_profiles.order_by("record"))
    fields = [field for field in FIELDS if _is_told(rows, field)]
    learnt = Learnt(NO_PAIRS, NO_PAIRS, ())
    if rows.num_rows >= ENOUGH_PROFILES and fields:
        learnt = _learnt_of(rows, fields, AGREEMENTS, engine)
        if not any(_teachers(learnt.passes, field) for field in fields if field.name == NAMES[0]):
            more = _learnt_of(rows, fields, AGREEMENTS_OF_RELATIVES, engine)
            telling = (
                one for one in more.passes if any(name == NAMES[0] for name, _ in one.shares)
            )
            learnt = replace(learnt, passes=(*learnt.passes, *telling))
    levels = _levels(fields, learnt)
    made = (*levels, _prior(rows, levels, learnt), *_housemates(fields, levels, learnt))
    of_all = {"records": rows.num_rows, "decisions": 0}
    nothing = {"m": None, "u": None}  # of the prior and of housemates
    return [{**nothing, **row, "learnt_weight": row["match_weight"], **of_all} for row in made]


def _learnt_of(
    rows: pa.Table,
    fields: Sequence[Field],
    agreements: Sequence[tuple[str, ...]],
    engine: Engine,
) -> Learnt:
    return _plausible(learn(rows, fields, agreements, temporary=engine.temporary), fields)


def _unlabelled(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it was before decisions corrected it."""
    if not row["decisions"]:
        return dict(row)
    weight = row["learnt_weight"]
    m = None if row.get("m") is None else row["u"] * 2.0**weight
    return {**row, "m": m, "match_weight": weight, "decisions": 0}


def _is_taught_by(model: Sequence[Mapping[str, Any]], decisions: int) -> bool:
    """Whether it rests on about as many decisions already."""
    then = model[0]["decisions"] if model else 0
    return bool(then) and abs(decisions - then) < then * TOO_MANY_OTHERS


def _corrected(
    model: Sequence[Mapping[str, Any]], pairs: Sequence[DecidedPair]
) -> list[dict[str, Any]]:
    """The rows with what the decisions teach."""
    shares: dict[str, dict[str, float]] = {}
    for row in model:
        if row["m"] is not None:
            shares.setdefault(row["field"], {})[row["level"]] = row["m"]
    lesson = taught(pairs, shares)
    if not lesson.decisions:
        return [dict(row) for row in model]
    corrected = []
    for row in model:
        changed = {**row, "decisions": lesson.decisions}
        if row["m"] is not None:
            changed["m"] = lesson.m[row["field"]][row["level"]]
            changed["match_weight"] = log2(changed["m"] / row["u"])
        elif row["field"] == "prior":
            changed["match_weight"] = row["match_weight"] + lesson.prior
        corrected.append(changed)
    return corrected


def _still_holds(engine: Engine, kept: ir.Table, records: int) -> bool:
    learnt = engine.fetch(kept.select("records").limit(1))["records"].to_pylist()
    return any(abs(records - then) < then * TOO_MANY_OTHERS for then in learnt)


def _plausible(learnt: Learnt, fields: Sequence[Field]) -> Learnt:
    """Without what was learnt from pairs that differ more than one human being's records can.

    Whose telephone numbers and addresses for mail are the same is tied already, so that all that
    is left may differ in these; but then they may be relatives, and of first names those teach
    nothing.
    """
    most = {field.name: field.most_other for field in fields}
    passes = []
    for one in learnt.passes:
        others = {name: share for (name, level), share in one.shares.items() if level == "other"}
        too_far = {name for name, share in others.items() if share > most[name]}
        if not too_far:
            passes.append(one)
        elif too_far <= CONTACTS:
            told = {key: share for key, share in one.shares.items() if key[0] != NAMES[0]}
            passes.append(replace(one, shares=told))
    return replace(learnt, passes=tuple(passes))


def _is_told(rows: pa.Table, field: Field) -> bool:
    return any(rows[name].null_count < rows.num_rows - 1 for name in field.needs)


def _levels(fields: Sequence[Field], learnt: Learnt) -> list[dict[str, object]]:
    """A row for each degree of agreement, with its m and u."""
    start = {(f.name, level): shares for f in fields for level, shares in f.shares.items()}
    taught = {field.name: _teachers(learnt.passes, field) for field in fields}
    pairs = {name: sum(one.matches for one in passes) for name, passes in taught.items()}
    same = {}
    for (name, level), (m, u) in start.items():
        told = sum(one.matches * one.shares.get((name, level), 0.0) for one in taught[name])
        same[name, level] = ((told + ASSUMED_PAIRS * m) / (pairs[name] + ASSUMED_PAIRS), u)
    others = chance(learnt.seen, fields, same)
    shares: dict[tuple[str, str], tuple[float, float]] = {}
    for key, (m, assumed) in same.items():
        seen = others.pairs * others.u.get(key, assumed)
        u = (seen + ASSUMED_RANDOM_PAIRS * assumed) / (others.pairs + ASSUMED_RANDOM_PAIRS)
        shares[key] = (m, u)
    shares |= _given_place(shares)
    rows: list[dict[str, object]] = []
    for field in fields:
        for number, level in enumerate(reversed(list(field.shares))):
            m, u = shares[field.name, level]
            rows.append(
                {
                    "field": field.name,
                    "level": level,
                    "level_number": number,
                    "m": m,
                    "u": u,
                    "match_weight": log2(m / u),
                    "pairs": float(pairs[field.name]),
                }
            )
    return rows


def _given_place(shares: Shares) -> Shares:
    """What another address says beside what the place says already.

    Whose place is another has moved as a rule, and then the street is another as well: of those the
    address says only how often it was not so. Where the place is the same, or about, it says how
    often somebody lives at another address there; where it is not known, both together.
    """
    if ("address", "moved") not in shares or ("place", "other") not in shares:
        return {}
    moved, unplaced, other = (shares["address", level] for level in ("moved", "unplaced", "other"))
    elsewhere = shares["place", "other"]
    found = {}
    for level, parts, among in (
        ("moved", (moved,), elsewhere),
        ("other", (other,), tuple(1 - share for share in elsewhere)),
        ("unplaced", (moved, other), tuple(1 - share for share in unplaced)),
    ):
        m, u = (
            min(sum(part[side] for part in parts) / max(among[side], LEAST_SHARE), 1.0)
            for side in (0, 1)
        )
        found["address", level] = (max(m, LEAST_SHARE), max(u, LEAST_SHARE))
    return found


def _teachers(passes: Sequence[Pass], field: Field) -> Sequence[Pass]:
    """The passes of which the pairs could differ in the field, and had it.

    Pairs that agree on one name never have first and family name exchanged, so names are learnt
    from pairs that agree on something else, where there are any.
    """
    enough = [one for one in passes if one.matches >= FEWEST_MATCHES and _taught(one, field)]
    nameless = [one for one in enough if _known(one).isdisjoint(NAMES)]
    return nameless if field.name in NAMES and nameless else enough


def _taught(one: Pass, field: Field) -> bool:
    return field.name not in _known(one) and any(name == field.name for name, _ in one.shares)


def _known(one: Pass) -> set[str]:
    """The fields of which all pairs of a pass agree in part."""
    return {field for column in one.columns for field, _ in AGREEING[column]}


def _prior(rows: pa.Table, learnt_levels: Rows, learnt: Learnt) -> dict[str, object]:
    """The probability that any two records are one human being, before they are compared.

    Every pass tells how many doubles agree on its columns; how many do so by the model tells how
    many doubles there are.
    """
    count = rows.num_rows
    levels = {(row["field"], row["level"]): row for row in learnt_levels}
    found = sum(one.matches for one in learnt.passes)
    reached = 0.0
    for one in learnt.passes:
        part = 1.0
        for column in one.columns:
            part *= (1 - rows[column].null_count / count) ** 2
        for field, agreeing in {known for column in one.columns for known in AGREEING[column]}:
            part *= sum(float(str(levels[field, level]["m"])) for level in agreeing)
        reached += part
    doubles = found / reached if reached and found >= FEWEST_MATCHES else ASSUMED_DOUBLES * count
    everything = max(count * (count - 1) / 2, 1.0)
    probability = min(max(doubles / everything, 1e-12), 0.1)
    return {
        "field": "prior",
        "level": "any",
        "level_number": 0,
        "match_weight": log2(probability / (1 - probability)),
        "pairs": float(found),
    }


def _housemates(
    fields: Sequence[Field], learnt_levels: Rows, learnt: Learnt
) -> Sequence[dict[str, object]]:
    """What pairs under one address teach, where addresses are known."""
    if not any(field.name == "address" for field in fields):
        return ()
    shares = {
        (str(row["field"]), str(row["level"])): (float(str(row["m"])), float(str(row["u"])))
        for row in learnt_levels
    }
    return in_model(housemates(learnt.housemates, fields, shares), shares)
