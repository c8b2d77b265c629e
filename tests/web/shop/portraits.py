"""The portraits of the made-up people, and the groups that they are in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from tests.web.shop.people import AS_OF, PRODUCTS, Row

__all__ = [
    "customer_channels",
    "households",
    "memberships",
    "portrait",
    "rfm",
    "segment_changes",
    "segment_sizes",
]

SEGMENTS = {
    (True, True): "champions",
    (True, False): "promising",
    (False, True): "at_risk",
    (False, False): "hibernating",
}


# Who lives together, by the lowest number of each household; 5 lives alone.
HOMES = {1: 1, 3: 1, 5: 5}


def households() -> list[Row]:
    return [
        {
            "customer_id": number,
            "home_id": home,
            "household_id": home,
            "customers": _at_home(number),
            "shares_name": False,
            "shares_phone": home == 1,
        }
        for number, home in HOMES.items()
    ]


def _at_home(number: int) -> int | None:
    home = HOMES.get(number)
    return list(HOMES.values()).count(home) if home else None


def portrait(customer: Row, rows: Sequence[Row]) -> Row:
    events = Counter(row["event"] for row in rows)
    channels = Counter(row["channel"] for row in rows)
    bought = [row for row in rows if row["event"] == "purchase"]
    back = [row for row in rows if row["event"] == "return"]
    revenue = sum((row["amount"] for row in bought + back), Decimal(0))
    said = [row["occurred_at"] for row in rows if row["event"] in ("review", "ticket")]
    in_store = sum(row["channel"] == "store" for row in bought)
    basket = events["add_to_cart"] and not bought
    kept = ["customer_id", "is_known", "name", "email", "phone", "loyalty_card", "gender"]
    kept += ["postcode", "city", "language", "may_email", "sources"]
    spent = sum((row["amount"] for row in bought), Decimal(0))
    return {name: customer[name] for name in kept} | {
        "household_id": HOMES.get(customer["customer_id"]),
        "household_customers": _at_home(customer["customer_id"]),
        "age_years": 2025 - customer["birth_on"].year if customer["birth_on"] else None,
        "first_seen_at": rows[0]["occurred_at"],
        "last_seen_at": rows[-1]["occurred_at"],
        "events": len(rows),
        "sessions": rows[-1]["session"],
        "channels": sorted(channels),
        "preferred_channel": max(channels, key=lambda name: channels[name]),
        "preferred_purchase_channel": bought[-1]["channel"] if bought else None,
        "preferred_store_id": "Filiaal 12" if in_store else None,
        "preferred_category": PRODUCTS[bought[-1]["product_id"] or "SKU-1"][1] if bought else None,
        "preferred_hour": 20,
        "first_order_at": bought[0]["occurred_at"] if bought else None,
        "last_order_at": bought[-1]["occurred_at"] if bought else None,
        "orders": len(bought),
        "orders_web": len(bought) - in_store,
        "orders_store": in_store,
        "revenue_amount": revenue,
        "preferred_weekday": 5,
        "brands": ["Lumen"] if bought else [],
        "preferred_brand": "Lumen" if bought else None,
        "offer_share": 0.4 if bought else None,
        "order_interval_variation": 0.6 if len(bought) > 2 else None,
        "average_order_amount": spent / len(bought) if bought else None,
        "products": len({row["product_id"] for row in bought}),
        "categories": sorted({PRODUCTS[r["product_id"]][1] for r in bought if r["product_id"]}),
        "discount_share": 0.08 if bought else None,
        "returns": len(back),
        "returned_amount": -sum((row["amount"] for row in back), Decimal(0)),
        "return_share": float(-back[0]["amount"] / spent) if back and spent else None,
        "payments_failed": events["payment_failed"],
        "mails_sent": events["sent"],
        "mails_opened": 0,
        "mails_clicked": 0,
        "tickets": events["ticket"],
        "reviews": events["review"],
        "review_score": 0.5 if events["review"] else None,
        "mentions": 0,
        "nps_score": 8.0 if customer["customer_id"] == 1 else None,
        "last_said_at": max(said, default=None),
        "open_basket_amount": Decimal("129.95") if basket else None,
        "has_open_complaint": events["ticket"] > 0,
        "research_online_buy_offline_orders": min(in_store, events["view_item"] // 2),
    }


def customer_channels(timelines: Mapping[int, Sequence[Row]]) -> list[Row]:
    found = []
    for customer_id, rows in timelines.items():
        for channel in sorted({row["channel"] for row in rows}):
            own = [row for row in rows if row["channel"] == channel]
            bought = [row["amount"] for row in own if row["event"] == "purchase"]
            found.append(
                {
                    "customer_id": customer_id,
                    "channel": channel,
                    "first_at": own[0]["occurred_at"],
                    "last_at": own[-1]["occurred_at"],
                    "visits": len({row["session"] for row in own}),
                    "orders": len(bought),
                    "bought_amount": sum(bought, Decimal(0)),
                }
            )
    return found


def rfm(portraits: Iterable[Row]) -> list[Row]:
    buyers = [portrait for portrait in portraits if portrait["orders"]]

    def scores(value: str) -> dict[int, int]:
        ordered = sorted(buyers, key=lambda b: (b[value], b["customer_id"]))
        return {b["customer_id"]: 1 + place * 5 // len(buyers) for place, b in enumerate(ordered)}

    recency, frequency, money = map(scores, ("last_order_at", "orders", "revenue_amount"))
    return [
        {
            "customer_id": (number := buyer["customer_id"]),
            "as_of": AS_OF,
            "recency_days": (AS_OF - buyer["last_order_at"]).total_seconds() / 86400,
            "frequency": buyer["orders"],
            "monetary_amount": buyer["revenue_amount"],
            "recency_score": recency[number],
            "frequency_score": frequency[number],
            "monetary_score": money[number],
            "segment": SEGMENTS[recency[number] > 2, frequency[number] > 3],
        }
        for buyer in buyers
    ]


def memberships(portraits: Sequence[Row], scores: Sequence[Row]) -> list[Row]:
    """Everyone's group by how they buy, and by where."""
    groups = [("rfm", row["segment"], row["customer_id"]) for row in scores]
    groups += [("channel", _bought_in(one), one["customer_id"]) for one in portraits]
    return [
        {"segmentation": kind, "segment": segment, "customer_id": number, "as_of": AS_OF}
        for kind, segment, number in groups
    ]


