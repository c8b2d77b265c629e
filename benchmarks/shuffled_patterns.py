"""How often patterns are told of groups that are drawn by lot: `python benchmarks/shuffled_patterns.py WORKSPACE`.

The groups of a workspace change hands among its customers, within each segmentation; whatever the
scan then tells of groups is chance.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from klantreis import Workspace
from klantreis.patterns import joined_measures, patterns
from klantreis.pipeline import STEPS

SHUFFLES = 10


def main() -> None:
    """Shuffle, scan and count."""
    compared, below, told = 0, 0, 0
    with Workspace.open(Path(sys.argv[1])) as shop:
        for seed in range(SHUFFLES):
            looks = [row for row in scanned(shop, seed) if row["p_value"] is not None]
            compared += len(looks)
            below += sum(row["p_value"] < 0.05 for row in looks)
            told += sum(row["verdict"] in ("told", "repeated") for row in looks)
    print(
        f"{SHUFFLES} shuffles, {compared:,} comparisons: {told} told, {below / compared:.1%} below 0.05"
    )


def scanned(shop: Workspace, seed: int) -> list[dict[str, Any]]:
    """Table `patterns` of groups drawn by lot, without channels and courses of everybody."""
    chance = np.random.default_rng(seed)
    (step,) = (step for step in STEPS if step.name == "joined_measures")
    tables = {name: shop.table(name) for name in step.reads}
    tables["memberships"] = shuffled(shop, tables["memberships"], "segment", chance)
    tables["target_groups"] = shuffled(shop, tables["target_groups"], "target_group", chance)
    engine = shop.reading.engine
    taken = joined_measures(**tables, engine=engine, persona_groups=shop.settings.persona_groups)
    by_lot = taken.filter(~taken["segmentation"].isin(("all", "orientation_channel")))
    rows: list[dict[str, Any]] = engine.fetch(patterns(by_lot, engine=engine)).to_pylist()
    return rows


def shuffled(
    shop: Workspace, groups: ir.Table, column: str, chance: np.random.Generator
) -> ir.Table:
    """The same groups of the same sizes, of other customers."""
    rows = shop.reading.fetch(groups).to_pandas()
    if "segmentation" not in rows:
        rows["segmentation"] = column
    for name in rows["segmentation"].unique():
        own = (rows["segmentation"] == name).to_numpy()
        rows.loc[own, column] = chance.permutation(rows.loc[own, column].to_numpy())
    schema = groups.schema().to_pyarrow()
    columns = pa.Table.from_pandas(rows[list(schema.names)], schema=schema, preserve_index=False)
    return shop.reading.engine.keep(shop.reading.engine.table(columns))


if __name__ == "__main__":
    main()
