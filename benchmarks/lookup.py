"""How long it takes to look up who one record is, and how often that is right.

    python benchmarks/lookup.py WORKSPACE

Draws 5,000 records of customers and plants slips: in each a letter of the family name is lost,
doubled or exchanged with the next; a third has moved (another address), a third has no birth date;
none states an e-mail address, telephone number, card or account. As many again are looked up by
their e-mail address. Prints one JSON object: milliseconds for each way
(`computing` without what others did on the processor meanwhile), the share that was found
right, wrong and not at all, seconds to lay ready what is looked in, and megabytes of that and of
this process. Where the workspace has a known truth nothing is asked of it: right is the customer
that the record has.
"""

from __future__ import annotations

import gc
import json
import random
import resource
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from typing import Any

from klantreis import Workspace
from klantreis.workspace import LookupBook, SoughtRecord

ASKED = 5_000
SEED = 1


def main() -> None:
    with Workspace.open(sys.argv[1]) as workspace:
        begun = time.perf_counter()
        book = workspace.lookups.open()
        opened = time.perf_counter() - begun
        assert book is not None
        people = drawn(workspace)
        laid = Path(sys.argv[1]).glob(f".klantreis/lookup/{book.publication_id}-*/*")
    chance = random.Random(SEED)
    slipped = [(with_slips(row, chance), row["customer_id"]) for row in people]
    stated = [
        (SoughtRecord(email=row["email"]), row["customer_id"]) for row in people if row["email"]
    ]
    told: dict[str, Any] = {
        "customers_records": len(people),
        "by_name_and_address": measured(book, slipped),
        "by_email": measured(book, stated),
        "opened_s": round(opened, 1),
        "laid_ready_mb": round(sum(file.stat().st_size for file in laid) / 1e6),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3),
    }
    print(json.dumps(told))


def drawn(workspace: Workspace) -> list[dict[str, Any]]:
    rows = workspace.sql(
        f"""SELECT p.*, l.customer_id FROM persons p JOIN links l USING (person_id)
        WHERE p.first_name IS NOT NULL AND length(p.last_name) > 3 AND l.customer_id IS NOT NULL
        AND (p.street IS NOT NULL OR p.birth_on IS NOT NULL)
        ORDER BY hash(p.person_id) LIMIT {ASKED}"""
    )
    people: list[dict[str, Any]] = rows.to_pylist()
    return people


def with_slips(row: dict[str, Any], chance: random.Random) -> SoughtRecord:
    sought = SoughtRecord(
        first_name=row["first_name"],
        last_name=misspelled(row["last_name"], chance),
        birth_on=row["birth_on"],
        street=row["street"],
        house_number=row["house_number"],
        postcode=row["postcode"],
        city=row["city"],
    )
    kind = chance.randrange(3)
    if kind == 0 and row["birth_on"]:
        return replace(
            sought, street="Nieuwe Kade", house_number="1", postcode="9999ZZ", city="Elders"
        )
    return replace(sought, birth_on=None) if kind == 1 and row["street"] else sought


def misspelled(name: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(name) - 1)
    one, two, rest = name[at], name[at + 1], name[at + 2 :]
    return name[:at] + chance.choice((two, one + one + two, two + one)) + rest


def measured(book: LookupBook, records: list[tuple[SoughtRecord, int]]) -> dict[str, Any]:
    for sought, _ in records[:200]:
        book.find(sought)
    took, computed, came = [], [], Counter[str]()
    gc.collect()
    gc.freeze()
    for sought, customer_id in records:
        begun, begun_cpu = time.perf_counter(), time.thread_time()
        found = book.find(sought)
        computed.append(1000 * (time.thread_time() - begun_cpu))
        took.append(1000 * (time.perf_counter() - begun))
        is_right = found.customer_id == customer_id
        came["none" if found.customer_id is None else "right" if is_right else "wrong"] += 1
        came["doubtful"] += found.band == "doubtful"
    cuts = quantiles(took, n=100)
    times = {"p50_ms": cuts[49], "p95_ms": cuts[94], "p99_ms": cuts[98], "worst_ms": max(took)}
    times["p95_computing_ms"] = quantiles(computed, n=100)[94]
    shares = {name: came[name] / len(records) for name in ("right", "wrong", "none", "doubtful")}
    return {name: round(value, 4) for name, value in {**times, **shares}.items()} | {
        "asked": len(records)
    }


if __name__ == "__main__":
    main()
