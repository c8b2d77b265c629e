"""Give everything its name: e-mail addresses, telephone and card numbers, order and receipt numbers."""

from __future__ import annotations

import pyarrow as pa

from klantreis.simulate.desk import Desk
from klantreis.simulate.market import Market
from klantreis.simulate.people import EMAIL_SLOTS
from klantreis.simulate.purchases import STORE_CHANNEL

__all__ = ["FIRST_ORDER", "give_names"]

FIRST_ORDER = 1001
DOMAINS = (
    "example.nl",
    "voorbeeld.nl",
    "mail.example",
    "example.com",
    "post.example",
    "thuis.example",
)

MACROS = f"""
CREATE OR REPLACE MACRO csv_text(words, separator) AS
  CASE WHEN contains(words, separator) OR contains(words, '"')
       THEN '"' || replace(words, '"', '""') || '"' ELSE words END;
CREATE OR REPLACE MACRO dots(cents) AS printf('%.2f', cents / 100.0);
CREATE OR REPLACE MACRO commas(cents) AS replace(printf('%.2f', cents / 100.0), '.', ',');
CREATE OR REPLACE MACRO local_time(moment) AS
  timezone('Europe/Amsterdam', timezone('UTC', moment));
CREATE OR REPLACE MACRO offset_hours(moment) AS
  CASE WHEN epoch(local_time(moment)) - epoch(moment) = 7200 THEN '+0200' ELSE '+0100' END;
CREATE OR REPLACE MACRO dutch_day(day) AS strftime(day, '%d-%m-%Y');
CREATE OR REPLACE MACRO iso_z(moment) AS strftime(moment, '%Y-%m-%dT%H:%M:%SZ');
CREATE OR REPLACE MACRO mobile(human) AS (
  SELECT '6' || substr('123458', 1 + (x // 10000000)::INTEGER, 1) || lpad((x % 10000000)::VARCHAR, 7, '0')
  FROM (SELECT (human * 40503199 + 17) % 60000000 AS x));
CREATE OR REPLACE MACRO as_dialled(nine, style) AS CASE style % 10
  WHEN 0 THEN '+31' || nine WHEN 1 THEN '+31 6 ' || substr(nine, 2)
  WHEN 2 THEN '0031' || nine WHEN 3 THEN '06-' || substr(nine, 2) WHEN 4 THEN '06-' || substr(nine, 2)
  WHEN 5 THEN '06 ' || substr(nine, 2, 2) || ' ' || substr(nine, 4, 2) || ' ' || substr(nine, 6, 2) || ' ' || substr(nine, 8)
  ELSE '0' || nine END;
CREATE OR REPLACE MACRO card_body(human, number) AS
  '26' || lpad(((human * 10 + number) * 7368787 % 10000000000)::VARCHAR, 10, '0');
CREATE OR REPLACE MACRO digit(words, place) AS substr(words, place, 1)::INTEGER;
CREATE OR REPLACE MACRO card_number(human, number) AS (
  SELECT body || ((10 - (digit(body, 1) + 3 * digit(body, 2) + digit(body, 3) + 3 * digit(body, 4)
    + digit(body, 5) + 3 * digit(body, 6) + digit(body, 7) + 3 * digit(body, 8) + digit(body, 9)
    + 3 * digit(body, 10) + digit(body, 11) + 3 * digit(body, 12)) % 10) % 10)::VARCHAR
  FROM (SELECT card_body(human, number) AS body));
CREATE OR REPLACE MACRO account_number(human) AS 7100000000000 + (human * 48271 + 7) % 100000007;
CREATE OR REPLACE MACRO typo(word, kind, place) AS (
  SELECT CASE WHEN length(word) < 4 THEN word ELSE CASE kind
    WHEN 1 THEN substr(word, 1, p - 1) || substr(word, p + 1)
    WHEN 2 THEN substr(word, 1, p - 1) || substr(word, p + 1, 1) || substr(word, p, 1) || substr(word, p + 2)
    WHEN 3 THEN substr(word, 1, p) || substr(word, p)
    WHEN 4 THEN substr(word, 1, p - 1) || translate(substr(word, p, 1), 'aeiou', 'eaoie') || substr(word, p + 1)
    WHEN 5 THEN replace(replace(replace(replace(word, 'ij', 'y'), 'ck', 'k'), 'ph', 'f'), 'sch', 'sg')
    ELSE word END END
  FROM (SELECT 2 + place % greatest(length(word) - 2, 1) AS p));
CREATE OR REPLACE MACRO email_part(word) AS
  regexp_replace(lower(strip_accents(coalesce(word, ''))), '[^a-z0-9]', '', 'g');
CREATE OR REPLACE MACRO slots() AS {EMAIL_SLOTS};
"""

