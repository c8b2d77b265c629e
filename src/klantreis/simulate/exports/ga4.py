"""Web and app events as Google Analytics 4 exports them to BigQuery: a file a day."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from klantreis.simulate.clock import month_number
from klantreis.simulate.desk import Desk, Flaw, Sheet
from klantreis.simulate.exports import ga4_row
from klantreis.simulate.market import Market
from klantreis.simulate.pages import Site
from klantreis.simulate.plan import EPOCH
from klantreis.simulate.steps import NAMES
from klantreis.simulate.visits import SOURCES

__all__ = ["export_ga4"]

ROWS_AT_ONCE = 400_000

# What is the same for a whole visit.
ATTENDED = f"""
CREATE OR REPLACE TEMP TABLE attended AS
SELECT visit, session, v.number AS visit_number, account_number(human)::VARCHAR AS account,
  CASE WHEN device = 3 THEN md5(cookie::VARCHAR)
       ELSE (1000000000 + cookie % 9000000000) || '.' || first_touch END AS cookie,
  first_touch, (['mobile', 'desktop', 'tablet', 'mobile'])[device + 1] AS device,
  CASE WHEN device < 3 THEN 'WEB' WHEN cookie % 100 < 55 THEN 'ANDROID' ELSE 'IOS' END AS platform,
  ({[source for source, _ in SOURCES]!r})[v.source + 1] AS source,
  ({[medium for _, medium in SOURCES]!r})[v.source + 1] AS medium,
  ({[source for source, _ in SOURCES]!r})[v.first_source + 1] AS first_source,
  ({[medium for _, medium in SOURCES]!r})[v.first_source + 1] AS first_medium,
  coalesce(a.name, m.slug) AS campaign,
  '?utm_source=nieuwsbrief&utm_medium=email&utm_campaign=' || m.slug || '&mc_cid='
    || substr(md5(m.slug), 1, 10) || '&mc_eid=' || substr(md5(human::VARCHAR), 1, 10) AS followed,
  CASE WHEN a.medium = 'cpc' THEN 'Cj0KCQ' || substr(md5(visit::VARCHAR), 1, 20) END AS gclid
FROM visits v LEFT JOIN adverts a ON a.advert = v.advert LEFT JOIN mailings m ON m.mailing = v.mailing
"""

BOUGHT = """
CREATE TEMP TABLE bought AS
SELECT l.purchase, any_value(o.name) AS order_name, any_value(p.total) AS total,
  any_value(p.shipping) AS shipping, sum(l.quantity)::BIGINT AS pieces,
  list({'item_id': r.sku, 'item_name': r.name, 'item_brand': r.brand, 'item_category': r.category,
        'price': l.price / 100.0, 'quantity': l.quantity::BIGINT} ORDER BY l.line) AS items
FROM purchases p JOIN order_names o ON o.purchase = p.purchase
JOIN lines l ON l.purchase = p.purchase JOIN products r ON r.product = l.product
GROUP BY l.purchase
"""

# A product as an event shows it in a given week, up to the quantity.
ITEMS = """
CREATE TEMP TABLE week_items AS
SELECT *, concat('{"item_id":"', sku, '","item_name":"', name, '","item_brand":"', brand, '","item_category":"', category,
  '","price":', dots(unit_price), ',"quantity":"') AS item
