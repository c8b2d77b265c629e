"""SQL that reads events out of GA4's nested rows; the same for JSON lines and for Parquet."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from klantreis.sources.reading import literal
from klantreis.sources.reading.links import subscriber_in

__all__ = ["JSON_COLUMNS", "clicks", "events", "identifiers", "persons"]

# What is read of each line; all else the parser skips. BigQuery writes whole numbers as text.
JSON_COLUMNS: Mapping[str, str] = {
    "event_timestamp": "VARCHAR",
    "event_name": "VARCHAR",
    "event_params": "STRUCT(key VARCHAR, value STRUCT(string_value VARCHAR, int_value VARCHAR))[]",
    "user_id": "VARCHAR",
    "user_pseudo_id": "VARCHAR",
    "platform": "VARCHAR",
    "device": "STRUCT(category VARCHAR)",
    "collected_traffic_source": "STRUCT(manual_campaign_name VARCHAR, manual_medium VARCHAR,"
    " manual_source VARCHAR, gclid VARCHAR)",
    "ecommerce": "STRUCT(transaction_id VARCHAR, purchase_revenue VARCHAR, refund_value VARCHAR)",
    "items": "STRUCT(item_id VARCHAR)[]",
}
IDENTIFIED = (
    ("cookie", "cookie"),
    ("user_id", "user_id"),
    ("order", "bought"),
    ("subscriber", "subscriber"),
)
OPENINGS = ("session_start", "first_visit")
# Mediums that GA4 itself counts as paid.
PAID = "^(.*cp.*|ppc|retargeting|paid.*|display|banner)$"


def clicks(
    rows: str,
    source: str,
    orders_source: str,
    fields: Collection[str],
    *,
    subscriber_parameter: str = "",
) -> str:
    """SQL for every row of the export: what it says, under our names.

    Who buys without being signed in is a person of that order, who holds the cookie: so a cookie
    on which two people buy shows to be shared, and ties neither to the other.

    Args:
        rows: the nested rows, with `file`, its number, and `line` beside GA4's columns.
        fields: columns and fields of structures that the rows have, as `device.category`.
        subscriber_parameter: of links in mailings, which says whose they are, beside known ones.
    """
    return f"""
      SELECT file, line, user_id, cookie, name, stamp, revenue, session_id, device, search_term, campaign,
        CASE WHEN contains(address, '?')
             THEN {subscriber_in("address", subscriber_parameter)} END AS subscriber,
        make_timestamp(TRY_CAST(stamp AS BIGINT)) AS occurred_at,
        CASE WHEN user_id <> '' OR name <> 'purchase' THEN NULL ELSE transaction_id END AS bought,
        CASE WHEN user_id <> '' THEN {literal(source + ":u:")} || user_id
             WHEN bought <> '' THEN {literal(source + ":o:")} || bought
             WHEN cookie <> '' THEN {literal(source + ":c:")} || cookie END AS person_id,
        md5(concat({literal(source)}, '|', cookie, '|', stamp, '|', name, '|',
          coalesce(transaction_id, items[1].item_id, '')))[:16] AS event_id,
        CASE WHEN platform IN ('ANDROID', 'IOS') THEN 'app' ELSE 'web' END AS channel,
        coalesce(nullif(split_part(address[strpos(address[9:], '/') + 8:], '?', 1), ''), screen) AS page,
        CASE WHEN len(items) = 1 THEN items[1].item_id END AS product_id,
        {literal(orders_source + ":")} || transaction_id AS order_id,
        coalesce(origin, CASE WHEN gclid <> '' THEN 'google' END) AS traffic_source,
        coalesce(medium, CASE WHEN gclid <> '' THEN 'cpc' END) AS traffic_medium,
        TRY_CAST(revenue AS DECIMAL(18, 4)) AS amount,
        name IS NULL OR occurred_at IS NULL OR (revenue IS NOT NULL AND amount IS NULL) AS is_bad,
        NOT is_bad AND (name NOT IN {OPENINGS} OR (name = 'session_start'
          AND coalesce(regexp_matches(lower(traffic_medium), '{PAID}'), FALSE))) AS is_taken
      FROM ({_flat(rows, fields)})"""


def _flat(rows: str, fields: Collection[str]) -> str:
    """What is nested, side by side and as text."""

    def field(path: str) -> str:
        return f"({path})::VARCHAR" if path in fields else "NULL::VARCHAR"

    def parameter(key: str, kind: str) -> str:
        return f"(event_params[list_position(keys, '{key}')].value.{kind}_value)::VARCHAR"

    lacking = "".join(
        f", NULL::{JSON_COLUMNS[name]} AS {name}"
        for name in ("event_params", "items")
        if name not in fields
    )
    return f"""
      SELECT file, line, items, event_timestamp::VARCHAR AS stamp, event_name::VARCHAR AS name,
        {field("user_id")} AS user_id, {field("user_pseudo_id")} AS cookie,
        {field("platform")} AS platform, {field("device.category")} AS device,
        {parameter("ga_session_id", "int")} AS session_id,
        {parameter("page_location", "string")} AS address,
        {parameter("firebase_screen", "string")} AS screen,
        {parameter("search_term", "string")} AS search_term,
        {field("ecommerce.transaction_id")} AS transaction_id,
        coalesce({field("ecommerce.purchase_revenue")}, {field("ecommerce.refund_value")}) AS revenue,
        {field("collected_traffic_source.manual_source")} AS origin,
        {field("collected_traffic_source.manual_medium")} AS medium,
        {field("collected_traffic_source.manual_campaign_name")} AS campaign,
        {field("collected_traffic_source.gclid")} AS gclid
      FROM (SELECT *, list_transform(event_params, lambda each: each.key) AS keys
        FROM (SELECT *{lacking} FROM ({rows})))"""


def events(clicks: str) -> str:
    """SQL for the table `events`; a visit's origin, told at its start, is told of each event."""
    return f"""
      SELECT c.* EXCLUDE (user_id, cookie, bought, subscriber, stamp, revenue, is_bad, is_taken) REPLACE (
          CASE name WHEN 'view_search_results' THEN 'search' WHEN 'session_start' THEN 'ad_click' ELSE name END AS name,
          CASE name WHEN 'session_start' THEN 'ads' ELSE channel END AS channel,
          coalesce(c.traffic_source, visit.origin.source) AS traffic_source,
          coalesce(c.traffic_medium, visit.origin.medium) AS traffic_medium,
          coalesce(c.campaign, visit.origin.campaign) AS campaign)
      FROM {clicks} c LEFT JOIN (
        SELECT file_id, cookie, session_id,
          arg_min({{'source': traffic_source, 'medium': traffic_medium, 'campaign': campaign}}, line) AS origin
        FROM {clicks} WHERE traffic_source IS NOT NULL GROUP BY file_id, cookie, session_id
      ) visit USING (file_id, cookie, session_id)
      WHERE is_taken"""


def persons(clicks: str) -> str:
    """SQL for the table `persons`: of who is only a cookie nothing is known but the first visit."""
    return f"""
      SELECT file_id, person_id, min(line) AS line, min(occurred_at) AS created_at
      FROM {clicks} WHERE NOT is_bad AND person_id IS NOT NULL GROUP BY file_id, person_id
      ORDER BY file_id, line, person_id"""


def identifiers(clicks: str) -> str:
    """SQL for the table `identifiers`: cookies, the shop's customer numbers, orders of guests, and
    the numbers of subscribers in the links of mailings."""
    kinds = " UNION ALL ".join(
        f"""SELECT file_id, person_id, '{kind}' AS kind, {column} AS value, min(line) AS line,
              min(occurred_at) AS first_seen_at, max(occurred_at) AS last_seen_at
            FROM {clicks} WHERE NOT is_bad AND {column} <> '' GROUP BY file_id, person_id, {column}"""
        for kind, column in IDENTIFIED
    )
    return f"{kinds} ORDER BY file_id, line, person_id, kind, value"
