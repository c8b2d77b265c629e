"""How many of the ways in which people write Dutch towns are brought to the right town.

    python benchmarks/towns.py

First a list of spellings as they stood in real files, each with the town that was meant
(`identity/dutch_town_spellings.csv` below `KLANTREIS_DATA`; nothing of the product was made from
it); right is what comes out as the town's own name does, and a town that comes out as another one
of the list has none right. Then every Dutch town with more than 20,000 inhabitants with slips of
the pen made at random: what comes out right, what is left as it was, and what becomes another town.
"""

from __future__ import annotations

import csv
import os
import random
import time
from collections import Counter
from pathlib import Path
from string import ascii_lowercase

from klantreis.identity.gazetteer import gazetteer
from klantreis.identity.town_names import town_names

DATA = Path(os.environ.get("KLANTREIS_DATA", "../shared/data")) / "identity"
LARGE = 20_000
TIMES = 20


def spellings() -> str:
    with (DATA / "dutch_town_spellings.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    meant = [row["official_name"] for row in rows]
    usual = Counter(meant)
    own = dict(zip(usual, town_names(list(usual), "NL"), strict=True))
    # Of towns that come out as one, the name that most spellings mean may count.
    named = {own[town]: town for town, _ in reversed(usual.most_common())}
    begun = time.perf_counter()
    found = town_names([row["name"] for row in rows], "NL")
    seconds = time.perf_counter() - begun
    right = sum(named.get(town) == wanted for town, wanted in zip(found, meant, strict=True))
    return f"| spellings of {len(usual)} towns | {len(rows)} | {right / len(rows):.3f} | {seconds:.2f} |"


def with_slips(name: str, count: int, rng: random.Random) -> str:
    letters = list(name.lower())
    for _ in range(count):
        place = rng.randrange(len(letters) - 1)
        way = rng.choice(("left out", "put in", "another", "exchanged"))
        if way == "left out":
            del letters[place]
        elif way == "put in":
            letters.insert(place, rng.choice(ascii_lowercase))
        elif way == "another":
            letters[place] = rng.choice(ascii_lowercase)
        else:
            letters[place : place + 2] = reversed(letters[place : place + 2])
    return "".join(letters)


def slips(count: int) -> str:
    rng = random.Random(count)
    towns = {town for named in gazetteer("NL").named.values() for town in named}
    wanted = sorted(town.name for town in towns if town.inhabitants > LARGE) * TIMES
    written = [with_slips(name, count, rng) for name in wanted]
    begun = time.perf_counter()
    found = town_names(written, "NL")
    seconds = time.perf_counter() - begun
    right = sum(one == other for one, other in zip(found, wanted, strict=True)) / len(wanted)
    other = sum(town not in (None, name) for town, name in zip(found, wanted, strict=True))
    return (
        f"| {count} slip(s) at random | {len(wanted)} | {right:.3f} "
        f"(another town: {other / len(wanted):.3f}) | {seconds:.2f} |"
    )


if __name__ == "__main__":
    print("| set | spellings | right | seconds |\n|---|---|---|---|")
    print(spellings())
    for number in (1, 2):
        print(slips(number))
