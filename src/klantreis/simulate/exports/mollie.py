"""Payments as Mollie's API lists them, one attempt a line with its last status."""

from __future__ import annotations

from klantreis.simulate.desk import Desk, Flaw, Sheet
from klantreis.simulate.market import Market
from klantreis.simulate.purchases import METHODS, STORE_CHANNEL, VOIDED

__all__ = ["export_mollie"]

FAILED = ("failed", "expired", "canceled")

# Every failed attempt is a payment of its own, some minutes before the one that worked.
ATTEMPTS = f"""
CREATE TABLE attempts AS
SELECT p.purchase, p.total, p.human, p.method, n.name AS order_name,
  'tr_' || substr(md5(p.purchase::VARCHAR || '/' || attempt::VARCHAR), 1, 14) AS id,
  CASE WHEN attempt = failures AND status < {VOIDED} THEN 'paid'
       ELSE ({list(FAILED)!r})[1 + ((p.purchase + attempt) % 3)] END AS outcome,
  p.placed_at - INTERVAL 3 MINUTE * (failures - attempt) + INTERVAL (20 + p.purchase % 60) SECOND AS created_at
FROM purchases p JOIN order_names n USING (purchase),
  unnest(generate_series(0, failures - CASE WHEN status < {VOIDED} THEN 0 ELSE 1 END)) AS tries(attempt)
WHERE channel < {STORE_CHANNEL}
"""


def export_mollie(desk: Desk, market: Market) -> None:
    """Write the payments by month."""
    desk.run(ATTEMPTS)
    account = "'NL' || lpad((human * 37 % 100)::VARCHAR, 2, '0') || 'VBLD' || lpad((human * 104729 % 10000000000)::VARCHAR, 10, '0')"
    moment = (
        "iso_z(created_at + INTERVAL (CASE WHEN outcome = 'expired' THEN 900 ELSE 45 END) SECOND)"
    )
    line = f"""
      '{{"resource":"payment","id":"' || id || '","mode":"live","createdAt":"' || iso_z(created_at)
      || '","amount":{{"value":"' || dots(total) || '","currency":"EUR"}},"description":"Bestelling ' || order_name
      || '","method":"' || ({list(METHODS)!r})[method + 1] || '","metadata":{{"order_id":"' || order_name
      || '"}},"status":"' || outcome || '","' || outcome || 'At":"' || {moment}
      || '","details":{{"consumerName":"' || trim(first_name || ' ' || CASE WHEN prefix = '' THEN '' ELSE prefix || ' ' END || surname)
      || '","consumerAccount":"' || {account} || '"}}}}'"""
    desk.by_month(
        Sheet(
            "exports/mollie/payments_{month}.json",
            flaws=(Flaw("invalid JSON"),),
            rate=0.002,
        ),
        f"""SELECT strftime(created_at, '%Y-%m') AS month, {line} AS line
            FROM attempts JOIN humans USING (human) ORDER BY created_at, id""",
        market.plan.calendar_months,
    )
