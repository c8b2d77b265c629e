"""The files that the made-up shop took in, and what was put aside."""

from __future__ import annotations

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
    return {
        "imports": imported,
        "source_quality": quality,
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
