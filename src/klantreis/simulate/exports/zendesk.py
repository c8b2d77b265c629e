"""Service tickets and chats as Zendesk's API lists them, one a line."""

from __future__ import annotations

from klantreis.simulate.desk import Desk, Flaw, Sheet
from klantreis.simulate.market import Market
from klantreis.simulate.voices import TICKET

__all__ = ["ORDER_FIELD", "export_zendesk"]

ORDER_FIELD = 360001

# Who gives no address telephones. Tickets are numbered as they come in.
TICKETS = f"""
CREATE TABLE tickets AS
WITH numbered AS (
  SELECT v.*, 500000 + row_number() OVER (ORDER BY said_at, voice) AS ticket, said_at AS created_at,
    (voice % 1000003 * 7919 + 97) % 10007 AS luck FROM voices v WHERE place = {TICKET}
), routed AS (
  SELECT *, CASE WHEN email < 0 THEN 'phone' WHEN luck % 100 < 52 THEN 'email' WHEN luck % 100 < 85 THEN 'chat' ELSE 'web' END AS via,
  FROM numbered
), handled AS (
  SELECT *, created_at + INTERVAL (CASE via WHEN 'chat' THEN 40 + luck % 300 WHEN 'phone' THEN 5
    ELSE 900 + luck * luck % 60000 END) SECOND AS replied_at FROM routed
)
SELECT t.*, replied_at + INTERVAL (600 + luck % 5 * 40000) SECOND AS done_at,
  CASE WHEN t.email < 0 THEN 950000000000 + t.human ELSE 900000000000 + t.email END AS requester,
  e.address, h.first_name, trim(h.prefix || ' ' || h.surname) AS last_name, n.name AS order_name,
  split_part(topic, '.', 2) AS tag
FROM handled t JOIN humans h USING (human) LEFT JOIN emails e ON e.email = t.email
LEFT JOIN order_names n ON n.purchase = t.purchase
"""


def export_zendesk(desk: Desk, market: Market) -> None:
    """Write the tickets by month."""
    desk.run(TICKETS)
    end = market.plan.end.isoformat()
    text = "to_json(replace({}, '{{order}}', coalesce(order_name, '')))::VARCHAR".format
    status = f"""CASE WHEN done_at < TIMESTAMP '{end}' - INTERVAL 30 DAY THEN CASE WHEN luck % 97 = 0 THEN 'open' ELSE 'closed' END
      WHEN done_at < TIMESTAMP '{end}' THEN CASE WHEN luck % 7 = 0 THEN 'pending' ELSE 'solved' END
      WHEN replied_at < TIMESTAMP '{end}' THEN (['open', 'pending', 'hold'])[1 + luck % 3] ELSE 'new' END"""
    score = f"""CASE WHEN luck % 4 > 0 OR done_at >= TIMESTAMP '{end}' THEN 'unoffered'
      WHEN emotion + CASE WHEN epoch(replied_at) - epoch(created_at) < 28800 THEN 2 ELSE 0 END > 0 THEN 'good' ELSE 'bad' END"""
    line = f"""
      '{{"id":' || ticket || ',"created_at":"' || iso_z(created_at) || '","updated_at":"' || iso_z(least(done_at, TIMESTAMP '{end}'))
      || '","subject":' || {text("subject")} || ',"description":' || {text("body")} || ',"status":"' || {status}
      || '","via":{{"channel":"' || via || '"}},"requester":{{"id":' || requester || ',"name":'
      || to_json(first_name || ' ' || last_name)::VARCHAR || ',"email":' || coalesce('"' || address || '"', 'null')
      || ',"phone":' || CASE WHEN t.email < 0 OR luck % 9 = 0 THEN '"' || as_dialled(mobile(human), luck) || '"' ELSE 'null' END
      || '}},"tags":["' || tag || '"],"custom_fields":[{{"id":{ORDER_FIELD},"value":'
      || CASE WHEN tells_order AND order_name IS NOT NULL THEN '"' || order_name || '"' ELSE 'null' END
      || '}}],"satisfaction_rating":{{"score":"' || {score} || '"}},"metric_set":{{"first_replied_at":'
      || CASE WHEN replied_at < TIMESTAMP '{end}' THEN '"' || iso_z(replied_at) || '"' ELSE 'null' END || '}}}}'"""
    desk.by_month(
        Sheet(
            "exports/zendesk/tickets_{month}.json",
            flaws=(Flaw("invalid JSON"),),
            rate=0.004,
        ),
        f"SELECT strftime(created_at, '%Y-%m') AS month, {line} AS line FROM tickets t ORDER BY created_at, ticket",
        market.plan.calendar_months,
    )
