from __future__ import annotations

from xml.etree import ElementTree

from klantreis.charts import Lack, Tally, tallies


def drawn(counts: list[int], lacks: list[Lack]) -> ElementTree.Element:
    return ElementTree.fromstring(
        tallies(
            [Tally(count, f"day {place}") for place, count in enumerate(counts)],
            lacks,
            ticks=[(0, "1 Jan"), (3, "4 Jan")],
            scale=[(0, "0"), (10, "10")],
            title="Rows",
            description="Bars",
        )
    )


def rects(drawing: ElementTree.Element) -> list[ElementTree.Element]:
    return [one for one in drawing.iter() if one.tag.endswith("rect")]


def test_each_count_is_a_bar_as_high_as_the_count_and_none_is_no_bar() -> None:
    bars = rects(drawn([5, 10, 0, 10], []))
    assert len(bars) == 3
    low, high, _ = (float(bar.attrib["height"]) for bar in bars)
    assert round(high / low, 1) == 2
    assert [bar[0].text for bar in bars] == ["day 0", "day 1", "day 3"]


def test_a_gap_is_a_named_band_over_the_periods_that_lack() -> None:
    drawing = drawn([5, 5, 0, 5], [Lack(2, 3, "Gap on 3 January")])
    named = [one for one in drawing.iter() if one.attrib.get("aria-label") == "Gap on 3 January"]
    assert len(named) == 1
    band = rects(named[0])[0]
    after = float(rects(drawing)[2].attrib["x"])
    assert abs(float(band.attrib["x"]) + float(band.attrib["width"]) - after) < 0.1
    assert band.attrib["stroke-dasharray"]
