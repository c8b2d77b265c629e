"""The files that the made-up shop took in, and what was put aside."""

from __future__ import annotations

from datetime import timedelta

from tests.web.shop.people import AS_OF, PRODUCTS, START, Row

__all__ = ["sources"]


def sources() -> dict[str, list[Row]]:
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
            "file_kind": "export",
            "headings": ["Bonnummer", "Bedrag"],
            "headings_read": ["Bonnummer", "Bedrag"],
            "first_at": START,
            "last_at": AS_OF,
            "imported_at": AS_OF,
        }
        for number, (source, table) in enumerate(files)
    ]
    imported.append(
        imported[-1]
        | {
            "file_id": "f4",
            "path": "exports/till/later.csv",
            "headings": ["Bonnummer", "Bedragen", "Kassier"],
            "headings_read": ["Bonnummer"],
            "imported_at": AS_OF + timedelta(days=1),
        }
    )
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
    return {
        "imports": imported,
        "source_quality": quality,
        "source_days": _days(),
        "source_columns": [
            _column("payment_method", "much", 0.41, buckets=["card", "app"]),
            _column("total_amount", "little", 0.12, kind="amounts", buckets=["0", "12.59"]),
            _column("coupon", "as_before", 0.01, kind="filled"),
            _column("coupon", "too_few", 0.2, kind="filled", file_kind="returns"),
        ],
        "quarantine": [_rejected(line) for line in range(60)] + [_unreadable()],
        "products": [
            {"product_id": sku, "source": "shopify", "file_id": "f2", "name": n, "category": c}
            for sku, (n, c) in PRODUCTS.items()
        ],
        "offers": [
            {
                "offer_id": f"shopify:{number}",
                "source": "shopify",
                "file_id": "f2",
                "medium": "leaflet",
                "mechanic": mechanic,
            }
            for number, mechanic in enumerate(("knalactie", "knalactie", "1+1 gratis"))
        ],
        "offer_prices": [
            {"offer_id": f"shopify:{number}", "kind": kind, "buys": 1}
            for number, kind in enumerate(("unread", "unread", "multi_buy"))
        ],
    }


def _days() -> list[Row]:
    """A hundred days of the till, of which two are a gap."""
    return [
        {
            "source": "till",
            "table_name": "orders",
            "happened_on": AS_OF.date() - timedelta(days=days),
            "rows": 0 if days in (40, 41) else 10 + days % 7,
            "is_gap": days in (40, 41),
            "expected_rows": 13.0 if days in (40, 41) else None,
            "chance": 1e-9 if days in (40, 41) else None,
        }
        for days in range(100)
    ]


def _column(
    name: str,
    change: str,
    drift: float,
    *,
    kind: str = "categories",
    file_kind: str = "export",
    buckets: list[str] | None = None,
) -> Row:
    return {
        "source": "till",
        "table_name": "orders",
        "file_kind": file_kind,
        "column_name": name,
        "kind": kind,
        "newest_rows": 400,
        "newest_filled": 360,
        "earlier_rows": 1200,
        "earlier_filled": 1190,
        "drift": drift,
        "chance_drift": 0.05,
        "change": change,
        "buckets": buckets,
        "newest_in_buckets": [100, 260] if buckets else None,
        "earlier_in_buckets": [1190, 0] if buckets else None,
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
