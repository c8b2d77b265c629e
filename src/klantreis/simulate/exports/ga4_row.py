"""SQL for one GA4 event: as a line of JSON, and as BigQuery's nested columns."""

from __future__ import annotations

__all__ = ["json_line", "nested"]

ARRIVES = "c.name IN (0, 1)"  # session_start and first_visit carry where the visit came from
# The link in a mailing says which mailing it is and whose.
LOCATION = f"location || CASE WHEN {ARRIVES} THEN coalesce(followed, '') ELSE '' END"
HAS_ITEM = "c.product >= 0"
USER = "CASE WHEN c.signed_in THEN account END"


def _parameter(name: str, kind: str, value: str) -> tuple[str, str, str]:
    return f"""'{{"key":"{name}","value":{{"{kind}":"'""", value, "'\"}}'"


def _arrival() -> str:
    return f"""CASE WHEN {ARRIVES} THEN concat(',"collected_traffic_source":{{"manual_source":"', source,
      '","manual_medium":"', medium, '"', ',"manual_campaign_name":"' || campaign || '"', ',"gclid":"' || gclid || '"', '}}') END"""


def _order() -> str:
    return """CASE WHEN order_name IS NOT NULL THEN concat(',"ecommerce":{"transaction_id":"', order_name,
      '","purchase_revenue":', dots(total), ',"shipping_value":', dots(b.shipping), ',"total_item_quantity":"', pieces,
      '"},"items":', to_json(b.items)) END"""


def json_line() -> str:
    """One event as BigQuery's JSON export writes it: whole numbers as text, empty fields left out.

    The shop's own words hold no quotes, control characters or backslashes.
    """
    parts = (
        """'{"event_date":"'""", "d.written", """'","event_timestamp":"'""", "c.clicked_at",
        """'","event_name":"'""", "event_name", """'","event_params":['""",
        *_parameter("ga_session_id", "int_value", "session"), "','",
        *_parameter("ga_session_number", "int_value", "visit_number"), "','",
        *_parameter("page_location", "string_value", LOCATION), "','",
        *_parameter("page_title", "string_value", "title"),
        f"CASE WHEN words IS NOT NULL THEN concat(',', {', '.join(_parameter('search_term', 'string_value', 'words'))}) END",
        "']'", f"""',"user_id":"' || {USER} || '"'""",
        """',"user_pseudo_id":"'""", "cookie", """'","user_first_touch_timestamp":"'""", "first_touch",
        """'000000","privacy_info":{"analytics_storage":"Yes","ads_storage":"Yes"},"device":{"category":"'""",
        "device", """'"},"geo":{"country":"Netherlands"},"platform":"'""", "platform",
        """'","traffic_source":{"medium":"'""", "first_medium", """'","source":"'""", "first_source", """'"}'""",
        _arrival(), _order(),
        f"""CASE WHEN {HAS_ITEM} THEN concat(',"items":[', w.item, greatest(c.quantity, 1), '"}}]') END""",
        "'}'", "chr(10)",
    )  # fmt: skip
    return f"concat({', '.join(parts)}) AS line"


def _value(name: str, *, text: str = "NULL", whole: str = "NULL") -> str:
    return (
        f"{{'key': '{name}', 'value': {{'string_value': ({text})::VARCHAR, 'int_value': ({whole})::BIGINT, "
        "'float_value': NULL::DOUBLE, 'double_value': NULL::DOUBLE}}"
    )


def nested() -> str:
    """One event as BigQuery's Parquet export holds it."""
    four = ", ".join(
        (
            _value("ga_session_id", whole="session"),
            _value("ga_session_number", whole="visit_number"),
            _value("page_location", text=LOCATION),
            _value("page_title", text="title"),
        )
    )
    five = f"{four}, {_value('search_term', text='words')}"
    return f"""
      d.written AS event_date, c.clicked_at AS event_timestamp, event_name,
      CASE WHEN words IS NULL THEN [{four}] ELSE [{five}] END AS event_params,
      {USER} AS user_id, cookie AS user_pseudo_id, first_touch * 1000000 AS user_first_touch_timestamp,
      {{'analytics_storage': 'Yes', 'ads_storage': 'Yes'}} AS privacy_info,
      {{'category': device}} AS device, {{'country': 'Netherlands'}} AS geo, platform,
      {{'name': NULL::VARCHAR, 'medium': first_medium, 'source': first_source}} AS traffic_source,
      CASE WHEN {ARRIVES} THEN {{'manual_campaign_name': campaign, 'manual_medium': medium,
        'manual_source': source, 'gclid': gclid}} END AS collected_traffic_source,
      CASE WHEN order_name IS NOT NULL THEN {{'transaction_id': order_name, 'purchase_revenue': total / 100.0,
        'shipping_value': b.shipping / 100.0, 'total_item_quantity': pieces}} END AS ecommerce,
      CASE WHEN {HAS_ITEM} THEN [{{'item_id': sku, 'item_name': w.name, 'item_brand': brand,
          'item_category': category, 'price': w.unit_price / 100.0, 'quantity': greatest(c.quantity, 1)::BIGINT}}]
        ELSE b.items END AS items"""
