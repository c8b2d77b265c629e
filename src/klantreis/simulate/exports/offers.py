"""The leaflet week by week, the webshop's list of offers, and the weekly stock counts."""

from __future__ import annotations

import json
from datetime import timedelta

import numpy as np
import pyarrow as pa

from klantreis.simulate.desk import Desk, Flaw, Sheet, csv_row
from klantreis.simulate.market import Market
from klantreis.simulate.offers import (
    INCONSISTENCIES,
    MECHANICS,
    MISSING_IN_LEAFLET,
    MISSING_IN_WEBSHOP,
    two_for,
)
from klantreis.simulate.plan import EPOCH

__all__ = ["export_leaflet", "export_stock", "export_webshop_offers", "inconsistencies"]

PER_PAGE = 6


def _comma(cents: int) -> str:
    return f"{cents / 100:.2f}".replace(".", ",")


def _mechanic(number: int, price: int) -> str:
    return MECHANICS[number].format(two=_comma(int(two_for(np.array([price]))[0])))


def export_leaflet(desk: Desk, market: Market) -> None:
    """Write one leaflet a week."""
    offers, products = market.offers, market.products
    for week, monday in enumerate(market.mondays):
        year, number, _ = monday.isocalendar()
        printed = np.flatnonzero((offers.week == week) & (offers.flaw != MISSING_IN_LEAFLET))
        leaflet = {
            "folder": f"Huis & Haard week {number} {year}",
            "valid_from": monday.isoformat(),
            "valid_to": (monday + timedelta(days=6)).isoformat(),
            "offers": [
                {
                    "page": 1 + place // PER_PAGE,
                    "sku": products.sku[offers.product[offer]],
                    "name": products.name[offers.product[offer]],
                    "price": _comma(int(offers.price[offer])),
                    "normal_price": _comma(int(products.price[offers.product[offer]])),
                    "mechanic": _mechanic(int(offers.mechanic[offer]), int(offers.price[offer])),
                }
                for place, offer in enumerate(printed)
            ],
        }
        text = json.dumps(leaflet, ensure_ascii=False, indent=1)
        desk.bytes(f"exports/leaflet/folder_{year}-w{number:02d}.json", text.encode() + b"\n")


def export_webshop_offers(desk: Desk, market: Market) -> None:
    """Write the webshop's offers of the whole period."""
    offers, products = market.offers, market.products
    online = np.flatnonzero(offers.flaw != MISSING_IN_WEBSHOP)
    lines = [
        ";".join(
            (
                products.sku[offers.product[offer]],
                products.name[offers.product[offer]],
                _comma(int(offers.web_price[offer])),
                _comma(int(products.price[offers.product[offer]])),
                _mechanic(int(offers.mechanic[offer]), int(offers.price[offer])),
                f"{market.mondays[offers.week[offer]]:%d-%m-%Y}",
                f"{market.mondays[offers.week[offer]] + timedelta(days=6):%d-%m-%Y}",
            )
        )
        for offer in online
    ]
    desk.text(
        Sheet(
            "exports/webshop_offers/aanbiedingen.csv",
            "Artikel;Naam;Actieprijs;Normale prijs;Actie;Van;Tot",
            separator=";",
            flaws=(Flaw("unparsable amount", "Actieprijs", 2, "gratis"),),
            rate=0.001,
        ),
        lines,
    )


def inconsistencies(market: Market) -> pa.Table:
    """The planted differences between leaflet and webshop."""
    offers, products = market.offers, market.products
    flawed = np.flatnonzero(offers.flaw > 0)
    mondays = [market.mondays[offers.week[offer]] for offer in flawed]
    return pa.table(
        {
            "kind": [INCONSISTENCIES[offers.flaw[offer]] for offer in flawed],
            "product_id": [products.sku[offers.product[offer]] for offer in flawed],
            "starts_on": pa.array(mondays, pa.date32()),
            "ends_on": pa.array([monday + timedelta(days=6) for monday in mondays], pa.date32()),
            "leaflet_amount": [float(offers.price[offer]) / 100 for offer in flawed],
            "webshop_amount": [float(offers.web_price[offer]) / 100 for offer in flawed],
        }
    )


def export_stock(desk: Desk, market: Market) -> None:
    """Write the weekly counts by month of counting."""
    weeks, locations, products = market.stock.shape
    week, location, product = np.indices((weeks, locations, products)).reshape(3, -1)
    pieces = market.stock.ravel()
    first_monday = (market.mondays[0] - EPOCH).days
    day = (first_monday + 7 * week).astype(np.int32)
    kept = (pieces >= 0) & (day >= market.plan.first_day)
    desk.hold(
        "stock",
        pa.table(
            {
                "counted_on": pa.array(day[kept]).cast(pa.date32()),
                "location": location[kept],
                "product": product[kept],
                "pieces": pieces[kept],
            }
        ),
    )
    place = "CASE WHEN location = 0 THEN 'WEB' ELSE 'F' || (100 + location) END"
    row = csv_row("dutch_day(counted_on)", place, "sku", "pieces", separator=";")
    desk.by_month(
        Sheet(
            "exports/stock/voorraad_{month}.csv",
            "Datum;Filiaal;Artikel;Voorraad",
            separator=";",
            flaws=(Flaw("unparsable amount", "Voorraad", 3, "?"), Flaw("too few columns")),
            rate=0.0001,
        ),
        f"""SELECT strftime(counted_on, '%Y-%m') AS month, {row} AS line
            FROM stock JOIN products USING (product) ORDER BY counted_on, location, product""",
        market.plan.calendar_months,
    )
