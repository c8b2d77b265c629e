"""How often a planted effect of a mailing lies within the interval that we measure.

    python benchmarks/effect_recovery.py --shops 10 --customers 6000 --work benchmarks/work

Simulates shops with seeds 1, 2, ..., imports and runs each, and counts for every mailing with a
holdout whether the extra chance to buy that was planted lies within our 95 % interval: the one over
recognised purchases, and the one over all purchases. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq

from klantreis import Workspace
from klantreis.workspace import Estimate


def simulated(folder: Path, customers: int, seed: int) -> None:
    if (folder / "klantreis.toml").exists():
        return
    klantreis = Path(sys.executable).with_name("klantreis")
    size = ["--customers", str(customers), "--seed", str(seed)]
    subprocess.run([klantreis, "simulate", str(folder), *size], check=True, capture_output=True)


def holds(estimate: Estimate | None, planted: float) -> bool:
    return estimate is not None and estimate.low <= planted <= estimate.high


def recovered(folder: Path) -> Counter[str]:
    """Mailings of one shop, and how many planted effects lie within either interval."""
    found: Counter[str] = Counter()
    rows = pq.read_table(folder / "truth" / "effects.parquet").to_pylist()
    planted = {row["campaign"]: row["planted_lift"] for row in rows}
    with Workspace.open(folder) as workspace:
        workspace.import_exports()
        workspace.run()
        for effect in workspace.effects.imported():
            lift = planted[effect.campaign]
            found["mailings"] += 1
            found["recognised"] += holds(effect.conversion, lift)
            found["over_all"] += holds(effect.conversion_of_all, lift)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shops", type=int, default=10)
    parser.add_argument("--customers", type=int, default=6_000)
    parser.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    options = parser.parse_args()
    total: Counter[str] = Counter()
    for seed in range(1, options.shops + 1):
        folder = options.work / f"effects-{options.customers}-{seed}"
        simulated(folder, options.customers, seed)
        total += recovered(folder)
        print(seed, dict(total), file=sys.stderr)
    print(json.dumps(total))


if __name__ == "__main__":
    main()
