"""The truth beside the exports: who is who, what moved them, and what was planted."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from klantreis.simulate.desk import Desk
from klantreis.simulate.exports.offers import inconsistencies
from klantreis.simulate.exports.till import JUNK_CARD, STAFF_CARD
from klantreis.simulate.journeys import OUT_OF_STOCK, PHASES, REASONS
from klantreis.simulate.kinds import kinds
from klantreis.simulate.market import Market
from klantreis.simulate.purchases import APP_CHANNEL, STORE_CHANNEL, VOIDED

__all__ = ["write_truth"]

WITHIN_DAYS = 14

# Every record as the connectors name it, with the human behind it. Rows of noughts, the staff's
# cards and test addresses are nobody and do not stand here.
RECORDS = f"""
WITH named AS (
  SELECT 'shopify:' || lower(email_address) AS person_id, human FROM buyers WHERE email_address <> ''
  UNION SELECT CASE WHEN by_phone_only THEN 'shopify:id:' || number ELSE 'shopify:' || lower(address) END, human
    FROM shop_customers JOIN emails USING (email)
  UNION SELECT 'ga4:c:' || cookie, human FROM visitors
  UNION SELECT 'ga4:u:' || account_number(human), human FROM visitors WHERE signs_in
  UNION SELECT 'till:card:' || card_shown, unnest([human, card]) FROM till_lines
    WHERE card_shown NOT IN ('', '{JUNK_CARD}') AND NOT starts_with(card_shown, '{STAFF_CARD}')
  UNION SELECT 'till:email:' || lower(address), human FROM till_lines
    WHERE card_shown = '' AND address NOT IN ('', 'test@test.nl')
  UNION SELECT 'crm:' || customer_number, human FROM contacts
  UNION SELECT 'mailchimp:' || address, human FROM list_members
  UNION SELECT CASE WHEN address <> '' THEN 'reviews:' || address ELSE 'reviews:order:' || order_name END, human
    FROM reviews WHERE address <> '' OR order_name <> ''
  UNION SELECT 'zendesk:' || requester, human FROM tickets
  UNION SELECT 'survey:' || address, human FROM answers WHERE address <> ''
  UNION SELECT 'social:' || platform || ':' || handle, human FROM mentions
)
SELECT person_id, human AS human_id, count(*) OVER (PARTITION BY person_id) > 1 AS is_shared
FROM named ORDER BY person_id, human
"""

VISITORS = """
CREATE TABLE visitors AS
SELECT CASE WHEN device = 3 THEN md5(cookie::VARCHAR)
    ELSE (1000000000 + cookie % 9000000000) || '.' || first_touch END AS cookie,
  human, bool_or(signed_in) AS signs_in
FROM visits GROUP BY ALL
"""

ORIENTATION = """
CREATE TABLE orientations AS
SELECT journey, CASE WHEN count(*) FILTER (device = 3) * 2 > count(*) THEN 'app' ELSE 'web' END AS channel,
  bool_or(is_after) AS looked_back
FROM visits GROUP BY journey
"""

BOUGHT = f"""
CREATE TABLE journey_orders AS
SELECT p.journey, coalesce('shopify:' || o.name, 'till:' || r.number) AS order_id,
  CASE p.channel WHEN {STORE_CHANNEL} THEN 'store' WHEN {APP_CHANNEL} THEN 'app' ELSE 'web' END AS channel,
  delivered_at IS NOT NULL OR returned_at IS NOT NULL AS has_aftercare
FROM purchases p LEFT JOIN order_names o USING (purchase)
LEFT JOIN receipts r ON r.purchase = p.purchase AND NOT r.brings_back
WHERE p.status < {VOIDED}
"""

JOURNEYS = f"""
WITH spoken AS (
  SELECT j.journey FROM voices v JOIN journeys j USING (journey) WHERE v.said_at > j.purchased_at GROUP BY 1
)
SELECT j.human AS human_id, row_number() OVER (PARTITION BY j.human ORDER BY started_at, j.journey) AS number,
  started_at, ({list(PHASES)!r})[j.entry + 1] AS entry_phase,
  CASE WHEN purchased_at IS NOT NULL AND (has_aftercare OR looked_back OR s.journey IS NOT NULL) THEN 'aftercare'
       ELSE ({list(PHASES)!r})[reached + 1] END AS furthest_phase,
  CASE WHEN purchased_at IS NULL AND NOT is_open THEN ({list(PHASES)!r})[reached + 1] END AS drop_off_phase,
  CASE WHEN purchased_at IS NULL AND NOT is_open THEN ({list(REASONS)!r})[reason + 1] END AS drop_off_reason,
  purchased_at, is_open, b.order_id, CASE WHEN purchased_at IS NOT NULL THEN b.channel END AS purchase_channel,
  coalesce(o.channel, 'store') AS orientation_channel,
  p.category, p.sku AS product_id, m.title AS campaign
FROM journeys j LEFT JOIN orientations o USING (journey) LEFT JOIN journey_orders b USING (journey)
LEFT JOIN spoken s USING (journey) LEFT JOIN mailings m USING (mailing) JOIN products p USING (product)
WHERE reached >= 0 ORDER BY human_id, number
"""

HUMANS = f"""
SELECT human AS human_id, household AS household_id, ({list(kinds().ids)!r})[kind + 1] AS type,
  ({list(kinds().needs)!r})[kind + 1] AS need, gender, born_on AS birth_on, first_name, prefix, surname AS last_name,
  home_digits || ' ' || home_letters AS postcode, home_town AS city, moved_on, email_changed_on, language, store AS store_id,
  member_on, account_on, subscribed_on, mood
