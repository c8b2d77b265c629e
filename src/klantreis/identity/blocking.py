"""Which records are worth comparing: those that share a key that not too many share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.profiles import KEYS

__all__ = ["comparable"]

PAIRS_PER_RECORD = 5  # that one key may bring; what is shared by more tells too little


def comparable(
    person_profiles: ir.Table, *, engine: Engine, fresh: ir.Table | None = None
) -> ir.Table:
    """Profiles with only those keys that several share, and few enough to compare.

    Args:
        person_profiles: with all their keys.
        fresh: column `record`; when given, only what is worth comparing with those is left.

    Returns:
        The profiles that share a key, with `is_fresh`.
    """
    largest = _largest_blocks(person_profiles, engine)
    blocks = _all_blocks(person_profiles) if fresh is None else _blocks_of(person_profiles, fresh)
    few = ibis.cases(*((blocks["name"] == name, size) for name, size in largest.items()))
    is_worth = (blocks["records"] > 1) & (blocks["records"] <= few)
    shared = engine.keep(blocks.filter(is_worth).select("name", "value"))
    opened = _only(person_profiles, shared)
    left = opened.filter(ibis.or_(*(opened[f"key_{name}"].notnull() for name in KEYS)))
    if fresh is None:
        return engine.keep(left.mutate(is_fresh=ibis.literal(True)))
    return engine.keep(left.mutate(is_fresh=left["record"].isin(fresh["record"])))


def _largest_blocks(person_profiles: ir.Table, engine: Engine) -> Mapping[str, int]:
    """The most records that may share a value of each key."""
    blocks = _all_blocks(person_profiles)
    sizes = blocks.group_by("name", "records").aggregate(blocks=blocks.count())
    counted: dict[str, list[dict[str, int]]] = {name: [] for name in KEYS}
    for row in engine.fetch(sizes.order_by("name", "records")).to_pylist():
        counted[row["name"]].append(row)
    records = engine.fetch(person_profiles.aggregate(records=person_profiles.count()))
    count = records["records"][0].as_py()
    return {name: _largest_block(rows, count) for name, rows in counted.items()}


def _largest_block(sizes: Sequence[Mapping[str, int]], records: int) -> int:
    """The most records that may share a key, so that all its pairs together stay affordable.

    >>> _largest_block([{"records": 2, "blocks": 10}, {"records": 50, "blocks": 1}], 100)
    2
    """
    pairs = largest = 0
    for size in sizes:
        pairs += size["blocks"] * size["records"] * (size["records"] - 1) // 2
        if pairs > PAIRS_PER_RECORD * records:
            break
        largest = size["records"]
    return largest


def _all_blocks(person_profiles: ir.Table) -> ir.Table:
    """How many records have each value of each key: `name`, `value`, `records`."""
    return ibis.union(*(_blocks(person_profiles, name) for name in KEYS))


def _blocks_of(person_profiles: ir.Table, fresh: ir.Table) -> ir.Table:
    """The same of the values that fresh records have."""
    own = person_profiles.semi_join(fresh, "record")
    return ibis.union(
        *(
            _blocks(person_profiles.semi_join(own.select(f"key_{name}"), f"key_{name}"), name)
            for name in KEYS
        )
    )


def _blocks(person_profiles: ir.Table, name: str) -> ir.Table:
    key = person_profiles[f"key_{name}"]
    values = person_profiles.filter(key.notnull()).select(value=key)
    counted = values.group_by("value").aggregate(records=values.count())
    return counted.select("value", "records", name=ibis.literal(name))


def _only(person_profiles: ir.Table, shared: ir.Table) -> ir.Table:
    """The profiles with their keys empty where they are not among the shared ones."""
    keys = {name: person_profiles[f"key_{name}"] for name in KEYS}
    return person_profiles.mutate(
        **{
            f"key_{name}": ibis.ifelse(
                key.isin(shared.filter(shared["name"] == name)["value"]), key, ibis.null("int64")
            )
            for name, key in keys.items()
        }
    )
