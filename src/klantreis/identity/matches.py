"""Records that may be one human being by name, address and birth date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.identity.comparing import FIELDS
from klantreis.identity.judging import DOUBT_FROM, Decided, judged, weight_of
from klantreis.identity.linking import weigh

__all__ = ["matches"]

PRIOR = ("prior", "any")
WAYS = ("same", "different")
NO_PAIRS = pa.table(
    {
        "left": pa.array([], pa.int64()),
        "right": pa.array([], pa.int64()),
        "match_weight": pa.array([], pa.float64()),
    }
)
Decisions = Mapping[str, Sequence[tuple[str, str]]]


def matches(
    identifier_groups: ir.Table,
    person_profiles: ir.Table,
    match_model: ir.Table,
    *,
    engine: Engine,
    own_decisions: Decisions,
) -> ir.Table:
    """Weigh the pairs of records that are worth comparing, and say which tie.

    Records that identifiers tie already are compared as one. Customers grow from the surest pair
    down; what contradicts, hangs on one weak pair, or was decided apart is not joined.

    Args:
        identifier_groups: the records that identifiers tie already, and are compared as one.
        person_profiles: what is compared.
        match_model: what every degree of agreement says.
        own_decisions: pairs of records that people said are `same`, and that are `different`.

    Returns:
        As in the contract of `matches`: the pairs from the doubtful band up.
    """
    model = engine.fetch(match_model).to_pylist()
    told = engine.fetch(person_profiles.order_by("record"))
    scored = _scored(told, model, engine.temporary)
    decided = {way: _numbered(own_decisions[way], identifier_groups, engine) for way in WAYS}
    rows = engine.keep(engine.table(judged(scored, told, decided)))
    ids = identifier_groups.select("person_id", record="person_number")
    return _named(rows, _prior(model), ids)


def _scored(
    told: pa.Table, model: Sequence[Mapping[str, object]], temporary: Path | None
) -> pa.Table:
    """The pairs of profiles above the lower threshold, with the weight of each field."""
    learnt = {(str(row["field"]), str(row["level"])): row for row in model}
    fields = [field for field in FIELDS if (field.name, "other") in learnt]
    shares = {
        key: (float(str(row["m"])), float(str(row["u"])))
        for key, row in learnt.items()
        if key != PRIOR
    }
    if not fields or told.num_rows < 2:
        return NO_PAIRS
    return weigh(
        told,
        fields,
        shares,
        prior=1 / (1 + 2.0 ** -_prior(model)),
        lowest_weight=weight_of(DOUBT_FROM),
        temporary=temporary,
    )


def _prior(model: Sequence[Mapping[str, object]]) -> float:
    return next(float(str(row["match_weight"])) for row in model if row["field"] == PRIOR[0])


def _named(rows: ir.Table, prior: float, ids: ir.Table) -> ir.Table:
    """With the records' own ids, the first by name on the left, and the probability."""
    for side in ("left", "right"):
        named = ids.select(**{side: "record", f"{side}_id": "person_id"})
        rows = rows.join(named, side)
    odds = ibis.literal(2.0) ** rows["match_weight"]
    fields = [f"weight_{field.name}" for field in FIELDS]
    return rows.select(
        left_person_id=ibis.least(rows["left_id"], rows["right_id"]),
        right_person_id=ibis.greatest(rows["left_id"], rows["right_id"]),
        match_weight=rows["match_weight"],
        probability=ibis.ifelse(rows["match_weight"] > 60, 1.0, odds / (odds + 1)),
        band=rows["band"],
        is_used=rows["is_used"],
        stopped_by=rows["stopped_by"],
        weight_prior=ibis.ifelse(rows["match_weight"].notnull(), prior, ibis.null("float64")),
        **{name: rows[name] for name in fields if name in rows.columns},
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