EMAILS = f"""
CREATE TABLE emails AS
WITH parts AS (
  SELECT human, email_part(first_name) AS first,
    email_part(prefix) || email_part(surname) AS last, email_part(surname) AS bare,
    year(born_on) AS born, human * 2654435761 % 1000003 AS luck
  FROM humans
), written AS (
  SELECT human * {EMAIL_SLOTS} AS email, luck, CASE luck % 9
    WHEN 0 THEN first || '.' || last WHEN 1 THEN first[1] || '.' || last
    WHEN 2 THEN first || last WHEN 3 THEN last || '.' || first
    WHEN 4 THEN first || '.' || bare || (born % 100)::VARCHAR WHEN 5 THEN first || (born % 100)::VARCHAR || luck % 7
    WHEN 6 THEN first[1] || last WHEN 7 THEN first || '_' || bare
    ELSE first || '.' || last || luck % 90 END AS local_part FROM parts
  UNION ALL
  SELECT human * {EMAIL_SLOTS} + 1, luck // 7, first || '.' || last || CASE WHEN luck % 2 = 0 THEN '' ELSE (born % 100)::VARCHAR END FROM parts
  UNION ALL
  SELECT human * {EMAIL_SLOTS} + 2, luck // 11, CASE luck % 3 WHEN 0 THEN first[1:3] || bare[1:4] || luck % 1000
    WHEN 1 THEN bare || first[1] || born::VARCHAR ELSE 'info.' || bare || luck % 500 END FROM parts
), addressed AS (
  SELECT email, local_part, (['{"', '".join(DOMAINS)}'])[1 + (luck // 13 % {len(DOMAINS)})::INTEGER] AS domain,
    row_number() OVER (PARTITION BY local_part, domain ORDER BY email) AS same
  FROM written
), unique_ones AS (
  SELECT email, local_part || CASE WHEN same > 1 THEN '.' || same ELSE '' END AS local_part, domain FROM addressed
)
SELECT email, local_part || '@' || domain AS address FROM unique_ones
UNION ALL
SELECT email + 3, typo(local_part, 1 + email // {EMAIL_SLOTS} % 3, email) || '@' || domain
FROM unique_ones WHERE email % {EMAIL_SLOTS} = 0
"""

ORDERS = f"""
CREATE TABLE order_names AS
SELECT purchase, '#' || ({FIRST_ORDER} - 1 + row_number() OVER (ORDER BY placed_at, purchase))::VARCHAR AS name
FROM purchases WHERE channel < {STORE_CHANNEL}
"""

# A receipt for every store purchase, and one for whatever is brought back to a store.
RECEIPTS = f"""
CREATE TABLE receipts AS
WITH both_ways AS (
  SELECT purchase, human, card, email, store, method, placed_at AS rung_at, FALSE AS brings_back
  FROM purchases WHERE channel = {STORE_CHANNEL}
  UNION ALL
  SELECT purchase, human, CASE WHEN card >= 0 OR channel < {STORE_CHANNEL} THEN coalesce(nullif(card, -1), human) ELSE -1 END,
    -1, store, method, returned_at, TRUE
  FROM purchases WHERE by_store AND returned_at IS NOT NULL
), placed AS (
  SELECT *, local_time(rung_at) AS local_at, 1 + purchase % 3 AS register FROM both_ways
)
SELECT *, 'F' || (101 + store)::VARCHAR || '-' || strftime(local_at, '%y%m%d') || '-' || lpad(
  (row_number() OVER (PARTITION BY store, local_at::DATE ORDER BY rung_at, purchase, brings_back))::VARCHAR, 4, '0') AS number
FROM placed
"""

# Who shows a card shows the newest most of the time.
SHOWN_CARDS = """
CREATE TABLE shown_cards AS
SELECT r.number, max(c.number) AS card_version
FROM receipts r JOIN records c ON c.human = r.card AND c.day <= local_time(r.rung_at)::DATE
  AND (c.number = 1 OR r.purchase % 10 < 7)
GROUP BY r.number
"""


def give_names(desk: Desk, market: Market) -> None:
    """Make the tables of names that the exports share."""
    for statement in MACROS.split(";\n"):
        if statement.strip():
            desk.run(statement)
    for table in ("humans", "journeys", "purchases", "lines", "records", "subscribers", "voices"):
        desk.view(table)
    _hold_market(desk, market)
    for statement in (EMAILS, ORDERS, RECEIPTS, SHOWN_CARDS):
        desk.run(statement)


def _hold_market(desk: Desk, market: Market) -> None:
    products = market.products
    desk.hold(
        "products",
        pa.table(
            {
                "product": range(len(products)),
                "sku": products.sku,
                "name": products.name,
                "brand": products.brand,
                "handle": products.handle,
                "category": [products.category_names[c] for c in products.category],
                "price": products.price,
                "cost": products.cost,
            }
        ),
    )
    desk.hold(
        "mailings",
        pa.table(
            {
                "mailing": pa.array(range(len(market.mailings)), pa.int64()),
                "title": pa.array([m.title for m in market.mailings], pa.string()),
                "slug": pa.array([m.slug for m in market.mailings], pa.string()),
                "subject": pa.array([m.subject for m in market.mailings], pa.string()),
                "sent_at": pa.array([m.sent_at for m in market.mailings], pa.int64()),
                "lift": pa.array([m.lift for m in market.mailings], pa.float64()),
            }
        ),
    )
