"""A small shop with made-up customers, written straight into the contracts' shape.

Customer 1 is Sanne de Vries, who has done everything once; customer 2 is a cookie without a name;
number 901 went over into customer 1. All others follow from a fixed seed.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from klantreis import engine as engines
from klantreis.engine import Engine
from klantreis.pipeline import STEPS
from klantreis.state import TableVersion
from klantreis.tables import TABLES
from klantreis.value import measures
from klantreis.workspace import Workspace

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
SEGMENTS = {
    (True, True): "champions",
    (True, False): "promising",
    (False, True): "at_risk",
    (False, False): "hibernating",
}
Row = dict[str, Any]


def make_workspace(folder: Path, customers: int = 240, name: str = "Huis & Haard") -> Workspace:
    """A workspace in which the made-up shop is published."""
    workspace = Workspace.create(folder, name=name)
    tables = make_tables(customers)
    engine = engines.connect("duckdb", threads=1)
    tables["measures"] = _measures(tables, engine)
    versions = {}
    for table, rows in tables.items():
        written = engine.write(
            engine.table(_arrow(table, rows)),
            TABLES[table],
            workspace.store.versions / table / "1",
        )
        files = workspace.store.relative(written.files)
        version = TableVersion(f"{table}-1", table, "made", files, written.rows, 0.1, AS_OF)
        workspace.state.add_version(version)
        versions[table] = version
    engine.close()
    workspace.state.publish(versions, as_of=AS_OF, at=AS_OF)
    workspace.audiences.save("Regulars", "orders >= 2", description="who came back", by="Ann")
    return workspace


def make_tables(count: int) -> dict[str, list[Row]]:
    """All tables that the pages read, as plain rows."""
    chance = random.Random(11)
    customers = [_customer(number, chance) for number in range(1, count + 1)]
    timelines = {c["customer_id"]: _timeline(c, chance) for c in customers}
    portraits = [_portrait(c, timelines[c["customer_id"]]) for c in customers]
    rfm = _rfm(portraits)
    journeys, steps, visits = _journeys(timelines)
    merge = {"old_customer_id": 901, "customer_id": 1, "merged_at": AS_OF}
    return {
        "customers": customers,
        "customer_merges": [merge],
        "timeline": [row for rows in timelines.values() for row in rows],
        "portraits": portraits,
        "rfm": rfm,
        "memberships": [
            {"segmentation": "rfm", "segment": r["segment"], "customer_id": r["customer_id"]}
            | {"as_of": AS_OF}
            for r in rfm
        ]
        + [
            {"segmentation": "channel", "segment": _bought_in(p), "customer_id": p["customer_id"]}
            | {"as_of": AS_OF}
            for p in portraits
        ],
        "journeys": journeys,
        "steps": steps,
        "phase_visits": visits,
        "transitions": _transitions(steps),
        "drop_offs": _drop_offs(journeys, visits),
        "emotions": _emotions(steps),
        "questions": _questions(steps),
        **_personas(portraits),
        "orders": _orders(timelines),
        **_sources(customers),
    }


def _customer(number: int, chance: random.Random) -> Row:
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


def _timeline(customer: Row, chance: random.Random) -> list[Row]:
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
                "record_table": "events",
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


def _portrait(customer: Row, rows: Sequence[Row]) -> Row:
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
        "as_of": AS_OF,
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


def _rfm(portraits: Iterable[Row]) -> list[Row]:
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


def _bought_in(portrait: Row) -> str:
    if portrait["orders_web"] and portrait["orders_store"]:
        return "omnichannel"
    if portrait["orders_web"]:
        return "online_only"
    return "store_only" if portrait["orders_store"] else "browsing_only"


PHASES = {
    "see_think_do_care": ("see", "think", "do", "care"),
    "awareness_to_advocacy": (
        "awareness",
        "consideration",
        "purchase",
        "retention",
        "advocacy",
    ),
}
PHASE_OF = {"ad_click": 0, "view_item_list": 0, "search": 1, "view_item": 1, "add_to_cart": 2}


def _journeys(timelines: dict[int, list[Row]]) -> tuple[list[Row], list[Row], list[Row]]:
    journeys, steps, visits = [], [], []
    for customer_id, rows in timelines.items():
        journey_id = f"{customer_id}-1"
        bought = [row for row in rows if row["event"] == "purchase"]
        own = _steps(journey_id, rows)
        outcome = "purchase" if bought else "lapsed" if customer_id % 5 else "open"
        journeys.append(
            {
                "journey_id": journey_id,
                "customer_id": customer_id,
                "number": 1,
                "started_at": rows[0]["occurred_at"],
                "ended_at": rows[-1]["occurred_at"],
                "purchased_at": bought[0]["occurred_at"] if bought else None,
                "outcome": outcome,
                "entry_touchpoint": own[0]["touchpoint"],
                "orientation_channel": "web",
                "purchase_channel": bought[0]["channel"] if bought else None,
                "last_touchpoint": own[-1]["touchpoint"],
                "steps": len(own),
                "channels": len({row["channel"] for row in rows}),
                "days_to_purchase": 3.5 if bought else None,
                "purchase_amount": sum((row["amount"] for row in bought), Decimal(0)),
            }
        )
        steps += own
        visits += _phase_visits(own)
    return journeys, steps, visits


def _steps(journey_id: str, rows: Sequence[Row]) -> list[Row]:
    steps: list[Row] = []
    for row in rows:
        touchpoint = f"{row['channel']}.{row['event']}"
        if steps and steps[-1]["touchpoint"] == touchpoint:
            steps[-1]["repeats"] += 1
            continue
        if steps:
            wait = (row["occurred_at"] - steps[-1]["left_at"]).total_seconds()
            steps[-1] |= {"next_touchpoint": touchpoint, "wait_seconds": int(wait)}
        steps.append(
            {
                "journey_id": journey_id,
                "customer_id": row["customer_id"],
                "position": len(steps) + 1,
                "touchpoint": touchpoint,
                "channel": row["channel"],
                "event": row["event"],
                "moment": "purchase" if row["event"] == "purchase" else "before",
                "repeats": 1,
                "entered_at": row["occurred_at"],
                "left_at": row["occurred_at"],
                "next_touchpoint": None,
                "wait_seconds": None,
                "amount": row.get("amount"),
            }
        )
    return steps


def _emotions(steps: Sequence[Row]) -> list[Row]:
    """What was felt at the steps: glad to buy, less so to look for it, bad when at the desk."""
    felt = {"purchase": 1.2, "view_item": 0.4, "view_item_list": -0.3, "ticket": -1.4}
    return [
        {
            "customer_id": step["customer_id"],
            "felt_at": step["entered_at"],
            "channel": step["channel"],
            "event": step["event"],
            "touchpoint": step["touchpoint"],
            "kind": "score",
            "evidence": "asked" if step["event"] == "purchase" else "measured",
            "emotion": felt[step["event"]] + (number % 5 - 2) / 5,
            "topic": None,
            "record_table": "timeline",
            "record_id": str(number),
            "moment": step["moment"],
            "journey_id": step["journey_id"],
        }
        for number, step in enumerate(steps)
        if step["event"] in felt
    ]


def _questions(steps: Sequence[Row]) -> list[Row]:
    """Every third look at a product brings a question after its size."""
    return [
        {
            "statement_id": f"feedback:{number}",
            "topic": "product_details" if number % 2 else "stock",
            "customer_id": step["customer_id"],
            "said_at": step["entered_at"],
            "record_table": "feedback",
            "record_id": str(number),
            "channel": "service",
            "event": "ticket",
            "language": "nl",
            "kind": "question",
            "evidence": "measured",
            "moment": "before",
            "journey_id": step["journey_id"],
            "is_problem": False,
            "keywords": 1,
            "is_main": True,
        }
        for number, step in enumerate(steps)
        if step["event"] == "view_item" and number % 3 == 0
    ]


def _personas(portraits: Sequence[Row]) -> dict[str, list[Row]]:
    """Two personas: who asks after sizes, and who asks after stock; every fifth is unclear."""
    names = ("product_details", "stock")
    groups = [
        {"customer_id": p["customer_id"], "target_group": names[p["customer_id"] % 2]}
        for p in portraits
    ]
    speakers = len(portraits) // 2
    overlap = {"overlap": 0.42, "low": 0.35, "high": 0.49}
    merge = {"position": 1, "personas_left": 1, "overlap": 0.42, "stability": 1.0}
    merge |= {"lost_share": 1.0, "lost_so_far": 1.0, "same_share": 1.0}
    memberships = []
    for row in groups:
        number, own = row["customer_id"], row["target_group"]
        sure = 0.5 if number % 5 == 0 else 0.8
        for name in names:
            probability = sure if name == own else 1 - sure
            memberships.append(
                {
                    "customer_id": number,
                    "persona_id": name,
                    "probability": probability,
                    "is_member": probability > 0.5,
                    "basis": "needs" if number % 3 else "behaviour",
                    "as_of": AS_OF,
                }
            )
    return {
        "target_groups": groups,
        "need_overlaps": [
            {"target_group": names[0], "other_group": names[1], **overlap}
            | {"speakers": speakers, "other_speakers": speakers}
        ],
        "persona_merges": [{"target_groups": [names[0]], "other_groups": [names[1]], **merge}],
        "personas": [
            {
                "persona_id": name,
                "position": place,
                "target_groups": [name],
                "needs": [name],
                "speakers": speakers,
                "overlap_inside": 1.0,
                "stability": 0.5,
            }
            for place, name in enumerate(names, start=1)
        ],
        "persona_memberships": memberships,
    }


def _phase_visits(steps: Sequence[Row]) -> list[Row]:
    visits = []
    for model, phases in PHASES.items():
        for position, step in enumerate(steps, start=1):
            place = 2 if step["event"] == "purchase" else PHASE_OF.get(step["event"], 3)
            visits.append(
                {
                    "phase_model": model,
                    "journey_id": step["journey_id"],
                    "customer_id": step["customer_id"],
                    "position": position,
                    "phase": phases[place],
                    "visit": 1,
                    "entered_at": step["entered_at"],
                    "left_at": step["left_at"],
                    "steps": 1,
                    "next_phase": None,
                    "wait_seconds": step["wait_seconds"],
                }
            )
    return visits


def _transitions(steps: Sequence[Row]) -> list[Row]:
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for step in steps:
        found[step["touchpoint"], step["next_touchpoint"] or "lapse_end"].append(step)
    return [
        {
            "level": "touchpoint",
            "phase_model": "-",
            "source": source,
            "target": target,
            "transitions": len(rows),
            "journeys": len({row["journey_id"] for row in rows}),
            "customers": len({row["customer_id"] for row in rows}),
            "median_wait_seconds": float(rows[0]["wait_seconds"] or 0),
            "p90_wait_seconds": float(rows[0]["wait_seconds"] or 0) * 4,
        }
        for (source, target), rows in found.items()
    ]


def _drop_offs(journeys: Sequence[Row], visits: Sequence[Row]) -> list[Row]:
    ended = {row["journey_id"] for row in journeys if row["outcome"] != "open"}
    lapsed = {row["journey_id"] for row in journeys if row["outcome"] == "lapsed"}
    rows = []
    for model, phases in PHASES.items():
        reached: dict[str, set[str]] = defaultdict(set)
        last: dict[str, str] = {}
        for visit in visits:
            if visit["phase_model"] == model and visit["journey_id"] in ended:
                reached[visit["phase"]].add(visit["journey_id"])
                last[visit["journey_id"]] = visit["phase"]
        for position, phase in enumerate(phases, start=1):
            here = reached[phase]
            stopped = sum(last[journey] == phase for journey in here & lapsed)
            part = stopped / len(here) if here else None
            rows.append(
                {
                    "phase_model": model,
                    "phase": phase,
                    "position": position,
                    "journeys": len(ended),
                    "reached": len(here),
                    "skipped": len(ended) - len(here),
                    "returned": len(here) // 7,
                    "continued": len(here) - stopped,
                    "stopped": stopped,
                    "drop_off_share": part,
                    "drop_off_low": None if part is None else max(0.0, part - 0.05),
                    "drop_off_high": None if part is None else min(1.0, part + 0.05),
                    "median_stay_seconds": 3600.0 * position,
                    "value_at_risk_amount": Decimal(stopped * 140),
                }
            )
    return rows


def _orders(timelines: dict[int, list[Row]]) -> list[Row]:
    rows = [row for moments in timelines.values() for row in moments]
    return [
        {
            "order_id": f"{row['channel']}:{number}",
            "source": "till" if row["channel"] == "store" else "shopify",
            "file_id": "f1",
            "person_id": f"crm:{row['customer_id']}",
            "kind": "sale" if row["event"] == "purchase" else "return",
            "channel": row["channel"],
            "ordered_at": row["occurred_at"],
            "status": "completed",
            "total_amount": row["amount"],
        }
        for number, row in enumerate(rows)
        if row["event"] in ("purchase", "return")
    ]


def _sources(customers: Sequence[Row]) -> dict[str, list[Row]]:
    files = (("crm", "persons"), ("ga4", "events"), ("shopify", "orders"), ("till", "orders"))
    imported = [
        {
            "file_id": f"f{number}",
            "source": source,
            "path": f"exports/{source}/export.csv",
            "connector": source,
            "table_name": table,
            "rows_read": 1010,
            "rows_loaded": 1000,
            "rows_quarantined": 10 if source == "till" else 0,
            "rows_doubled": 3,
            "encoding": "utf-8",
            "separator": ";",
            "first_at": START,
            "last_at": AS_OF,
            "imported_at": AS_OF,
        }
        for number, (source, table) in enumerate(files)
    ]
    quality = [
        {
            "source": source,
            "table_name": table,
            "rows": 1000,
            "first_at": START,
            "last_at": AS_OF,
            "missing_share": 0.12,
            "doubled": 3,
            "outliers": 2 if table == "orders" else 0,
            "quarantined": 60 if source == "till" else 1 if source == "ga4" else 0,
            "tied_share": 0.81,
            "known_share": 0.6,
        }
        for source, table in files
    ]
    persons = [
        {"person_id": f"crm:{c['customer_id']}", "source": "crm", "file_id": "f0"}
        | {"created_at": c["created_at"]}
        for c in customers
    ]
    identifiers = [
        {"person_id": f"crm:{c['customer_id']}", "source": "crm", "file_id": "f0"}
        | {"kind": "email", "value": c["email"], "first_seen_at": START, "last_seen_at": AS_OF}
        for c in customers
        if c["email"]
    ]
    return {
        "imports": imported,
        "source_quality": quality,
        "quarantine": [_rejected(line) for line in range(60)] + [_unreadable()],
        "products": [
            {"product_id": sku, "source": "shopify", "file_id": "f2", "name": n, "category": c}
            for sku, (n, c) in PRODUCTS.items()
        ],
        "persons": persons,
        "identifiers": identifiers,
        "links": [
            {"person_id": p["person_id"], "customer_id": c["customer_id"], "rule": "email"}
            for p, c in zip(persons, customers, strict=True)
        ],
    }


def _rejected(line: int) -> Row:
    return {
        "quarantine_id": f"f3:{line}",
        "source": "till",
        "file_id": "f3",
        "path": "exports/till/bonnen_2025-03.csv",
        "line": line + 2,
        "column": "Bedrag" if line % 2 else "Datum",
        "reason": "not_a_number" if line % 2 else "not_a_time",
        "found": "12,,50" if line % 2 else "31-02-2025",
        "allowed": "1.234,56" if line % 2 else "dd-mm-jjjj",
        "row": f"{line};12;1;31-02-2025;12:30:00;;;1;SKU-1;Eettafel <Oak>;1;389,00;0;389,00;PIN",
        "table_name": "orders",
        "imported_at": AS_OF,
    }


def _unreadable() -> Row:
    return _rejected(99) | {
        "quarantine_id": "f1:1",
        "source": "ga4",
        "path": "exports/ga4/events_20250301.json.gz",
        "column": None,
        "reason": "unreadable",
        "found": '{"event_name": ',
        "row": '{"event_name": ',
        "table_name": "events",
    }


def _measures(tables: dict[str, list[Row]], engine: Engine) -> list[Row]:
    """What the step makes of the other tables."""
    (step,) = (step for step in STEPS if step.name == "measures")
    read = {name: engine.table(_arrow(name, tables.get(name, ()))) for name in step.reads}
    made: list[Row] = engine.fetch(measures(**read, engine=engine, as_of=AS_OF)).to_pylist()
    return made


def _arrow(table: str, rows: Sequence[Row]) -> pa.Table:
    schema = TABLES[table].schema.to_pyarrow()
    money = {c.name for c in TABLES[table].columns if c.type == "money"}
    shaped = [
        {
            name: Decimal(row[name]).quantize(Decimal("0.0001"))
            if name in money and row.get(name) is not None
            else row.get(name)
            for name in schema.names
        }
        for row in rows
    ]
    return pa.Table.from_pylist(shaped, schema=schema)


def utc(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC).replace(tzinfo=None)