FROM humans ORDER BY human
"""

EMOTIONS = f"""
WITH said AS (
  SELECT human, journey, said_at AS felt_at, split_part(topic, '.', 1) AS kind, split_part(topic, '.', 2) AS topic, emotion, voice FROM voices
), told AS (
  SELECT s.human, s.journey, felt_at, CASE WHEN s.kind = 'ticket' AND t.via = 'chat' THEN 'chat' ELSE s.kind END AS touchpoint,
    s.topic, s.emotion, coalesce('zendesk:' || t.ticket, 'reviews:' || r.review, 'social:' || m.platform || ':' || m.mention,
      'survey:enquete_' || year(a.local_at) || ':' || a.respondent) AS feedback_id
  FROM said s LEFT JOIN tickets t USING (voice) LEFT JOIN reviews r USING (voice) LEFT JOIN mentions m USING (voice) LEFT JOIN answers a USING (voice)
), silent AS (
  SELECT human, journey, unnest([
    {{'felt_at': CASE WHEN late THEN shipped_at + INTERVAL 30 HOUR END, 'topic': 'delivery_delayed', 'emotion': -1}},
    {{'felt_at': CASE WHEN damaged THEN delivered_at END, 'topic': 'damaged', 'emotion': -2}},
    {{'felt_at': CASE WHEN failures > 0 THEN placed_at END, 'topic': 'payment_failed', 'emotion': -1}},
    {{'felt_at': CASE WHEN failures = 0 THEN cancelled_at END, 'topic': 'cancelled', 'emotion': -2}}]) AS moment FROM purchases
)
SELECT human AS human_id, felt_at, touchpoint,
  CASE WHEN topic IN ('product_question', 'stock_question') THEN 'orientation'
       WHEN topic = 'payment_failed' THEN 'purchase' ELSE 'aftercare' END AS phase,
  topic, emotion, feedback_id
FROM told
UNION ALL
SELECT human, moment.felt_at, CASE WHEN moment.topic = 'damaged' THEN 'delivered' ELSE moment.topic END,
  CASE WHEN moment.topic = 'payment_failed' THEN 'purchase' ELSE 'aftercare' END,
  moment.topic, moment.emotion, NULL
FROM silent WHERE moment.felt_at IS NOT NULL
UNION ALL
SELECT human, stopped_at, 'out_of_stock', 'orientation', 'out_of_stock', -1, NULL
FROM journeys WHERE reason = {OUT_OF_STOCK} AND stopped_at IS NOT NULL
ORDER BY human_id, felt_at, touchpoint, feedback_id
"""

# Planted beside what came of it, over both arms as they were drawn.
EFFECTS = f"""
WITH arms AS (
  SELECT s.mailing, s.human, bool_or(action = 1) AS held_out, min(sent_at) AS sent_at
  FROM sendings s JOIN mailings USING (mailing) WHERE action <= 1 GROUP BY ALL
), converted AS (
  SELECT a.mailing, a.human, a.held_out, bool_or(p.human IS NOT NULL) AS buys
  FROM arms a LEFT JOIN purchases p ON p.human = a.human AND p.status < {VOIDED}
    AND epoch(local_time(p.placed_at)) BETWEEN a.sent_at AND a.sent_at + {WITHIN_DAYS} * 86400
  GROUP BY ALL
)
SELECT title AS campaign, any_value(lift) AS planted_lift, {WITHIN_DAYS} AS within_days,
  count(*) FILTER (NOT held_out) AS treated, count(*) FILTER (held_out) AS held_out,
  count(*) FILTER (NOT held_out AND buys) AS treated_buyers, count(*) FILTER (held_out AND buys) AS held_out_buyers
FROM converted JOIN mailings USING (mailing) GROUP BY title, mailing HAVING count(*) FILTER (held_out) > 0 ORDER BY mailing
"""


def write_truth(desk: Desk, market: Market) -> None:
    """Write everything that is known because it was made up."""
    for table in ("visits", "sendings"):
        desk.view(table)
    for statement in (VISITORS, ORIENTATION, BOUGHT):
        desk.run(statement)
    for name, sql in (
        ("records", RECORDS),
        ("humans", HUMANS),
        ("journeys", JOURNEYS),
        ("emotions", EMOTIONS),
        ("effects", EFFECTS),
    ):
        _write(desk, name, desk.rows(sql))
    _write(desk, "inconsistencies", inconsistencies(market))
    rows = sorted(desk.broken, key=lambda row: (str(row["path"]), int(str(row["line"]))))
    shape = pa.schema(
        {"path": pa.string(), "line": pa.int64(), "column": pa.string(), "kind": pa.string()}
    )
    _write(desk, "broken_rows", pa.Table.from_pylist(rows, schema=shape))


def _write(desk: Desk, name: str, rows: pa.Table) -> None:
    file = desk.folder / "truth" / f"{name}.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(rows, file, compression="zstd")
    desk.files += 1
