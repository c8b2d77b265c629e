"""The charts of the page of worth: the test in four drawings, and the groups."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor, log10

from klantreis.charts import Bar, Given, Series, bars, lines, reliability
from klantreis.web.marks import Svg, svg
from klantreis.web.pages.worth.context import Point, WorthPage
from klantreis.web.rendering import address
from klantreis.words import Translator

__all__ = ["draw"]

MOST_REPEATS = 7
QUARTERS = (0, 0.25, 0.5, 0.75, 1)


def draw(page: WorthPage, words: Translator) -> Mapping[str, Svg]:
    """Draw what there is: nothing of the test where there was none."""
    drawings = {}
    if page.cumulative:
        drawings["cumulative"] = svg(_cumulative(page, words))
        drawings["conditional"] = svg(_conditional(page, words))
        drawings["reliability"] = svg(_reliability(page, words))
    if page.tenths:
        drawings["tenths"] = svg(_tenths(page, words))
    if page.groups:
        drawings["groups"] = svg(_groups(page, words))
    return drawings


def _cumulative(page: WorthPage, words: Translator) -> str:
    points = page.cumulative
    last = len(points) - 1
    return lines(
        [
            Series(
                words.text("measured"),
                (0, *(p.measured for p in points)),
                ("0", *(_at_day(p, p.measured, words) for p in points)),
            ),
            Series(
                words.text("expected"),
                (0, *(p.expected for p in points)),
                ("0", *(_at_day(p, p.expected, words) for p in points)),
            ),
        ],
        ticks=[
            (n + 1, words.units(points[n].place, "days_after"))
            for n in sorted({last // 3, 2 * last // 3, last})
        ],
        scale=_scale(max(max(p.measured, p.expected) for p in points), words),
        title=words.text("Purchases added up, expected and measured"),
        description=words.text(
            "From the last day that was learned from, of the customers who were known then."
        ),
        width=600,
        height=300,
    )


def _at_day(point: Point, value: float, words: Translator) -> str:
    return f"{words.units(point.place, 'days_after')}: {words.units(round(value), 'orders')}"


def _conditional(page: WorthPage, words: Translator) -> str:
    points = page.conditional
    return bars(
        [
            Bar(
                words.number(p.place) + ("+" if p.place == MOST_REPEATS else ""),
                (p.measured, p.expected),
                (words.number(p.measured, 2), words.number(p.expected, 2)),
            )
            for p in points
        ],
        series=[words.text("measured"), words.text("expected")],
        title=words.text("Purchases per customer, by repeat purchases before"),
        description=words.text(
            "For each number of repeat purchases before, the mean of what came."
        ),
        width=600,
    )


def _reliability(page: WorthPage, words: Translator) -> str:
    points = [
        Given(
            p.expected,
            p.measured,
            p.measured if p.low is None else p.low,
            p.measured if p.high is None else p.high,
            words.text(
                "chance of %(chance)s: %(share)s did, of %(customers)s",
                chance=words.percent(p.expected),
                share=words.percent(p.measured),
                customers=words.units(p.customers, "customers"),
            ),
        )
        for p in page.reliability
    ]
    return reliability(
        points,
        scale=[words.percent(quarter) for quarter in QUARTERS],
        across=words.text("chance of a purchase that was given"),
        upright=words.text("part that did buy"),
        title=words.text("Chance of a purchase, as it was given and as it came out"),
        description=words.text(
            "Tenths of the customers with their 95%% interval; on the dashed line the chance was right."
        ),
        width=600,
        height=340,
    )


def _tenths(page: WorthPage, words: Translator) -> str:
    return bars(
        [
            Bar(
                words.text("tenth %(number)s", number=p.place),
                (max(p.measured, 0.0), max(p.expected, 0.0)),
                (words.money(p.measured, cents=False), words.money(p.expected, cents=False)),
            )
            for p in page.tenths
        ],
        series=[words.text("measured"), words.text("expected")],
        title=words.text("Revenue by tenths of the customers"),
        description=words.text("The tenth of whom most was expected comes first."),
        width=600,
    )


def _groups(page: WorthPage, words: Translator) -> str:
    has_expected = page.expected.amount is not None
    series = [words.text("measured so far"), words.text("expected in twelve months")]
    return bars(
        [
            Bar(
                words.code("segment", group.segment),
                (
                    max(group.history_amount, 0.0),
                    *((max(group.expected_amount or 0.0, 0.0),) if has_expected else ()),
                ),
                (
                    words.money(group.history_amount, cents=False),
                    *((words.money(group.expected_amount, cents=False),) if has_expected else ()),
                ),
                address("/customers", segment=group.segment),
            )
            for group in page.groups
        ],
        series=series if has_expected else series[:1],
        title=words.text("Worth of each group"),
        description=words.text("What each group brought in so far, and what is expected of it."),
        width=600,
    )


def _scale(highest: float, words: Translator) -> list[tuple[float, str]]:
    """Round values up to just above the highest."""
    size = 10.0 ** floor(log10(max(highest, 1.0)))
    step = next(size * part for part in (0.2, 0.5, 1, 2) if highest <= 5 * size * part)
    step = max(step, 1.0)
    count = int(-(-highest // step))
    return [(step * n, words.number(step * n)) for n in range(count + 1)]
