from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from klantreis import Workspace
from klantreis.engine import Engine
from klantreis.journeys import offer_prices
from tests.rows import made, stored


def priced(
    engine: Engine, folder: Path, *offers: tuple[str | None, float | None, float | None]
) -> list[tuple[str, float | None]]:
    """Kind and effective price of offers, each given as mechanic, price shown and normal price."""
    rows = [
        {
            "offer_id": f"{number:03}",
            "medium": "leaflet",
            "mechanic": mechanic,
            "offer_amount": None if shown is None else Decimal(str(shown)),
            "normal_amount": None if normal is None else Decimal(str(normal)),
        }
        for number, (mechanic, shown, normal) in enumerate(offers)
    ]
    found = made(
        "offer_prices", offer_prices(stored("offers", rows, engine, folder), engine=engine), engine
    )
    return [
        (r["kind"], None if r["unit_amount"] is None else float(r["unit_amount"])) for r in found
    ]


def test_a_multi_buy_or_bundle_lowers_the_price_of_each_unit(
    any_engine: Engine, tmp_path: Path
) -> None:
    assert priced(
        any_engine,
        tmp_path,
        ("1+1 gratis", 4.0, 4.0),
        ("1+1 gratis", 2.0, 4.0),
        ("2e halve prijs", 4.0, None),
        ("2 voor 5,00", 3.29, 3.29),
        ("3 voor 5.50", 5.5, 5.5),
        ("2e voor € 1", 4.0, 4.0),
        ("2nd for £1", 3.0, 4.0),
        ("derde voor 1 euro", None, 4.0),
        ("Buy 4 and get 50p off", 4.0, 4.0),
    ) == [
        ("multi_buy", 2.0),
        ("multi_buy", 2.0),
        ("multi_buy", 3.0),
        ("bundle_price", 2.5),
        ("bundle_price", pytest.approx(1.8333)),
        ("nth_price", 2.5),
        ("nth_price", 2.5),
        ("nth_price", 3.0),
        ("amount_off", 3.875),
    ]


def test_a_discount_is_taken_off_once(any_engine: Engine, tmp_path: Path) -> None:
    assert priced(
        any_engine,
        tmp_path,
        ("25% korting", 3.0, 4.0),  # the price shown has it in already
        ("25% korting", 4.0, 4.0),
        ("25% korting", None, 4.0),
        ("25% korting", 3.0, None),
        ("1,00 korting", 4.0, 4.0),
        (None, 2.5, 3.0),
        ("Gratis bezorging", 3.0, 3.0),
    ) == [
        ("share_off", 3.0),
        ("share_off", 3.0),
        ("share_off", 3.0),
        ("share_off", 3.0),
        ("amount_off", 3.0),
        ("none", 2.5),
        ("extra", 3.0),
    ]


def test_what_cannot_be_told_stays_empty(any_engine: Engine, tmp_path: Path) -> None:
    assert priced(
        any_engine,
        tmp_path,
        ("pakketkorting", 4.0, 4.0),
        ("pakketkorting", 3.0, 4.0),
        ("tot 50% korting", 4.0, 4.0),
        ("100 gram voor 1.89", 13.61, 15.69),
        ("1+1 gratis", None, None),
        ("2e voor € 5", 4.0, 4.0),  # dearer than the first: it is about something else
        ("€ 5 korting bij besteding van € 50", 9.0, 9.0),
    ) == [
        ("unread", None),
        ("unread", 3.0),
        ("up_to", None),
        ("measure_price", None),
        ("multi_buy", None),
        ("nth_price", None),
        ("unread", None),
    ]


def test_every_printed_offer_of_the_simulated_shop_is_understood(shop: Workspace) -> None:
    kinds: dict[str, Any] = {
        row["kind"]: row["n"]
        for row in shop.sql(
            """SELECT kind, count(*) AS n FROM offer_prices JOIN offers USING (offer_id)
            WHERE medium = 'leaflet' GROUP BY kind"""
        ).to_pylist()
    }
    assert "unread" not in kinds
    assert {"multi_buy", "bundle_price", "share_off", "none"} <= set(kinds)