def segment_sizes(members: Sequence[Row]) -> list[Row]:
    """Three runs, of which the last one is what holds now."""
    now = Counter((row["segmentation"], row["segment"]) for row in members)
    return [
        {
            "segmentation": segmentation,
            "segment": segment,
            "measured_at": AS_OF - timedelta(days=30 * ago),
            "customers": customers + 3 * ago,
            "revenue_amount": 90 * (customers - ago),
        }
        for (segmentation, segment), customers in sorted(now.items())
        for ago in (2, 1, 0)
    ]


def segment_changes() -> list[Row]:
    """Sanne became a champion, and a newcomer bought for the first time long ago."""
    return [
        {
            "segmentation": "rfm",
            "customer_id": number,
            "changed_at": AS_OF - timedelta(days=30 * ago),
            "from_segment": source,
            "to_segment": target,
        }
        for number, ago, source, target in (
            (1, 0, "promising", "champions"),
            (3, 1, "at_risk", "hibernating"),
            (4, 1, None, "hibernating"),
        )
    ]


def _bought_in(portrait: Row) -> str:
    if portrait["orders_web"] and portrait["orders_store"]:
        return "omnichannel"
    if portrait["orders_web"]:
        return "online_only"
    return "store_only" if portrait["orders_store"] else "browsing_only"
