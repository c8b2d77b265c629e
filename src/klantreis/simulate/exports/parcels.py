"""Status messages of parcels, as the carrier's portal lists them."""

from __future__ import annotations

from klantreis.simulate.desk import Desk, Flaw, Sheet, csv_row
from klantreis.simulate.market import Market

__all__ = ["export_parcels"]

STATUSES = """
CREATE TABLE parcels AS
WITH sent AS (
  SELECT purchase, name, '3SHH' || lpad((substr(name, 2)::BIGINT * 7)::VARCHAR, 9, '0') AS barcode,
    shipped_at, delivered_at, late, human
  FROM purchases JOIN order_names USING (purchase) WHERE shipped_at IS NOT NULL
)
SELECT purchase, barcode, name, 'shipped' AS status, shipped_at AS scanned_at, '' AS remark FROM sent
UNION ALL
SELECT purchase, barcode, name, 'delivery_delayed', shipped_at + INTERVAL 30 HOUR,
  (['Vertraagd in sorteercentrum', 'Verkeerd gesorteerd', 'Niet op tijd aangeboden door afzender'])[1 + human % 3]
FROM sent WHERE late
UNION ALL
SELECT purchase, barcode, name, 'delivered', delivered_at,
  (['Bezorgd bij geadresseerde', 'In de brievenbus', 'Bezorgd bij de buren', 'Opgehaald bij afhaalpunt'])[1 + purchase % 4]
FROM sent WHERE delivered_at IS NOT NULL
"""


def export_parcels(desk: Desk, market: Market) -> None:
    """Write the messages by month."""
    desk.run(STATUSES)
    end = market.plan.end.isoformat()
    row = csv_row(
        "barcode",
        "name",
        "status",
        "strftime(local_time(scanned_at), '%d-%m-%Y %H:%M:%S')",
        "remark",
        separator=";",
    )
    desk.by_month(
        Sheet(
            "exports/parcels/zendingen_{month}.csv",
            "Barcode;Ordernummer;Status;Tijdstip;Opmerking",
            separator=";",
            flaws=(Flaw("unparsable date", "Tijdstip", 3, "onbekend"), Flaw("too few columns")),
            rate=0.0015,
        ),
        f"""SELECT strftime(local_time(scanned_at), '%Y-%m') AS month, {row} AS line FROM parcels
            WHERE local_time(scanned_at) < '{end}' ORDER BY scanned_at, barcode, status""",
        market.plan.calendar_months,
    )
