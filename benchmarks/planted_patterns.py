"""Whether the scan finds what was planted in a simulated shop: `python benchmarks/planted_patterns.py WORKSPACE`.

The simulated people are of eight types that return, bargain and orient differently. Their
types, from `truth/`, stand in for the groups of the shop; a type that was given clearly more or less
of something than the others is to be found so. Prints a row for each type and measure, and how many
were found, missed, and told the wrong way round.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow.parquet as pq

from klantreis import Workspace, simulate
from klantreis.patterns import joined_measures, patterns
from klantreis.pipeline import STEPS

OF_TYPE = "target_group"  # whose place the types take
CLEARLY = 1.3  # times as much, or as little, as the others have on average

Kind = Mapping[str, Any]


def online_before_store(kind: Kind) -> float:
    """Of the ways that end in a store, the part that began online."""
    _, _, both, store = kind["route"]
    return float(both / (both + store))


PLANTED: Mapping[str, Callable[[Kind], float]] = {
    "returned_purchases": lambda kind: float(kind["return_rate"]),
    "discount_given": lambda kind: float(kind["price_sensitivity"]),
    "ropo_share": online_before_store,
}


def types_of(shop: Workspace) -> ir.Table:
    """The type of each customer: that of the human being behind most of their records."""
    engine = shop.reading.engine
    truth = shop.folder / "truth"
    records = engine.table(pq.read_table(truth / "records.parquet"))
    humans = engine.table(pq.read_table(truth / "humans.parquet", columns=["human_id", "type"]))
    owned = records.filter(~records["is_shared"]).join(shop.table("links"), "person_id")
    counted = owned.group_by("customer_id", "human_id").aggregate(records=owned.count())
    most = counted.group_by("customer_id").aggregate(
        human_id=counted["human_id"].argmax(counted["records"])
    )
    typed = most.join(humans, "human_id")
    known = typed.filter(typed["customer_id"].notnull())
    return engine.keep(known.select("customer_id", target_group=known["type"]))


def scanned(shop: Workspace) -> list[dict[str, Any]]:
    """Table `patterns`, with the types as groups."""
    (step,) = (step for step in STEPS if step.name == "joined_measures")
    tables = {name: shop.table(name) for name in step.reads}
    tables["target_groups"] = types_of(shop)
    engine = shop.reading.engine
    taken = joined_measures(**tables, engine=engine, persona_groups="need")
    rows: list[dict[str, Any]] = engine.fetch(patterns(taken, engine=engine)).to_pylist()
    return [
        row
        for row in rows
        if (row["kind"], row["segmentation"], row["at_channel"]) == ("segment", OF_TYPE, "all")
    ]


def planted() -> dict[tuple[str, str], float]:
    """By measure and type: how many times as much as the other types have, weighed by their size."""
    folder = Path(simulate.__file__).parent / "data"
    kinds = tomllib.loads((folder / "types.toml").read_text(encoding="utf-8"))["type"]
    found = {}
    for measure, amount in PLANTED.items():
        for kind in kinds:
            others = [one for one in kinds if one is not kind]
            people = sum(one["share"] for one in others)
            rest = sum(one["share"] * amount(one) for one in others) / people
            found[measure, kind["id"]] = amount(kind) / rest
    return found


def main() -> None:
    """Scan, and hold it against what was planted."""
    with Workspace.open(Path(sys.argv[1])) as shop:
        looks = {(row["measure"], row["segment"]): row for row in scanned(shop)}
    counts = {"found": 0, "missed": 0, "the wrong way round": 0, "nothing planted": 0}
    for (measure, kind), ratio in sorted(planted().items()):
        row = looks.get((measure, kind))
        verdict = row["verdict"] if row else "not compared"
        is_told = verdict in ("told", "repeated")
        is_more = bool(row and row["difference"] and row["difference"] > 0)
        if 1 / CLEARLY < ratio < CLEARLY:
            outcome = "nothing planted"
        elif not is_told:
            outcome = "missed"
        else:
            outcome = "found" if is_more == (ratio > 1) else "the wrong way round"
        counts[outcome] += 1
        value, rest = (row["value"], row["rest"]) if row else (None, None)
        print(
            f"{measure:30} {kind:18} planted x{ratio:.2f}  {verdict:12} {value} / {rest}: {outcome}"
        )
    print(counts)


if __name__ == "__main__":
    main()
