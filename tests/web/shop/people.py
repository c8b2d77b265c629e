"""The made-up people, and everything they did, in order of time."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

__all__ = ["AS_OF", "PRODUCTS", "START", "Row", "customer", "orders", "timeline"]

AS_OF = datetime(2026, 1, 1, 12)
START = datetime(2025, 1, 3, 9)
FIRST = ("Sanne", "Daan", "Emma", "Bram", "Fatima", "Lars", "Noor", "Milan", "Yara", "Ruben")
LAST = ("de Vries", "Jansen", "Bakker", "van Dijk", "El Amrani", "Smit", "Peters", "Kaya")
CITIES = (("Utrecht", "3511AB"), ("Gent", "9000"), ("Amsterdam", "1012AB"), ("Zwolle", "8011CD"))
PRODUCTS = {
    f"SKU-{number}": (name, category)
    for number, (name, category) in enumerate(
        (
            ("Eettafel Oak", "tafels"),
            ("Bank Luna", "banken"),
            ("Vaas Terra", "decoratie"),
            ("Stoel Nora", "stoelen"),
            ("Lamp Halo", "verlichting"),
            ("Kleed Mila", "textiel"),
        ),
        start=1,
    )
}
Row = dict[str, Any]


def customer(number: int, chance: random.Random) -> Row:
    city, postcode = CITIES[0] if number == 1 else chance.choice(CITIES)
    first, last = (
        (FIRST[0], LAST[0]) if number == 1 else (chance.choice(FIRST), chance.choice(LAST))
    )
    known = number == 1 or (number != 2 and chance.random() < 0.7)
    address = f"{first}.{last}{number}@voorbeeld.nl".lower().replace(" ", "")
    return {
        "customer_id": number,
        "is_known": known,
        "name": f"{first} {last}" if known else None,
        "email": address if known else None,
        "phone": f"+3161234{number:04d}" if known and number % 3 else None,
        "loyalty_card": f"2900000{number:06d}" if known and number % 2 else None,
        "gender": "female" if first in ("Sanne", "Emma", "Fatima", "Noor", "Yara") else "male",
        "birth_on": datetime(1960 + number % 45, 1 + number % 12, 3).date() if known else None,
        "postcode": postcode if known else None,
        "city": city if known else None,
        "country": "BE" if city == "Gent" else "NL",
        "language": "nl",
        "may_email": known and number % 4 != 0,
        "persons": 1 + number % 3,
        "sources": ["crm", "ga4", "shopify", "till"][: 1 + number % 4] if known else ["ga4"],
        "created_at": START + timedelta(hours=number),
    }


def timeline(customer: Row, chance: random.Random) -> list[Row]:
    moments: list[tuple[datetime, str, str, Row]] = []
    at = START + timedelta(hours=chance.randint(0, 4000))
    visits = 5 if customer["customer_id"] == 1 else chance.randint(1, 6)
    for _ in range(visits):
        moments += _visit(at, customer, chance)
        at += timedelta(hours=chance.randint(20, 1500))
        if at > AS_OF - timedelta(days=1):
            break
    if customer["customer_id"] == 1:
        moments += _story()
    moments.sort(key=lambda moment: moment[:3])
    rows, session, before = [], 0, datetime(2000, 1, 1)
    for position, (when, channel, event, more) in enumerate(moments, start=1):
        session += when - before > timedelta(minutes=30)
        before = when
        rows.append(
            {
                "customer_id": customer["customer_id"],
                "position": position,
                "occurred_at": when,
                "channel": channel,
                "event": event,
                "session": session,
                "record_table": "orders" if event in ("purchase", "return") else "events",
                "record_id": f"{customer['customer_id']}-{position}",
                **more,
            }
        )
    return rows


def _visit(
    at: datetime, customer: Row, chance: random.Random
) -> list[tuple[datetime, str, str, Row]]:
    product = chance.choice(list(PRODUCTS))
    price = Decimal(chance.randint(12, 400))
    if customer["is_known"] and chance.random() < 0.35:
        bought = {"product_id": product, "amount": price, "store_id": "Filiaal 12", "order_id": "t"}
        return [(at, "store", "purchase", bought)]
    names = ["ad_click"] if chance.random() < 0.2 else []
    names += ["view_item_list", "view_item", "view_item"]
    names += [n for n in ("add_to_cart", "begin_checkout", "purchase") if chance.random() < 0.6]
    rows = []
    for place, name in enumerate(names):
        more: Row = {"product_id": product if "item" in name or "cart" in name else None}
        if name == "purchase":
            more |= {"amount": price, "order_id": f"o{customer['customer_id']}-{at:%j}"}
        rows.append(
            (at + timedelta(minutes=place), "ads" if name == "ad_click" else "web", name, more)
        )
    return rows


def _story() -> list[tuple[datetime, str, str, Row]]:
    day = datetime(2025, 11, 3, 18)
    review = "Prachtige tafel, maar de bezorging duurde lang."
    return [
        (day, "web", "search", {"text": "eettafel eiken"}),
        (day + timedelta(minutes=2), "web", "view_item", {"product_id": "SKU-1"}),
        (day + timedelta(minutes=5), "app", "add_to_cart", {"product_id": "SKU-1"}),
        (day + timedelta(days=1), "web", "payment_failed", {"order_id": "o1"}),
        (
            day + timedelta(days=2),
            "store",
            "purchase",
            {
                "product_id": "SKU-1",
                "amount": Decimal(389),
                "order_id": "t1",
                "store_id": "Filiaal 12",
            },
        ),
        (day + timedelta(days=9), "review", "review", {"text": review, "score": 0.5}),
        (day + timedelta(days=20), "service", "ticket", {"text": "Krasje op het tafelblad"}),
        (day + timedelta(days=30), "store", "return", {"amount": Decimal(-49), "order_id": "t2"}),
        (day + timedelta(days=40), "mail", "sent", {"campaign": "wintersale"}),
    ]


def orders(timelines: dict[int, list[Row]]) -> list[Row]:
    rows = [row for moments in timelines.values() for row in moments]
    return [
        {
            "order_id": row["record_id"],
            "source": "till" if row["channel"] == "store" else "shopify",
            "file_id": "f1",
            "person_id": f"crm:{row['customer_id']}",
            "kind": "sale" if row["event"] == "purchase" else "return",
            "channel": row["channel"],
            "ordered_at": row["occurred_at"],
            "status": "completed",
            "total_amount": row["amount"],
        }
        for row in rows
        if row["event"] in ("purchase", "return")
    ]
