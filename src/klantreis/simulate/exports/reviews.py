"""Reviews of products and mentions on social media."""

from __future__ import annotations

from klantreis.simulate.desk import Desk, Flaw, Sheet, csv_row, quoted
from klantreis.simulate.market import Market
from klantreis.simulate.voices import MENTION, REVIEW

__all__ = ["export_mentions", "export_reviews"]

# Who leaves no address mostly leaves an order number, so that the shop can look it up.
REVIEWS = f"""
CREATE TABLE reviews AS
SELECT v.*, 'R' || (200000 + row_number() OVER (ORDER BY said_at, voice)) AS review,
  CASE WHEN n.name IS NOT NULL AND (v.email < 0 AND v.voice % 10 < 7 OR v.email >= 0 AND tells_order) THEN n.name ELSE '' END AS order_name,
  coalesce(e.address, '') AS address, p.sku, h.first_name, h.surname, h.language,
  CASE WHEN v.voice % 100 < CASE WHEN emotion < 0 THEN 70 ELSE 25 END
    THEN said_at + INTERVAL (1 + v.voice % 9) DAY END AS replied_at
FROM voices v JOIN humans h USING (human) JOIN products p USING (product)
LEFT JOIN emails e ON e.email = v.email LEFT JOIN order_names n ON n.purchase = v.purchase
WHERE place = {REVIEW}
"""

MENTIONS = f"""
CREATE TABLE mentions AS
SELECT v.*, (['instagram', 'instagram', 'instagram', 'facebook', 'x'])[1 + human % 5] AS platform,
  email_part(first_name) || (['_', '.', '', '_van_'])[1 + human % 4] || left(email_part(surname), 8) || human % 1000 AS handle,
  substr(md5('mention' || voice::VARCHAR), 1, 16) AS mention, h.first_name, h.surname, h.language
FROM voices v JOIN humans h USING (human) WHERE place = {MENTION}
"""


def export_reviews(desk: Desk, market: Market) -> None:
    """Write all reviews."""
    desk.run(REVIEWS)
    end = market.plan.end.isoformat()
    row = csv_row(
        "review", "strftime(local_time(said_at), '%Y-%m-%dT%H:%M:%S')", "emotion + 3", quoted("subject"),
        quoted("body"), "language", quoted("first_name || ' ' || left(surname, 1) || '.'"), "address",
        "order_name", "sku",
        f"CASE WHEN replied_at < TIMESTAMP '{end}' THEN strftime(local_time(replied_at), '%Y-%m-%d') END",
    )  # fmt: skip
    desk.lines(
        Sheet(
            "exports/reviews/reviews.csv",
            "Review id,Date,Stars,Title,Text,Language,Name,E-mail,Order number,SKU,Reply date",
            flaws=(Flaw("unparsable date", "Date", 1, "vorige week"), Flaw("too few columns")),
            rate=0.004,
        ),
        f"SELECT {row} FROM reviews ORDER BY review",
    )


def export_mentions(desk: Desk, market: Market) -> None:
    """Write all mentions."""
    desk.run(MENTIONS)
    line = """
      '{"id":"' || mention || '","platform":"' || platform || '","created_at":"' || iso_z(said_at)
      || '","author":{"handle":"' || handle || '","name":' || to_json(first_name || ' ' || surname)::VARCHAR
      || '},"text":' || to_json(body)::VARCHAR || ',"url":"https://' || platform || '.example/' || handle || '/' || mention
      || '","lang":"' || language || '"}'"""
    desk.lines(
        Sheet(
            "exports/social/mentions.json",
            flaws=(Flaw("invalid JSON"),),
            rate=0.004,
        ),
        f"SELECT {line} FROM mentions ORDER BY said_at, voice",
    )
