"""What was paid for advertising, as Google Ads and Meta export it by day and campaign."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from klantreis.simulate.desk import Desk, Flaw, Sheet, csv_row, quoted
from klantreis.simulate.market import Market
from klantreis.simulate.reference import toml

__all__ = ["export_advertising"]

# Not every paid click arrives as a visit; days differ in price by a tenth either way.
SPEND = """
CREATE TABLE spend AS
WITH visits_by_day AS (
  SELECT local_time(came_at)::DATE AS day, advert, count(*) AS visits
  FROM visits WHERE advert >= 0 GROUP BY ALL
), counted AS (
  SELECT v.day, a.*, v.visits + (v.visits * (5 + epoch(v.day)::BIGINT // 86400 * 7 % 9) + 50) // 100 AS clicks,
    0.9 + (epoch(v.day)::BIGINT // 86400 * 13 + v.advert * 5) % 21 / 100.0 AS dearness
  FROM visits_by_day v JOIN adverts a USING (advert)
)
SELECT *, round(clicks * cost_per_click * dearness * 100)::BIGINT AS cents,
  round(clicks / click_rate * (2 - dearness))::BIGINT AS impressions FROM counted
"""


CAMPAIGN = ("name", "platform", "source", "medium", "cost_per_click", "click_rate")
GOOGLE = Sheet(
    "exports/google_ads/kosten_{year}.csv",
    "Dag;Campagne;Kosten;Vertoningen;Klikken",
    separator=";",
    flaws=(Flaw("unparsable amount", "Kosten", 2, "--"),),
    rate=0.002,
)
META = Sheet(
    "exports/meta_ads/spend_{year}.csv",
    "Day,Campaign name,Amount spent (EUR),Impressions,Link clicks",
)


def export_advertising(desk: Desk, market: Market) -> None:
    """Write spend by year, in each platform's own language and notation."""
    campaigns = toml("campaigns")["advertising"]
    columns = {name: [row[name] for row in campaigns] for name in CAMPAIGN}
    desk.hold("adverts", pa.table({"advert": range(len(campaigns)), **columns}))
    desk.view("visits")
    desk.run(SPEND)
    google = ("dutch_day(day)", quoted("name", ";"), "commas(cents)", "impressions", "clicks")
    meta = ("day", quoted("name"), "dots(cents)", "impressions", "clicks")
    for year in sorted({month[:4] for month in market.plan.calendar_months}):
        for platform, sheet, cells in (("google_ads", GOOGLE, google), ("meta_ads", META, meta)):
            desk.lines(
                replace(sheet, path=sheet.path.format(year=year)),
                f"""SELECT {csv_row(*cells, separator=sheet.separator)} FROM spend
                    WHERE year(day) = {year} AND platform = '{platform}' ORDER BY day, advert""",
            )