FROM week_prices JOIN products USING (product)
"""


def export_ga4(desk: Desk, market: Market, shop: Site) -> None:
    """Write a file for every day: zipped JSON lines for a small shop, Parquet for a large one."""
    _hold_words(desk, market, shop)
    desk.run(BOUGHT)
    with ThreadPoolExecutor(max_workers=1) as hand:  # one batch is written while the next is asked
        writing: Future[None] | None = None
        for rows in _batches(desk, market):
            if writing:
                writing.result()
            writing = hand.submit(_write_days, desk, market, rows)
        if writing:
            writing.result()


def _batches(desk: Desk, market: Market) -> Iterator[pa.Table]:
    """All events in order, with their day, a few days at a time."""
    for month in market.plan.calendar_months:
        number = month_number(month)
        if not desk.scratch.files("clicks", number):
            continue
        desk.view("clicks", number)
        # A visit on the eve of the month may last beyond midnight.
        desk.view("visits", *(m for m in (number - 1, number) if desk.scratch.files("visits", m)))
        desk.run(ATTENDED)
        for first, last in _spans(desk):
            yield desk.rows(_events(market, first, last))


def _hold_words(desk: Desk, market: Market, shop: Site) -> None:
    desk.hold(
        "pages",
        pa.table(
            {"page": range(len(shop.location)), "location": shop.location, "title": shop.title}
        ),
    )
    desk.hold("terms", pa.table({"term": range(len(shop.terms)), "words": shop.terms}))
    desk.hold("names", pa.table({"name": range(len(NAMES)), "event_name": NAMES}))
    days = range(market.plan.first_day, market.plan.last_day)
    written = [f"{EPOCH + timedelta(days=day):%Y%m%d}" for day in days]
    desk.hold("days", pa.table({"day": days, "written": written}))
    weeks, products = market.offers.unit_price.shape[1:]
    desk.hold(
        "week_prices",
        pa.table(
            {
                "monday": np.repeat([(day - EPOCH).days for day in market.mondays], products),
                "product": np.tile(np.arange(products), weeks),
                "unit_price": market.offers.unit_price[0].ravel(),
            }
        ),
    )
    desk.run(ITEMS)


def _spans(desk: Desk) -> Iterator[tuple[int, int]]:
    """Runs of days with about as many rows as fit comfortably."""
    days = desk.rows("SELECT day, count(*) AS n FROM clicks GROUP BY day ORDER BY day")
    first, rows, last = -1, 0, -1
    for day, count in zip(days["day"].to_pylist(), days["n"].to_pylist(), strict=True):
        if first >= 0 and rows + count > ROWS_AT_ONCE:
            yield first, last
            first, rows = -1, 0
        first, rows, last = (day if first < 0 else first), rows + count, day
    if first >= 0:
        yield first, last


def _events(market: Market, first: int, last: int) -> str:
    return f"""
        SELECT c.day, {ga4_row.json_line() if market.plan.web_as_json else ga4_row.nested()}
        FROM clicks c
        JOIN attended v ON v.visit = c.visit
        JOIN names n ON n.name = c.name
        JOIN pages g ON g.page = c.page
        LEFT JOIN terms t ON t.term = c.term
        JOIN days d ON d.day = c.day
        LEFT JOIN week_items w ON w.product = c.product AND w.monday = c.day - (c.day - 4) % 7
        LEFT JOIN bought b ON b.purchase = c.purchase
        WHERE c.day BETWEEN {first} AND {last}
        ORDER BY c.day, clicked_at, c.visit, c.place"""


def _write_days(desk: Desk, market: Market, table: pa.Table) -> None:
    days = table["day"].to_numpy()
    present, starts = np.unique(days, return_index=True)
    rows = table.drop_columns(["day"])
    for day, start, end in zip(present, starts, np.r_[starts[1:], len(days)], strict=True):
        name = f"exports/ga4/events_{EPOCH + timedelta(days=int(day)):%Y%m%d}"
        _write_day(desk, market, name, rows.slice(int(start), int(end - start)))


def _write_day(desk: Desk, market: Market, name: str, rows: pa.Table) -> None:
    if market.plan.web_as_json:
        lines = pa.chunked_array(rows["line"].chunks, pa.string()).cast(pa.large_string())
        sheet = Sheet(f"{name}.json.gz", flaws=(Flaw("invalid JSON"),), rate=0.00002)
        desk.zipped(sheet, lines.combine_chunks())
        return
    file = desk.folder / f"{name}.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(rows, file, compression="zstd")
    desk.files += 1
