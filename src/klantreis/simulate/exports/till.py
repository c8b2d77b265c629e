"""Till receipts as a Dutch back-office program writes them for Excel."""

from __future__ import annotations

from klantreis.simulate.desk import Desk, Flaw, Sheet, csv_row, quoted
from klantreis.simulate.market import Market
from klantreis.simulate.purchases import TILL_METHODS

__all__ = ["JUNK_CARD", "export_till"]

COLUMNS = (
    "Bonnummer;Filiaal;Kassa;Datum;Tijd;Klantkaart;E-mail;Regel;Artikel;Omschrijving;Aantal;Prijs;"
    "Korting;Bedrag;Betaalwijze"
)
FLAWS = (
    Flaw("unparsable date", "Datum", 3, "31-02-2025"),
    Flaw("unparsable amount", "Bedrag", 13, "#WAARDE!"),
    Flaw("too few columns"),
    Flaw("missing key", "Bonnummer", 0, ""),
)
JUNK_CARD = "0000000000000"
STAFF_CARD = "2699999"  # and the number of the store

# Who shows no card sometimes gets the cashier's, or a row of noughts.
LINES = f"""
CREATE TABLE till_lines AS
SELECT r.*, strftime(r.local_at, '%Y-%m') AS month, l.line, l.price, l.quantity * CASE WHEN brings_back THEN -1 ELSE 1 END AS pieces,
  l.discount * CASE WHEN brings_back THEN -1 ELSE 1 END AS off, p.sku, p.name,
  CASE WHEN s.card_version IS NOT NULL THEN card_number(r.card, s.card_version)
       WHEN r.card < 0 AND r.purchase % 61 = 0 THEN '{JUNK_CARD}'
       WHEN r.card < 0 AND r.purchase % 43 = 0 THEN '{STAFF_CARD}' || lpad(r.store::VARCHAR, 6, '0') ELSE '' END AS card_shown,
  coalesce(CASE WHEN r.purchase % 211 = 0 AND r.email < 0 AND r.card < 0 THEN 'test@test.nl' ELSE e.address END, '') AS address
FROM receipts r JOIN lines l USING (purchase) JOIN products p USING (product)
LEFT JOIN shown_cards s ON s.number = r.number LEFT JOIN emails e ON e.email = r.email
WHERE NOT r.brings_back OR l.returned
"""


def export_till(desk: Desk, market: Market) -> None:
    """Write the receipts of all stores by month."""
    desk.run(LINES)
    methods = f"({list(TILL_METHODS)!r})[CASE WHEN method < {len(TILL_METHODS)} THEN method + 1 ELSE 1 END]"
    row = csv_row(
        "number", "'F' || (101 + store)::VARCHAR", "register", "dutch_day(local_at)",
        "strftime(local_at, '%H:%M:%S')", "card_shown", "address", "line", "sku", quoted("name", ";"),
        "pieces", "commas(price)", "commas(off)", "commas(pieces * price - off)", methods,
        separator=";",
    )  # fmt: skip
    desk.by_month(
        Sheet(
            "exports/till/bonnen_{month}.csv",
            COLUMNS,
            separator=";",
            encoding="cp1252",
            flaws=FLAWS,
            rate=0.0015,
        ),
        f"SELECT month, {row} AS line FROM till_lines t ORDER BY store, number, t.line",
        market.plan.calendar_months,
    )
