"""What people searched for in Google before they came, as Search Console exports its report."""

from __future__ import annotations

import io
from datetime import timedelta
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pyarrow as pa

from klantreis.simulate.desk import Desk, csv_row, quoted
from klantreis.simulate.market import Market
from klantreis.simulate.pages import SERVICE_TERMS, SITE, Site, site
from klantreis.simulate.visits import ORGANIC

__all__ = ["export_search_console"]

BRAND = "huis en haard"
REPORT_DAYS = 91  # the report of the last three months
SHOWN_AT_MOST = 1_000  # terms, as in the report itself
FEWEST_CLICKS = 2  # Google keeps back what few people searched
PATH = "exports/search_console/huisenhaard.example-Performance-on-Search-{day}.zip"
MADE_AT = (1980, 1, 1, 0, 0, 0)

# A visit from Google began with a search: of who knows the shop by its name, of who has a question
# about an order with that beside it, of all others with words for the product that they want. The
# same words are typed into the shop's own search box.
SEARCHED = f"""
CREATE TABLE searched AS
WITH arrived AS (
  SELECT v.device, v.is_after, j.product, v.visit % 1000003 * 7919 % 1000 AS chance
  FROM visits v LEFT JOIN journeys j ON j.journey = v.journey
  WHERE v.source = {ORGANIC} AND local_time(v.came_at)::DATE > DATE '{{last}}' - {REPORT_DAYS}
)
SELECT a.device,
  CASE WHEN a.is_after OR a.chance < 60 THEN '{BRAND} ' || ({list(SERVICE_TERMS)!r})[chance % {len(SERVICE_TERMS)} + 1]
       WHEN a.chance < 260 OR t.words IS NULL THEN '{BRAND}' ELSE t.words END AS term,
  CASE WHEN a.is_after OR a.chance < 60 THEN '{SITE}/klantenservice'
       WHEN a.chance < 260 OR t.words IS NULL THEN '{SITE}/' ELSE t.location END AS page
FROM arrived a LEFT JOIN wanted t ON t.product = a.product AND t.way = a.chance % t.ways
"""
# Who names the shop finds it at the top; the lower the place, the fewer click.
PLACED = f"""
CREATE TABLE placed AS
SELECT *, round(clicks / (0.32 / pow(place, 1.15)))::BIGINT AS impressions FROM (
  SELECT term, count(*) AS clicks,
    CASE WHEN starts_with(term, '{BRAND}') THEN 1 + ascii(md5(term)) % 8 / 10.0
         ELSE 2.5 + ('0x' || substr(md5(term), 1, 4))::INTEGER % 95 / 10.0 END AS place
  FROM searched GROUP BY term)
"""
MEASURES = ("clicks", "impressions", "printf('%.2f%%', 100.0 * clicks / impressions)")
DEVICES = ("Mobile", "Desktop", "Tablet", "Mobile")


def export_search_console(desk: Desk, market: Market) -> None:
    """Write the report of the last three months as a zip file of sheets; none without visits."""
    last = market.plan.end - timedelta(days=1)
    desk.hold("wanted", _wanted(site(market.products)))
    desk.view("visits")
    desk.run(SEARCHED.format(last=last))
    desk.run(PLACED)
    queries = _sheet(
        desk,
        f"""SELECT {csv_row(quoted("term"), *MEASURES, "printf('%.2f', place)")} FROM placed
            WHERE clicks >= {FEWEST_CLICKS} ORDER BY clicks DESC, term LIMIT {SHOWN_AT_MOST}""",
    )
    if not queries:
        return
    head = "Clicks,Impressions,CTR,Position"
    sheets = {
        "Queries": (f"Top queries,{head}", queries),
        "Pages": (f"Top pages,{head}", _sheet(desk, _by("page", SHOWN_AT_MOST))),
        "Devices": (f"Device,{head}", _sheet(desk, _by(f"({list(DEVICES)!r})[device + 1]", 3))),
        "Filters": ("Filter,Value", ["Search type,Web", "Date,Last 3 months"]),
    }
    desk.bytes(PATH.format(day=last), _zipped(sheets))


def _wanted(shop: Site) -> pa.Table:
    """The words that fit each product, and its page."""
    products, ways = shop.term_of.shape
    places = [(product, way) for product in range(products) for way in range(ways)]
    return pa.table(
        {
            "product": [product for product, _ in places],
            "way": [way for _, way in places],
            "ways": [ways] * len(places),
            "words": [shop.terms[shop.term_of[place]] for place in places],
            "location": [shop.location[shop.product_page + product] for product, _ in places],
        }
    )


def _by(what: str, most: int) -> str:
    """SQL for the lines of a sheet that counts by something else than the term."""
    cells = csv_row("what", *MEASURES, "printf('%.2f', place)")
    return f"""
        SELECT {cells} FROM (
          SELECT {what} AS what, count(*) AS clicks,
            sum(p.impressions / p.clicks)::BIGINT AS impressions, avg(p.place) AS place
          FROM searched s JOIN placed p USING (term) GROUP BY ALL)
        ORDER BY clicks DESC, what LIMIT {most}"""


def _sheet(desk: Desk, sql: str) -> list[str]:
    lines: list[str] = desk.rows(sql).column(0).to_pylist()
    return lines


def _zipped(sheets: dict[str, tuple[str, list[str]]]) -> bytes:
    """A zip file without the time at which it was made."""
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        for name, (header, lines) in sheets.items():
            text = "".join(f"{line}\n" for line in (header, *lines))
            archive.writestr(ZipInfo(f"{name}.csv", MADE_AT), text, ZIP_DEFLATED)
    return content.getvalue()
