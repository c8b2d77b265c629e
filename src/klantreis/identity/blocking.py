"""Which records are worth comparing: those that share a key that not too many share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.profiles import COMPARED, KEYS

__all__ = ["affordable_blocks", "comparable"]

PAIRS_PER_RECORD = 5  # that one key may bring; what is shared by more tells too little
# A birth date alone, or a birthday with a town or a sound, is shared by strangers too: of these only
# the rare ones are worth it.
TELL_LITTLE = ("birth", "day_heard", "town_day")
PAIRS_FOR_LITTLE = 1


def comparable(
    person_profiles: ir.Table,
    largest: Mapping[str, int],
    *,
    engine: Engine,
    fresh: ir.Table | None = None,
) -> ir.Table:
    """Profiles with only those keys that several share, and few enough to compare.

    Args:
        person_profiles: with all their keys.
        largest: the keys that are used, and the most records that may share a value of each.
        fresh: column `record`; when given, only what is worth comparing with those is left.

    Returns:
        The profiles that share a key, with `is_fresh`.
    """
    blocks = _all_blocks(person_profiles, largest)
    if fresh is not None:
        blocks = _blocks_of(person_profiles, fresh, largest, engine)
    few = ibis.cases(*((blocks["name"] == name, size) for name, size in largest.items()))
    is_worth = (blocks["records"] > 1) & (blocks["records"] <= few)
    shared = engine.keep(blocks.filter(is_worth).select("name", "value"))
    near = person_profiles if fresh is None else _having(shared, person_profiles, largest, engine)
    opened = _only(near, shared, largest)
    left = opened.filter(ibis.or_(*(opened[f"key_{name}"].notnull() for name in largest)))
    if fresh is None:
        return engine.keep(left.mutate(is_fresh=ibis.literal(True)))
    return engine.keep(left.mutate(is_fresh=left["record"].isin(fresh["record"])))


def affordable_blocks(
    person_profiles: ir.Table, *, engine: Engine
) -> Mapping[str, tuple[int, int]]:
    """Of each key the most records that may share a value, and the pairs that this brings."""
    blocks = _all_blocks(person_profiles, KEYS)
    sizes = blocks.group_by("name", "records").aggregate(blocks=blocks.count())
    counted: dict[str, list[dict[str, int]]] = {name: [] for name in KEYS}
    for row in engine.fetch(sizes.order_by("name", "records")).to_pylist():
        counted[row["name"]].append(row)
    records = engine.fetch(person_profiles.aggregate(records=person_profiles.count()))
    count = records["records"][0].as_py()
    allowed = {name: PAIRS_FOR_LITTLE if name in TELL_LITTLE else PAIRS_PER_RECORD for name in KEYS}
    return {name: _affordable(rows, allowed[name] * count) for name, rows in counted.items()}


def _affordable(sizes: Sequence[Mapping[str, int]], most: int) -> tuple[int, int]:
    """The most records that may share a key, so that all its pairs together are no more than that.

    >>> _affordable([{"records": 2, "blocks": 10}, {"records": 50, "blocks": 1}], 500)
    (2, 10)
    """
    pairs = largest = 0
    for size in sizes:
        more = size["blocks"] * size["records"] * (size["records"] - 1) // 2
        if pairs + more > most:
            break
        pairs, largest = pairs + more, size["records"]
    return largest, pairs


def _all_blocks(person_profiles: ir.Table, names: Iterable[str]) -> ir.Table:
    """How many records have each value of each key: `name`, `value`, `records`."""
    return ibis.union(*(_blocks(person_profiles, name) for name in names))


def _blocks_of(
    person_profiles: ir.Table, fresh: ir.Table, names: Collection[str], engine: Engine
) -> ir.Table:
    """The same of the values that fresh records have."""
    keys = [f"key_{name}" for name in names]
    own = engine.keep(person_profiles.semi_join(fresh, "record").select(keys))
    return ibis.union(
        *(
            _blocks(person_profiles.semi_join(own.select(f"key_{name}"), f"key_{name}"), name)
            for name in names
        )
    )


def _having(
    shared: ir.Table, person_profiles: ir.Table, names: Collection[str], engine: Engine
) -> ir.Table:
    """The profiles with one of these values of keys: few, where few are new."""
    by_name = (
        person_profiles.select("record", value=f"key_{name}")
        .semi_join(shared.filter(shared["name"] == name), "value")
        .select("record")
        for name in names
    )
    records = engine.keep(ibis.union(*by_name, distinct=True))
    needed = person_profiles.select(
        "record", "group", *COMPARED, *(f"key_{name}" for name in names)
    )
    return engine.keep(needed.semi_join(records, "record"))


def _blocks(person_profiles: ir.Table, name: str) -> ir.Table:
    key = person_profiles[f"key_{name}"]
    values = person_profiles.filter(key.notnull()).select(value=key)
    counted = values.group_by("value").aggregate(records=values.count())
    return counted.select("value", "records", name=ibis.literal(name))


def _only(person_profiles: ir.Table, shared: ir.Table, names: Iterable[str]) -> ir.Table:
    """The profiles with the keys that are used, empty where not among the shared ones."""
    keys = {name: person_profiles[f"key_{name}"] for name in names}
    return person_profiles.mutate(
        **{
            f"key_{name}": ibis.ifelse(
                key.isin(shared.filter(shared["name"] == name)["value"]), key, ibis.null("int64")
            )
            for name, key in keys.items()
        }
    )
