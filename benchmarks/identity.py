"""How well and how fast records of one human being are brought together, on data with known truth.

    python benchmarks/identity.py [fake_1000 fake_20000 febrl3 historical_figures]

Each line is measured in a process of its own, so that memory is its own. Each set goes through the product's own identity steps as the tables that an import would make of
it; nothing is told of the truth, and no setting differs between sets. Beside it, in the same run,
the models that Splink's documentation gives for these sets. Data: `KLANTREIS_DATA`.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from klantreis.engine import connect
from klantreis.identity.quality import identity_quality
from klantreis.litter import seldom_collected
from klantreis.pipeline import CHANGED, STEPS
from klantreis.tables import TABLES, Renewal, conform, contract

DATA = Path(os.environ.get("KLANTREIS_DATA", "../shared/data")) / "identity"
IDENTITY = STEPS[: [step.name for step in STEPS].index("links") + 1]
NO_DECISIONS: dict[str, tuple[tuple[str, str], ...]] = {"same": (), "different": ()}


def historical_figures() -> pd.DataFrame:
    rows = pd.read_parquet(DATA / "historical_figures_with_errors_50k.parquet")
    names = {"surname": "last_name", "dob": "birth_on", "postcode_fake": "postcode"}
    names |= {"birth_place": "city", "cluster": "human_id", "unique_id": "person_id"}
    return rows.rename(columns=names)


def febrl3() -> pd.DataFrame:
    rows = pd.read_csv(DATA / "febrl3.csv.gz", dtype=str, skipinitialspace=True)
    rows.columns = [name.strip() for name in rows.columns]
    born = rows["date_of_birth"].str
    rows["birth_on"] = born[:4] + "-" + born[4:6] + "-" + born[6:8]
    rows["human_id"] = rows["rec_id"].str.extract(r"rec-(\d+)-")[0]
    names = {"given_name": "first_name", "surname": "last_name", "address_1": "street"}
    names |= {"street_number": "house_number", "suburb": "city", "rec_id": "person_id"}
    # The number that people bear, as a mapping file would name it.
    rows["customer_number"] = rows["soc_sec_id"]
    return rows.rename(columns=names)


def fake(file: str, truth: str) -> pd.DataFrame:
    rows = pd.read_csv(DATA / file, dtype=str)
    names = {"surname": "last_name", "dob": "birth_on", "unique_id": "person_id"}
    return rows.rename(columns={**names, truth: "human_id"})


SETS = {
    "fake_1000": lambda: fake("fake_1000.csv", "cluster"),
    "fake_20000": lambda: fake("fake_20000.csv.gz", "group"),
    "febrl3": febrl3,
    "historical_figures": historical_figures,
}


def day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def arrow(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    schema = contract(name).schema.to_pyarrow()
    return pa.Table.from_pylist([{k: row.get(k) for k in schema.names} for row in rows], schema)


def ours(name: str) -> tuple[pd.DataFrame, pa.Table, float]:
    """The set, the customer of each record, and how many seconds that took."""
    rows = SETS[name]()
    rows = rows.astype(object).where(rows.notna(), None)
    records: list[dict[str, Any]] = [
        {str(k): v for k, v in row.items()} for row in rows.to_dict("records")
    ]
    for row in records:
        row |= {"source": "set", "file_id": "set", "birth_on": day(row.get("birth_on"))}
    stated = [
        {**row, "kind": kind, "value": row[kind]}
        for row in records
        for kind in ("email", "customer_number")
        if row.get(kind)
    ]
    engine = connect("duckdb")
    persons = engine.keep(engine.table(arrow("persons", records)))
    identifiers = engine.keep(engine.table(arrow("identifiers", stated)))
    tables = {name: engine.table(arrow(name, [])) for name in TABLES}
    tables |= {"persons": persons, "identifiers": identifiers}
    none = dict(tables)
    asked = {
        "engine": engine,
        "country": "NL",
        "shared_identifier_limit": 6,
        "identifier_rules": {},
        "own_decisions": NO_DECISIONS,
    }
    del records, stated
    begun = time.perf_counter()
    with seldom_collected():  # as the runner does
        for step in IDENTITY:
            arguments = {name: tables[name] for name in step.reads}
            arguments |= {f"previous_{name}": none[name] for name in step.reads_previous}
            arguments |= {f"kept_{name}": none[name] for name in step.reads_kept}
            arguments |= {  # of no use where nothing was before
                f"{way}{name}": none[name] for name in step.reads_changed for way in CHANGED
            }
            arguments = {name: arguments[name] for name in step.parameters if name in arguments}
            arguments |= {name: asked[name] for name in step.asks}
            made = step.function(**arguments)
            assert not isinstance(made, Renewal), "nothing was there to go on from"
            tables[step.name] = engine.keep(conform(made, contract(step.name)))
    seconds = time.perf_counter() - begun
    return rows, engine.fetch(tables["links"]), seconds


def splinks(name: str) -> tuple[pd.DataFrame, pa.Table, float]:
    """The same by Splink's documented model."""
    from splink_models import MODELS

    rows = SETS[name]()
    begun = time.perf_counter()
    found = MODELS[name](rows)
    seconds = time.perf_counter() - begun
    numbers = pd.factorize(found["cluster_id"])[0]
    return rows, pa.table({"person_id": found["person_id"], "customer_id": numbers}), seconds


WAYS = {"klantreis": ours, "splink": splinks}


def measure(name: str, way: str) -> str:
    rows, links, seconds = WAYS[way](name)
    # Read before judging, which takes memory of its own.
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    engine = connect("duckdb")
    truth = engine.table(
        pa.table(
            {"person_id": rows["person_id"].astype(str), "human_id": rows["human_id"].astype(str)}
        )
    )
    quality = identity_quality(engine.table(links), truth, engine=engine)
    return (
        f"| {name} | {way} | {quality.records:,} | {quality.pairwise_precision:.4f} "
        f"| {quality.pairwise_recall:.4f} | {quality.pairwise_f1:.4f} "
        f"| {quality.b_cubed_precision:.4f} | {quality.b_cubed_recall:.4f} "
        f"| {quality.b_cubed_f1:.4f} | {seconds:.1f} | {gigabytes:.2f} |"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--line"]:
        print(measure(*sys.argv[2:4]), flush=True)
    else:
        print(
            "| set | by | records | pair P | pair R | pair F1 | B3 P | B3 R | B3 F1 | seconds | GB |"
        )
        print("|---|---|---|---|---|---|---|---|---|---|---|", flush=True)
        for wanted in sys.argv[1:] or SETS:
            for way in WAYS:
                subprocess.run([sys.executable, __file__, "--line", wanted, way], check=True)
