"""Records that may be one human being by name, address and birth date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine, is_any
from klantreis.identity.bare_records import Records
from klantreis.identity.clustering import Sureness
from klantreis.identity.comparing import FIELDS
from klantreis.identity.judging import Decided, judged
from klantreis.identity.name_pairs import NAME_WEIGHTS, with_name_pairs
from klantreis.identity.profiles import COMPARED
from klantreis.identity.scoring import prior_weight, scored_pairs
from klantreis.identity.uniqueness import unique_accounts
from klantreis.settings import IdentifierSettings
from klantreis.tables import Renewal

__all__ = ["matches", "sureness"]

# A father and son of one name and address are about as usual as this many wrong birth dates.
UNSURE_DATES = 0.02
# Bits from which first names that are alike in part are usual slips of the pen.
MISSPELT_NAMES = 2.0
WAYS = ("same", "different")
PAIR = ["left_person_id", "right_person_id"]
WEIGHTS = [*(f"weight_{field.name}" for field in FIELDS), "weight_housemates", *NAME_WEIGHTS]
Decisions = Mapping[str, Sequence[tuple[str, str]]]


def matches(
    identifier_groups: ir.Table,
    person_profiles: ir.Table,
    match_model: ir.Table,
    match_keys: ir.Table,
    stated_identifiers: ir.Table,
    blocked_identifiers: ir.Table,
    name_doubles: ir.Table,
    persons: ir.Table,
    *,
    engine: Engine,
    identifier_rules: Mapping[str, IdentifierSettings],
    own_decisions: Decisions,
    kept_matches: ir.Table,
    changed_person_profiles: ir.Table,
    changed_identifier_groups: ir.Table,
    changed_stated_identifiers: ir.Table,
    changed_match_model: ir.Table,
    changed_persons: ir.Table,
) -> ir.Table | Renewal:
    """Weigh the pairs of records that are worth comparing, and say which tie.

    Records that identifiers tie already are compared as one. Customers grow from the surest pair
    down; what contradicts, hangs on one weak pair, or was decided apart is not joined.

    As long as the model holds, only pairs of which one says something new are weighed; the others
    keep the weight that they have, also when a key or a name that they share has become more usual
    since. Who ties is judged anew among the records that pairs connect with those that changed.

    Args:
        identifier_groups: the records that identifiers tie already, and are compared as one.
        person_profiles: what is compared.
        match_model: what every degree of agreement says.
        match_keys: what two records must have in common to be compared.
        stated_identifiers: of a kind that is unique, records with other values are not joined.
        blocked_identifiers: values that point to many or to nobody are nobody's own.
        name_doubles: what is known of records that tell no more than a name.
        persons: the source of each record, and when it was made.
        identifier_rules: what is not as usual, by kind.
        own_decisions: pairs of records that people said are `same`, and that are `different`.
        kept_matches: the pairs that were weighed before.
        changed_person_profiles, changed_identifier_groups, changed_stated_identifiers,
            changed_match_model, changed_persons: what has changed since.

    Returns:
        As in the contract of `matches`: the pairs from the doubtful band up.
    """
    model = engine.fetch(match_model).to_pylist()
    keys = engine.fetch(match_keys.filter(match_keys["is_used"])).to_pylist()
    decided = {way: _numbered(own_decisions[way], identifier_groups, engine) for way in WAYS}

    def told(scored: pa.Table) -> ir.Table:
        said = _told(person_profiles, scored, decided, engine)
        groups = engine.table(pa.table({"group": said["group"]}))
        accounts = unique_accounts(
            stated_identifiers,
            blocked_identifiers,
            identifier_groups.semi_join(groups, "group"),
            engine=engine,
            identifier_rules=identifier_rules,
        )
        rows = judged(scored, said, accounts, decided, sure=sureness(model))
        rows_here = engine.keep(engine.table(rows))
        ends = (rows_here.select(record=side) for side in ("left", "right"))
        ids = identifier_groups.select("person_id", record="person_number")
        ids = engine.keep(ids.semi_join(engine.keep(ibis.union(*ends)), "record"))
        return _named(rows_here, prior_weight(model), ids)

    by_name = partial(
        with_name_pairs,
        name_doubles=name_doubles,
        records=Records(
            person_profiles, identifier_groups, persons, stated_identifiers, blocked_identifiers
        ),
        engine=engine,
    )
    if not is_any(kept_matches, engine) or is_any(changed_match_model, engine):
        scored = scored_pairs(person_profiles, model, keys, engine=engine)
        return told(by_name(scored).scored)
    fresh = engine.keep(changed_person_profiles)
    scored = scored_pairs(person_profiles, model, keys, engine=engine, fresh=fresh)
    held = engine.keep(_still_held(kept_matches, person_profiles, fresh))
    weighed = by_name(scored, held=held, fresh=fresh)
    scored, held = weighed.scored, weighed.held
    others = kept_matches.anti_join(held, PAIR)
    stopped = kept_matches.filter(kept_matches["stopped_by"] == "decision")
    touched = ibis.union(
        changed_identifier_groups.select("person_id"),
        changed_stated_identifiers.select("person_id"),
        changed_persons.select("person_id"),
        *(rows.select(person_id=end) for rows in (others, stopped) for end in PAIR),
        distinct=True,
    )
    again = engine.keep(
        _connected(held, scored, decided, touched, person_profiles, identifier_groups, engine)
    )
    near = engine.keep(held.semi_join(again, [held["left_group"] == again["group"]]))
    rows = engine.fetch(near.drop(*PAIR, "left_group", "right_group"))
    every = pa.concat_tables([rows, scored], promote_options="default")
    kept = engine.keep(held.anti_join(near, PAIR).select(PAIR))
    return Renewal(told(every), kept_matches.anti_join(kept, PAIR).select(PAIR))


def _still_held(kept_matches: ir.Table, person_profiles: ir.Table, fresh: ir.Table) -> ir.Table:
    """The pairs weighed before of two profiles that are as they were then."""
    pairs = kept_matches.filter(kept_matches["match_weight"].notnull())
    same = person_profiles.anti_join(fresh, "record")
    for side in ("left", "right"):
        told = {"person_id": "person_id", "record": "record", "group": "group"}
        numbers = same.select(**{f"{side}_{name}": column for name, column in told.items()})
        pairs = pairs.join(numbers, f"{side}_person_id")
    return pairs.select(
        *PAIR,
        "match_weight",
        *WEIGHTS,
        "weight_prior",
        "left_group",
        "right_group",
        left=ibis.least(pairs["left_record"], pairs["right_record"]),
        right=ibis.greatest(pairs["left_record"], pairs["right_record"]),
    )


def _connected(
    held: ir.Table,
    scored: pa.Table,
    decided: Mapping[str, Sequence[Decided]],
    touched: ir.Table,
    person_profiles: ir.Table,
    identifier_groups: ir.Table,
    engine: Engine,
) -> ir.Table:
    """The groups that pairs connect with those of changed records, or of a new pair: `group`.

    Args:
        held, scored: the pairs of before, and the new ones.
        touched: `person_id` of records of which something changed.
    """
    placed = engine.keep(person_profiles.select("record", "group"))
    new = engine.table(scored.select(["left", "right"]))
    for side in ("left", "right"):
        new = new.join(placed.select(**{side: "record", f"{side}_group": "group"}), side)
    new = engine.keep(new.select("left_group", "right_group"))
    said = [one.groups for some in decided.values() for one in some]
    named = engine.table(
        pa.table(
            {
                side: pa.array([pair[place] for pair in said], pa.int64())
                for place, side in enumerate(("left_group", "right_group"))
            }
        )
    )
    edges = ibis.union(held.select("left_group", "right_group"), new, named)
    edges = edges.select(left="left_group", right="right_group")
    parts = engine.components(edges.filter(edges["left"] != edges["right"]).distinct())
    changed = identifier_groups.semi_join(touched, "person_id").select("group")
    ends = (rows.select(group=side) for rows in (new, named) for side in rows.columns)
    begun = engine.keep(ibis.union(changed, *ends, distinct=True))
    of_parts = parts.semi_join(begun, parts["node"] == begun["group"]).select("component")
    members = parts.semi_join(engine.keep(of_parts.distinct()), "component").select(group="node")
    return begun.union(members, distinct=True)


def _told(
    person_profiles: ir.Table,
    scored: pa.Table,
    decided: Mapping[str, Sequence[Decided]],
    engine: Engine,
) -> pa.Table:
    """What the groups say of which any record is in a pair."""
    ends = scored["left"].chunks + scored["right"].chunks
    paired = pa.chunked_array(ends, pa.int64()).unique()
    groups = person_profiles.semi_join(engine.table(pa.table({"record": paired})), "record")
    own = [group for some in decided.values() for one in some for group in one.groups]
    others = engine.table(pa.table({"group": pa.array(own, pa.int64())}))
    wanted = groups.select("group").union(others, distinct=True)
    told = person_profiles.semi_join(wanted, "group").select("record", "group", *COMPARED)
    return engine.fetch(told.order_by("record"))


def sureness(model: Sequence[Mapping[str, object]]) -> Sureness:
    """What tells people apart by itself, as far as was learnt.

    Quite another birth date does where one human being seldom has two; first names that are alike in
    part do where they do not speak for one human being.
    """
    learnt = {(row["field"], row["level"]): row for row in model}
    dates = learnt.get(("birth_date", "other"), {}).get("m")
    names = learnt.get(("first_name", "alike"), {}).get("match_weight")
    return Sureness(
        dates=dates is None or float(str(dates)) < UNSURE_DATES,
        names=names is None or float(str(names)) < MISSPELT_NAMES,
    )


def _named(rows: ir.Table, prior: float, ids: ir.Table) -> ir.Table:
    """With the records' own ids, the first by name on the left, and the probability."""
    for side in ("left", "right"):
        named = ids.select(**{side: "record", f"{side}_id": "person_id"})
        rows = rows.join(named, side)
    odds = ibis.literal(2.0) ** rows["match_weight"]
    every = ibis.ifelse(rows["match_weight"].notnull(), prior, ibis.null("float64"))
    own = rows["weight_prior"] if "weight_prior" in rows.columns else ibis.null("float64")
    return rows.select(
        left_person_id=ibis.least(rows["left_id"], rows["right_id"]),
        right_person_id=ibis.greatest(rows["left_id"], rows["right_id"]),
        match_weight=rows["match_weight"],
        probability=ibis.ifelse(rows["match_weight"] > 60, 1.0, odds / (odds + 1)),
        band=rows["band"],
        is_used=rows["is_used"],
        stopped_by=rows["stopped_by"],
        weight_prior=ibis.coalesce(own, every),
        **{name: rows[name] for name in WEIGHTS if name in rows.columns},
    )


def _numbered(
    pairs: Sequence[tuple[str, str]], identifier_groups: ir.Table, engine: Engine
) -> list[Decided]:
    """Decisions about records that are still there, in numbers."""
    wanted = sorted({person_id for pair in pairs for person_id in pair})
    if not wanted:
        return []
    ids = engine.table(pa.table({"person_id": pa.array(wanted, pa.string())}))
    known = identifier_groups.semi_join(ids, "person_id")
    found = {
        row["person_id"]: (row["person_number"], row["group"])
        for row in engine.fetch(known.select("person_id", "person_number", "group")).to_pylist()
    }
    return [
        Decided(*(_ordered(*ends) for ends in zip(found[one], found[other], strict=True)))
        for one, other in sorted(pairs)
        if one in found and other in found
    ]


def _ordered(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one <= other else (other, one)
