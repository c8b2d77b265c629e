"""Totals of orders from an export to the portrait, and out again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from klantreis import Workspace
from tests.brief import run_briefly
from tests.workspace.test_later_files import written

MAPPING = """
[[table]]
table = "order_totals"
[table.columns]
person_id = "{source}:{Klant}"
channel = { value = "web" }
orders = "Aantal"
total_amount = "Bedrag"
first_ordered_at = "Eerste"
last_ordered_at = "Laatste"
[[table]]
table = "orders"
[table.columns]
order_id = "{source}:{Klant}:{Laatste}"
person_id = "{source}:{Klant}"
kind = { value = "sale" }
channel = { value = "web" }
status = { value = "completed" }
ordered_at = "Laatste"
total_amount = { calculate = "{Bedrag} / {Aantal}" }
[[table]]
table = "persons"
[table.columns]
person_id = "{source}:{Klant}"
email = "E-mail"
"""
SETTINGS = """
[workspace]
name = "Huis"
time_zone = "UTC"
[sources.crm]
connector = "mapping"
mapping = "crm.toml"
"""
HEADING = "Klant;E-mail;Aantal;Bedrag;Eerste;Laatste\n"
# More than a few: of few customers all would be made anew.
OTHERS = "".join(
    f"{n};klant{n}@voorbeeld.nl;3;30,00;2020-01-{n:02};2026-01-10\n" for n in range(10, 31)
)
JANUARY = HEADING + "1;ann@voorbeeld.nl;21;210,00;2015-03-01;2026-01-20\n" + OTHERS
FEBRUARY = HEADING + "1;ann@voorbeeld.nl;24;250,00;2015-03-01;2026-02-20\n"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setattr(Workspace, "_make_tables", run_briefly)
    with Workspace.create(tmp_path / "shop", name="Huis") as made:
        (made.folder / "klantreis.toml").write_text(SETTINGS, encoding="utf-8")
        (made.folder / "crm.toml").write_text(MAPPING, encoding="utf-8")
        written(made.folder, "crm", {"2026-01.csv": JANUARY})
    with Workspace.open(tmp_path / "shop") as opened:
        opened.import_exports()
        opened.run()
        yield opened


def portrait(shop: Workspace, email: str) -> dict[str, Any]:
    table = shop.table("portraits")
    (row,) = shop.rows(table.filter(table["email"] == email))
    return row


def test_the_portrait_counts_what_the_source_counts(shop: Workspace) -> None:
    row = portrait(shop, "ann@voorbeeld.nl")
    assert (row["orders"], row["undated_orders"], row["revenue_amount"]) == (21, 20, 210)
    assert (row["first_order_at"], row["last_order_at"]) == (
        datetime(2015, 3, 1),
        datetime(2026, 1, 20),
    )
    assert row["events"] == 1


def test_a_later_total_holds_and_covers_the_purchases_that_were_known_before(
    shop: Workspace,
) -> None:
    before = shop.rows(shop.table("portraits").order_by("customer_id"))
    written(shop.folder, "crm", {"2026-02.csv": FEBRUARY})
    shop.import_exports()
    shop.run()
    row = portrait(shop, "ann@voorbeeld.nl")
    # Two days are known now, of January and February, worth 10 and 250 / 24.
    assert (row["orders"], row["undated_orders"], row["revenue_amount"]) == (24, 22, 250)
    assert row["last_order_at"] == datetime(2026, 2, 20)
    after = shop.rows(shop.table("portraits").order_by("customer_id"))
    assert [one for one in after if one["email"] != "ann@voorbeeld.nl"] == [
        one for one in before if one["email"] != "ann@voorbeeld.nl"
    ]
    assert shop.rows(shop.table("order_totals").count().name("n").as_table()) == [{"n": 22}]


def test_totals_of_who_is_erased_are_erased(shop: Workspace) -> None:
    ann = portrait(shop, "ann@voorbeeld.nl")["customer_id"]
    shown = shop.privacy.access(ann)
    assert shown
    shop.privacy.erase(ann)
    for name in ("order_totals", "orders", "undated_purchases", "portraits"):
        rows = shop.rows(shop.table(name))
        assert len(rows) == 21, name
        assert not any(one.get("person_id") == "crm:1" for one in rows)


def test_a_recipient_gets_pseudonyms_in_totals(shop: Workspace) -> None:
    totals = shop.pseudonyms.rows("order_totals", "University").to_pylist()
    undated = shop.pseudonyms.rows("undated_purchases", "University").to_pylist()
    assert {row["orders"] for row in totals} == {21, 3}
    assert not {row["person_id"] for row in totals} & {"crm:1", "crm:10"}
    assert all(isinstance(row["customer_id"], str) for row in undated)
    assert "file_id" not in totals[0]
