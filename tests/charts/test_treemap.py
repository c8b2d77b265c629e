from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.charts import Area, treemap
from klantreis.charts.treemap import Rectangle, squarified


def test_the_published_example_is_laid_out_as_published() -> None:
    # Bruls, Huizing & van Wijk (2000), figure 4: 6 6 4 3 2 2 1 in a rectangle of 6 by 4.
    places = squarified([6, 6, 4, 3, 2, 2, 1], Rectangle(0, 0, 6, 4))
    shapes = [(round(p.width, 2), round(p.height, 2)) for p in places]
    assert shapes[:4] == [(3, 2), (3, 2), (1.71, 2.33), (1.29, 2.33)]
    assert places[2].x == pytest.approx(3)


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=30))
def test_areas_are_as_the_values_and_fill_the_room(values: list[float]) -> None:
    values = sorted(values, reverse=True)
    places = squarified(values, Rectangle(0, 0, 760, 400))
    scale = 760 * 400 / sum(values)
    for value, place in zip(values, places, strict=True):
        assert place.width * place.height == pytest.approx(value * scale, rel=1e-6)
        assert place.x >= -1e-6
        assert place.y >= -1e-6
        assert place.x + place.width <= 760 + 1e-6
        assert place.y + place.height <= 400 + 1e-6


def test_each_area_is_a_link_with_a_name_and_what_is_nothing_is_not_drawn() -> None:
    svg = treemap(
        [
            Area(3, 10, "Loyal", "3", "Loyal: 3 customers", href="/customers?segment=loyal"),
            Area(0, 10, "Lost", "0", "Lost: nobody"),
        ],
        title="Groups",
        description="by customers",
    )
    assert 'href="/customers?segment=loyal"' in svg
    assert 'aria-label="Loyal: 3 customers"' in svg
    assert "Lost" not in svg
