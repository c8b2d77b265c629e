"""A row that has no id of its own is the same row however its date is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from klantreis.errors import SettingsError
from klantreis.sources import guess, mapping_text, sample_of
from klantreis.sources.google_ads import source as google_ads
from klantreis.sources.meta_ads import source as meta_ads
from klantreis.sources.reading import read_mapping
from tests.sources.files import Rows, export_file, mapped, rows_of, taken, written

ENGLISH = "Day,Campaign,Cost,Impr.,Clicks\n"
DUTCH = "Dag;Campagne;Kosten;Vertoningen;Klikken\n"
MAPPING = """
[[table]]
table = "spend"
[table.columns]
spend_id = { hash = ["Soort"], hash_of = ["spent_on", "campaign"] }
channel = { value = "x" }
campaign = "Campagne"
spent_on = "Dag"
cost_amount = "Kosten"
"""


def spend(folder: Path, **contents: str) -> Rows:
    files = [
        export_file(written(folder / f"{name}.csv", text), "google_ads")
        for name, text in contents.items()
    ]
    return rows_of(taken(google_ads, files, folder / "parts"))


def test_spend_counts_once_however_its_day_is_written(tmp_path: Path) -> None:
    rows = spend(
        tmp_path,
        a=ENGLISH + "2026-01-05,Lente,10.00,100,5\n",
        b=ENGLISH + '"Jan 5, 2026",Lente,10.50,100,5\n',
        c=DUTCH + "05-01-2026;Lente;11,00;100;5\n",
        d=DUTCH + "06-01-2026;Lente;12,00;100;5\n",
    )["spend"]
    assert len(rows) == 2
    assert {str(row["spent_on"]): float(row["cost_amount"]) for row in rows} == {
        "2026-01-05": 11.0,
        "2026-01-06": 12.0,
    }


def test_of_meta_too(tmp_path: Path) -> None:
    texts = {
        "a": "Day,Campaign name,Amount spent (EUR),Impressions,Link clicks\n2026-01-05,Lente,1,2,3\n",
        "b": "Dag;Campagnenaam;Besteed bedrag (EUR);Weergaven;Linkkliks\n05-01-2026;Lente;1;2;3\n",
    }
    files = [export_file(written(tmp_path / f"{n}.csv", text), "m") for n, text in texts.items()]
    assert len(rows_of(taken(meta_ads, files, tmp_path / "parts"))["spend"]) == 1


def test_days_that_cannot_be_read_stay_apart(tmp_path: Path) -> None:
    text = DUTCH + "gisteren;Lente;1;1;1\nvandaag;Lente;1;1;1\n05-01-2026;Lente;1;1;1\n"
    rows = spend(tmp_path, a=text)
    assert len(rows["spend"]) == 1
    assert [row["found"] for row in rows["quarantine"]] == ["gisteren", "vandaag"]


def test_a_mapping_may_say_which_values_as_read_make_the_id(tmp_path: Path) -> None:
    head = "Soort;Dag;Campagne;Kosten\n"
    written(tmp_path / "mapping.toml", MAPPING)
    ids = {
        text: rows_of(mapped(tmp_path / text.replace("/", "-"), MAPPING, head + text))["spend"][0]
        for text in ("a;2026-01-05;L;1", "a;05/01/2026;L;1", "b;05/01/2026;L;1", "a;2026-01-05;M;1")
    }
    first, again, *others = (row["spend_id"] for row in ids.values())
    assert first == again
    assert len({first, *others}) == 3


@pytest.mark.parametrize("name", ["Dag", "spend_id", "clicks"])
def test_only_what_is_read_can_make_an_id(name: str, tmp_path: Path) -> None:
    file = written(tmp_path / "m.toml", MAPPING.replace('"spent_on"', f'"{name}"'))
    with pytest.raises(SettingsError, match=f"hash_of of spend_id .*got '{name}'; allowed: 'chan"):
        read_mapping(file)


@pytest.mark.parametrize(
    ("head", "styles"),
    [
        (
            "platform;datum;campagne;kosten\n",
            ["google;2026-01-31;lente;10,50", "google;31-01-2026;lente;10,50"],
        ),
        (
            "klantnummer;datum;tijd;bedrag\n",
            ["7;31-01-2026;10:15;9,50", "7;31/01/2026;10:15:00;9,50"],
        ),
    ],
)
def test_a_guessed_mapping_makes_the_same_id_of_another_date_style(
    head: str, styles: list[str], tmp_path: Path
) -> None:
    ids = set()
    for number, row in enumerate(styles):
        folder = tmp_path / str(number)
        file = written(folder / "x.csv", head + row + "\n")
        found = guess(sample_of(file), time_zone="UTC")
        name = {"spend": "spend", "order": "orders"}[found.row_is]
        [read] = rows_of(mapped(folder, mapping_text(found), head + row + "\n", "x.csv"))[name]
        ids.add(read["spend_id" if name == "spend" else "order_id"])
    assert len(ids) == 1
