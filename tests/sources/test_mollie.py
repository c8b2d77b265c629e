"""Mollie: payments in every form in which they are handed out."""

from __future__ import annotations

import json
from pathlib import Path

from klantreis.sources.mollie import source as mollie
from tests.sources.files import SAMPLES, export_file, rows_of, taken, written


def test_a_payment_is_known_in_every_form_of_mollie(tmp_path: Path) -> None:
    payment = {
        "id": "tr_1",
        "amount": {"value": "30.85", "currency": "EUR"},
        "status": "paid",
        "createdAt": "2026-01-05T13:20:00Z",
        "metadata": {"order_id": "#1001"},
    }
    answer = {"count": 1, "_embedded": {"payments": [payment]}, "_links": {"next": None}}
    for name, content in (
        ("one.json", json.dumps(payment)),
        ("many.json", json.dumps([payment], indent=2)),
        ("payments_1.json", json.dumps(answer, indent=2)),
    ):
        export = export_file(written(tmp_path / name, content))
        (row,) = rows_of(taken(mollie, [export], tmp_path / f"parts-{name}"))["payments"]
        assert (row["payment_id"], row["order_id"]) == ("shop:tr_1", "shopify:#1001")
    export = export_file(SAMPLES / "mollie" / "stl_2026-01.csv")
    paid = rows_of(taken(mollie, [export], tmp_path / "parts"))["payments"]
    assert [(row["order_id"], row["method"], row["status"]) for row in paid] == [
        ("shopify:#1001", "ideal", "paid"),
        (None, "creditcard", "paid"),
    ]
