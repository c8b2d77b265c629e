from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.charts import (
    Band,
    Bar,
    HeatCell,
    Lane,
    Mark,
    Node,
    Phase,
    Series,
    bars,
    heat_grid,
    lines,
    palette,
    phase_strip,
    sankey,
    sparkline,
    timeline_lanes,
)
from klantreis.charts.sankey import NODE_WIDTH, SLOT, place_nodes
from klantreis.charts.text import shortened, text_width
from tests.charts.reading import SVG, outside, overlapping, parsed, texts

CSS = Path(__file__).parents[2] / "src" / "klantreis" / "web" / "static" / "klantreis.css"
shares = st.floats(min_value=0, max_value=1)
counts = st.integers(min_value=0, max_value=1_000_000)
names = st.sampled_from(["Webshop", "Winkel", "App", "Klantenservice & advies", "E-mail <nieuws>"])


def grid(values: list[int], **more: str) -> str:
    cells = [
        HeatCell(place // 5, place % 5, value, f"{value:,}", f"cell {place}", "Kampioenen", **more)
        for place, value in enumerate(values)
    ]
    labels = ["5 · pas nog", "4", "3", "2", "1 · lang geleden"]
    return heat_grid(
        cells, rows=labels, columns=["1 · zelden", "2", "3", "4", "5 · vaak"],
        row_title="Recentheid", column_title="Frequentie", title="Raster", description="Vijf bij vijf",
    )  # fmt: skip


def bar_chart(values: list[tuple[float, float]]) -> str:
    items = [
        Bar(f"Groep {place}", pair, (f"{pair[0]:.0%}", f"{pair[1]:.0%}"), "/customers")
        for place, pair in enumerate(values)
    ]
    return bars(items, series=["klanten", "omzet"], title="Groepen", description="Per groep")


def strip(values: list[tuple[float, float]]) -> str:
    phases = [
        Phase(
            f"Fase {place}", reached, reached * part, f"{reached:.0%}", ("43%", "41–45%", "€ 1.000")
        )
        for place, (reached, part) in enumerate(values)
    ]
    return phase_strip(
        phases, bar_title="Bereikt", stopped_title="Stopte hier",
        row_titles=["Uitval", "Interval", "Waarde op het spel"], title="Fasen", description="Per fase",
    )  # fmt: skip


def flow(weights: list[int]) -> tuple[list[Node], list[Band]]:
    """Two steps of three channels, then an end; what goes in comes out."""
    channels = ("web", "app", "store")
    nodes = [Node(f"{c}-{s}", s, c.title(), "1.204") for s in (0, 1) for c in channels]
    nodes += [
        Node("bought", 2, "Aankoop", "3.000", "good"),
        Node("lapsed", 2, "Gestopt", "9", "bad"),
    ]
    bands, into = [], dict.fromkeys(channels, 0)
    for place, weight in enumerate(weights):
        source, target = channels[place // 3], channels[place % 3]
        bands.append(Band(f"{source}-0", f"{target}-1", weight, f"{source} naar {target}"))
        into[target] += weight
    for channel, total in into.items():
        bands.append(Band(f"{channel}-1", "bought", total * 0.25, f"{channel} koopt"))
        bands.append(Band(f"{channel}-1", "lapsed", total * 0.75, f"{channel} stopt"))
    return nodes, bands


def sankey_chart(weights: list[int]) -> str:
    nodes, bands = flow(weights)
    columns = ["Stap 1", "Stap 2", "Stap 3"]
    return sankey(nodes, bands, columns=columns, title="Stroom", description="Van stap naar stap")


def lanes_chart(places: list[float]) -> str:
    kinds = ("visit", "purchase", "said", "return", "trouble")
    lanes = [Lane("web", "Webshop", True), Lane("store", "Winkel", False)]
    marks = [
        Mark("web" if n % 2 else "store", at, n + 1, kinds[n % 5], f"mark {n}", f"#visit-{n}")
        for n, at in enumerate(places)
    ]
    ticks = [(n / 12, f"mnd {n} 2025") for n in range(12)]
    return timeline_lanes(
        lanes, marks, ticks=ticks, online_title="Online", offline_title="Offline",
        title="Tijdlijn", description="Een baan per kanaal",
    )  # fmt: skip


def line_chart(values: list[float]) -> str:
    names = tuple(f"{value:.0f}" for value in values)
    return lines(
        [Series("Online", tuple(values), names), Series("Winkel", tuple(values[::-1]), names)],
        ticks=[(0, "jan 2025"), (len(values) - 1, "dec 2025")],
        scale=[(0, "€ 0"), (max(values), "€ 1.000.000")],
        title="Omzet",
        description="Twee lijnen",
    )


ALL = {
    "bars": bar_chart([(0.4, 0.1), (0.0, 1.0)]),
    "grid": grid([0, 1, 20, 300, 4000] * 5, href="/customers"),
    "lanes": lanes_chart([0.0, 0.2, 0.4, 0.6, 1.0]),
    "lines": line_chart([10.0, 20.0, 5.0]),
    "sankey": sankey_chart([900, 20, 1, 40, 400, 3, 7, 80, 2000]),
    "sparkline": sparkline([3, 1, 2], title="Verloop"),
    "strip": strip([(1.0, 0.4), (0.6, 0.02), (0.05, 1.0), (0.0, 0.0)]),
}


@pytest.mark.parametrize("chart", ALL)
def test_a_drawing_is_named_described_and_styled_by_attributes_only(chart: str) -> None:
    root = parsed(ALL[chart])
    assert root.findtext(f"{SVG}title")
    assert root.findtext(f"{SVG}desc")
    assert root.attrib["aria-label"]
    for element in root.iter():
        assert element.tag not in (f"{SVG}style", f"{SVG}script")
        assert not {"style", "class"} & set(element.attrib)
        assert not [name for name in element.attrib if name.startswith("on")]


@pytest.mark.parametrize("chart", ALL)
def test_labels_neither_overlap_nor_leave_the_drawing(chart: str) -> None:
    assert overlapping(ALL[chart]) == []
    assert outside(ALL[chart]) == []


@given(st.text(max_size=20))
def test_whatever_a_label_holds_the_drawing_stays_whole(text: str) -> None:
    legal = "".join(letter for letter in text if letter.isprintable())
    drawn = bars(
        [Bar(legal, (1.0,), (legal,), "/x")], series=[legal], title=legal, description=legal
    )
    assert parsed(drawn).tag == f"{SVG}svg"


@given(st.lists(counts, min_size=25, max_size=25))
def test_every_cell_of_a_grid_can_be_read(values: list[int]) -> None:
    for tone in {palette.heat(value, max(values)) for value in values}:
        assert palette.contrast(tone, palette.readable_on(tone)) >= 4.5
    assert overlapping(grid(values)) == []


@given(st.lists(counts, min_size=2, max_size=30))
def test_more_customers_never_means_a_lighter_tone(values: list[int]) -> None:
    tones = [palette.HEAT.index(palette.heat(value, max(values))) for value in sorted(values)]
    assert all(before <= after for before, after in pairwise(tones))


def test_only_nobody_has_the_lightest_tone() -> None:
    assert palette.heat(0, 1000) == palette.HEAT[0]
    assert palette.heat(1, 1_000_000) == palette.HEAT[1]
    assert palette.heat(1000, 1000) == palette.HEAT[-1]


@given(st.lists(st.tuples(shares, shares), min_size=1, max_size=12))
def test_bars_are_as_long_as_their_values(values: list[tuple[float, float]]) -> None:
    drawn = parsed(bar_chart(values))
    rows = [float(r.attrib["width"]) for r in drawn.iter(f"{SVG}rect") if r.get("height") == "14"]
    lengths = rows[2:]  # the first two are the legend
    flat = [value for pair in values for value in pair]
    highest = max(flat)
    assert len(lengths) == len(flat)
    if highest > 0.01:
        scale = max(lengths) / highest
        assert all(
            abs(length - value * scale) < 0.02 for length, value in zip(lengths, flat, strict=True)
        )


@given(st.lists(st.tuples(shares, shares), min_size=3, max_size=6))
def test_no_phase_is_ever_too_low_for_its_label(values: list[tuple[float, float]]) -> None:
    assert overlapping(strip(values)) == []
    assert outside(strip(values)) == []


@given(st.lists(st.integers(min_value=0, max_value=5000), min_size=9, max_size=9).filter(any))
def test_what_flows_into_a_node_flows_out_of_it_and_fits_its_height(weights: list[int]) -> None:
    nodes, bands = flow(weights)
    places, scale = place_nodes(nodes, bands, 3, 1200, 520)
    assert scale > 0
    for node in nodes:
        into = sum(band.value for band in bands if band.target == node.key)
        out_of = sum(band.value for band in bands if band.source == node.key)
        assert places[node.key].height == pytest.approx(max(into, out_of) * scale)
        if node.column == 1:
            assert into == pytest.approx(out_of)
        assert places[node.key].slot_height >= SLOT
        assert places[node.key].slot_top + places[node.key].slot_height <= 521
    assert overlapping(sankey_chart(weights)) == []


def test_bands_stay_out_of_the_columns_where_the_labels_stand() -> None:
    nodes, bands = flow([900, 20, 1, 40, 400, 3, 7, 80, 2000])
    places, _ = place_nodes(nodes, bands, 3, 1200, 520)
    columns = {(place.x, place.x + NODE_WIDTH) for place in places.values()}
    for path in re.findall(
        r'<path d="M([^"]+)Z"', sankey_chart([900, 20, 1, 40, 400, 3, 7, 80, 2000])
    ):
        xs = [float(number) for number in re.findall(r"(?:^|C| )(\d+\.\d) \d", path)]
        assert xs
        assert not [x for x in xs for left, right in columns if left + 0.1 < x < right - 0.1]


@given(st.lists(shares, min_size=1, max_size=60))
def test_online_and_offline_marks_differ_in_shape_and_come_in_order_of_time(
    places: list[float],
) -> None:
    drawn = parsed(lanes_chart(places))
    links = list(drawn.iter(f"{SVG}a"))
    assert len(links) == len(places)
    centres = []
    for link in links:
        number = int((link.findtext(f"{SVG}title") or "").removeprefix("mark "))
        circle, square = link.find(f"{SVG}circle"), link.find(f"{SVG}rect")
        if number % 2:
            assert circle is not None
            centres.append(float(circle.attrib["cx"]))
        else:
            assert square is not None
            centres.append(float(square.attrib["x"]) + float(square.attrib["width"]) / 2)
    # Places are written with one decimal, of a square that of its side.
    assert all(before <= after + 0.11 for before, after in pairwise(centres))


def test_ticks_that_would_run_into_each_other_keep_their_line_but_lose_their_name() -> None:
    lanes = [Lane("web", "Webshop", True)]
    ticks = [(n / 200, f"jan {n}") for n in range(200)]
    drawn = timeline_lanes(
        lanes, [], ticks=ticks, online_title="Online", offline_title="Offline", title="t", description="d"
    )  # fmt: skip
    assert overlapping(drawn) == []
    assert 5 < len(texts(drawn)) < 60


@given(st.lists(st.floats(min_value=0, max_value=1e9), min_size=2, max_size=36))
def test_a_line_never_leaves_its_field(values: list[float]) -> None:
    drawn = parsed(line_chart(values))
    for circle in drawn.iter(f"{SVG}circle"):
        assert 40 <= float(circle.attrib["cy"]) <= 260 or float(circle.attrib["cy"]) == 12


def test_nothing_to_draw_is_an_empty_sparkline() -> None:
    assert sparkline([], title="Verloop") == ""
    assert "circle" in sparkline([4], title="Verloop")


@given(st.text(min_size=1, max_size=60), st.floats(min_value=1, max_value=300))
def test_a_shortened_text_fits(text: str, width: float) -> None:
    assert text_width(shortened(text, width, 13), 13) <= width


def test_the_style_sheet_and_the_drawings_use_the_same_colours() -> None:
    tokens = CSS.read_text(encoding="utf-8").split("@layer base")[0]
    written = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", tokens))
    assert len(written) > 10
    for name, colour in written.items():
        assert getattr(palette, name.upper().replace("-", "_")) == colour


@pytest.mark.parametrize("ground", ["CARD", "GROUND", "SKY", "ROSE", "MINT", "AMBER", "VIOLET"])
def test_text_can_be_read_on_every_ground(ground: str) -> None:
    for text in (palette.INK, palette.MUTED, palette.BRAND):
        assert palette.contrast(text, getattr(palette, ground)) >= 4.5
