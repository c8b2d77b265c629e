"""What it costs to bring a few new records into many that are resolved already.

    python benchmarks/growth.py WORKSPACE [SHARE]

Takes in what was not taken in yet, and resolves the workspace as if for the first time. Then takes in
one new file with SHARE (0.01) as many records as describe someone there, and resolves again; then a day
of web visits by as many of the customers, and resolves again; then as many other records and the day
after, at once: only the source tables of people and the steps of identity. Of the new records half are
new people, the others known ones with the same e-mail address, or with none and a slip in the name. It
really imports: give it a copy. Prints one JSON object with the seconds of all runs by the clock and of
the processor, table by table, what taking in took, and the ratios: of who is who alone, and, where all
of it was taken in here, from exports to customers.
"""

from __future__ import annotations

import csv
import json
import random
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from klantreis import Workspace
from klantreis.pipeline import STEPS
from klantreis.runner import Finished, Quiet, Run
from measuring import measured
from portraits import visits

OTHER_HEADINGS = ("Kaartnummer", "Aanhef", "Tussenvoegsel", "Telefoon", "Mobiel", "Toevoeging")
SOURCES = ("persons", "identifiers")
IDENTITY = tuple(step for step in STEPS if step.room == "identity")
TABLES = (*SOURCES, *(step.name for step in IDENTITY))


class Seconds(Quiet):
    """How long each table took."""

    def __init__(self) -> None:
        self.of: dict[str, float] = {}
        self.of_processor: dict[str, float] = {}
        self.before = 0.0

    def started(self, piece: str) -> None:
        self.before = time.process_time()

    def finished(self, piece: Finished) -> None:
        if piece.name in TABLES:
            self.of[piece.name] = round(piece.seconds, 2)
            self.of_processor[piece.name] = round(time.process_time() - self.before, 2)


def resolved(shop: Workspace, *, afresh: bool) -> dict[str, Any]:
    """Run the steps; what each took."""
    seconds = Seconds()
    with measured() as taken:
        Run(
            shop._connect,
            shop.state,
            shop.store,
            shop.settings,
            datetime(2040, 1, 1),  # later than all that is simulated
            progress=seconds,
            steps=IDENTITY,
            afresh=afresh,
        ).complete()
    return {
        "seconds": seconds.of,
        "together": round(sum(seconds.of.values()), 2),
        "processor_seconds": seconds.of_processor,
        "processor_together": round(sum(seconds.of_processor.values()), 2),
        "peak_megabytes": round(taken.peak_bytes / 2**20),
    }


def new_records(shop: Workspace, share: float, turn: int) -> list[dict[str, str]]:
    """People who are new, and known ones who come again: others each turn, a number from 1."""
    count = shop.sql("SELECT count(*) AS n FROM person_profiles")["n"][0].as_py()
    wanted = max(10, round(count * share))
    known = shop.sql(
        f"""SELECT first_name, last_name, birth_on, email, street, house_number, postcode, city
        FROM persons WHERE first_name IS NOT NULL AND last_name IS NOT NULL AND city IS NOT NULL
        ORDER BY hash(person_id || '{turn}') LIMIT {wanted}"""
    ).to_pylist()
    drawn = random.Random(turn)
    return [_record(turn * 10_000_000 + number, known, drawn) for number in range(wanted)]


def _record(number: int, known: list[dict[str, Any]], drawn: random.Random) -> dict[str, str]:
    one, other, third = (drawn.choice(known) for _ in range(3))
    way = drawn.random()
    if way < 0.5:
        one = {**one, **{k: other[k] for k in ("last_name", "birth_on")}}
        one |= {k: third[k] for k in ("street", "postcode", "city")}
        one |= {"house_number": str(drawn.randint(1, 300)), "email": f"nieuw{number}@post.example"}
    elif way > 0.8:
        one = {**one, "email": None, "last_name": one["last_name"][:-1] + "e"}
    born = one["birth_on"].strftime("%d-%m-%Y") if one["birth_on"] else ""
    row = {
        **dict.fromkeys(OTHER_HEADINGS),
        "Klantnummer": 800_000_000 + number,
        "Voornaam": one["first_name"],
        "Achternaam": one["last_name"],
        "Geboortedatum": born,
        "E-mail": one["email"],
        "Straat": one["street"],
        "Huisnummer": one["house_number"],
        "Postcode": one["postcode"],
        "Woonplaats": one["city"],
        "Land": "NL",
        "Taal": "NL",
        "Ingeschreven op": "01-03-2025",
        "Mailing": "N",
        "Gewijzigd op": "",
    }
    return {heading: str(value or "") for heading, value in row.items()}


def taken_in(shop: Workspace, files: int | None = None) -> dict[str, float]:
    """Take in what waits, which are so many files; what it took, nothing where nothing waits."""
    begun, used = time.perf_counter(), time.process_time()
    taken = shop.import_exports()
    assert files in (None, taken.files), taken.problems
    if not taken.files:
        return {}
    return {
        "taking_in_seconds": round(time.perf_counter() - begun, 2),
        "taking_in_processor_seconds": round(time.process_time() - used, 2),
    }


def came(shop: Workspace, files: int) -> dict[str, Any]:
    """Take in the files that wait, and resolve again."""
    taken = taken_in(shop, files)
    return resolved(shop, afresh=False) | taken


def _ratios(more: dict[str, Any], whole: dict[str, Any]) -> dict[str, float]:
    ratios = {
        "ratio": more["together"] / whole["together"],
        "processor_ratio": more["processor_together"] / whole["processor_together"],
    }
    if "taking_in_seconds" in whole:
        for kind in ("", "processor_"):
            parts = (f"taking_in_{kind}seconds", f"{kind}together")
            ratios[f"from_exports_{kind}ratio"] = sum(more[part] for part in parts) / sum(
                whole[part] for part in parts
            )
    return {name: round(ratio, 4) for name, ratio in ratios.items()}


def _write_records(folder: Path, records: list[dict[str, str]], turn: int) -> None:
    file = folder / "exports" / "crm" / f"nieuwe-contacten-{turn}.csv"
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.DictWriter(opened, list(records[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(records)


def _write_visits(folder: Path, views: list[dict[str, Any]]) -> None:
    day = folder / "exports" / "ga4" / f"events_{views[0]['event_date']}.json"
    day.write_text("".join(json.dumps(view) + "\n" for view in views), encoding="utf-8")


def main() -> None:
    """Resolve, grow three times and resolve again each time; print what it took."""
    folder, share = Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 0.01
    with Workspace.open(folder) as shop:
        taken = taken_in(shop)
        whole = resolved(shop, afresh=True) | taken
        records = new_records(shop, share, 1)
        _write_records(folder, records, 1)
        grown = came(shop, 1)
        views = visits(shop, share)
        _write_visits(folder, views)
        visited = came(shop, 1)
        _write_records(folder, new_records(shop, share, 2), 2)
        _write_visits(folder, visits(shop, share))
        both = came(shop, 2)
    facts = {
        "new_records": len(records),
        "new_visits": len(views),
        "whole": whole,
        "grown": grown | _ratios(grown, whole),
        "visited": visited | _ratios(visited, whole),
        "both": both | _ratios(both, whole),
    }
    sys.stdout.write(json.dumps(facts, indent=1) + "\n")


if __name__ == "__main__":
    main()
