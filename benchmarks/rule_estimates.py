"""In how many of a hundred rules the exact count lies in the interval of its first estimate.

    python benchmarks/rule_estimates.py WORKSPACE [--rules 200 --seed 1]

Rules at random, of measures, windows, channels and chains over the events of the workspace; each is
counted exactly and estimated from one customer in twenty. The customers of the sample are the same
for every rule, so one sample that happens to be odd would show in many rules: each rule's members
are therefore also drawn with other numbers, as forty other samples. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from klantreis import Workspace
from klantreis.errors import RuleError
from klantreis.segments import wilson
from klantreis.tables import is_sampled
from klantreis.workspace import AudienceSize

OTHER_SAMPLES = 40
EVENTS = ("view_item", "purchase", "add_to_cart", "search", "open", "return")


def rule(chance: random.Random, events: Sequence[str]) -> str:
    """A rule at random."""
    event, other = chance.sample(events, 2)
    window = chance.choice(
        ["", f" in last {chance.randint(5, 500)} days", f" until {chance.randint(5, 300)} days ago"]
    )
    via = chance.choice(["", "", f" via '{chance.choice(['web', 'store'])}'"])
    absent = chance.choice(["", "not "])
    simple = [
        f"did '{event}'{via}{window}",
        f"count('{event}'){via}{window} > {chance.randint(1, 6)}",
        f"visits{via} in last {chance.randint(20, 700)} days > {chance.randint(1, 5)}",
        f"first('{event}') in last {chance.randint(20, 700)} days",
        f"did '{event}'{window} then {absent}'{other}' within {chance.randint(1, 20)} days",
        f"revenue in last {chance.randint(20, 700)} days > {chance.randint(10, 300)}",
    ]
    first, second = chance.sample(simple, 2)
    return chance.choice([first, first, f"{first} {chance.choice(['and', 'or'])} {second}"])


def drawn(workspace: Workspace, numbers: pa.Array) -> np.ndarray:
    """Which customers are in each of the other samples, one column a sample."""
    rows = workspace.reading.engine.table(pa.table({"customer_id": numbers}))
    columns = {
        f"s{place}": is_sampled(rows["customer_id"] + (place + 1) * 1_000_003)
        for place in range(OTHER_SAMPLES)
    }
    found = workspace.reading.fetch(rows.select("customer_id", **columns).order_by("customer_id"))
    return np.column_stack([found[name].to_numpy() for name in columns])


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("workspace")
    arguments.add_argument("--rules", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    chance = random.Random(given.seed)
    with Workspace.open(given.workspace) as workspace:
        events = [name for name in EVENTS if name in workspace.audiences.own_events]
        everyone = workspace.reading.fetch(
            workspace.table("portraits").select("customer_id").order_by("customer_id")
        )["customer_id"].combine_chunks()
        numbers, samples = everyone.to_numpy(), drawn(workspace, everyone)
        held, others, asked = 0, [], 0
        while asked < given.rules:
            text = rule(chance, events)
            try:
                members = workspace.reading.fetch(workspace.audiences.members(text))
            except RuleError:
                continue
            asked += 1
            estimate = workspace.audiences.estimate(text)
            exact: AudienceSize = workspace.audiences.size(text)
            held += estimate.low <= exact.customers <= estimate.high
            is_member = np.isin(numbers, members["customer_id"].to_numpy())
            share = is_member.mean()
            for column in samples.T:
                known = wilson(int(is_member[column].sum()), int(column.sum()))
                others.append(known.low <= share <= known.high)
        print(
            json.dumps(
                {
                    "customers": len(numbers),
                    "rules": asked,
                    "held_in_the_sample": round(held / asked, 3),
                    "other_samples": OTHER_SAMPLES,
                    "held_in_other_samples": round(float(np.mean(others)), 4),
                }
            )
        )


if __name__ == "__main__":
    main()
