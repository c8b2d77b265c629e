from __future__ import annotations

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from klantreis.charts import CurvePoint, emotion_curve
from klantreis.charts.emotion_curve import curve_path

SCORES = st.lists(st.floats(-2, 2), max_size=12)


def points(scores: list[float]) -> list[CurvePoint]:
    each = 100 / max(1, len(scores))
    return [
        CurvePoint((n + 0.5) * each, score, f"<{n}>", f"moment {n} & more")
        for n, score in enumerate(scores)
    ]


@given(SCORES, st.sampled_from([None, 900.0]))
def test_every_point_is_drawn_and_spoken(scores: list[float], width: float | None) -> None:
    drawn = emotion_curve(points(scores), title="Emotion", description="-2 to +2", width=width)
    root = ElementTree.fromstring(drawn)
    spoken = [e.get("aria-label") for e in root.iter() if e.get("role") == "img"]
    assert spoken == [f"moment {n} & more" for n in range(len(scores))]


@given(st.lists(st.floats(-2, 2), min_size=2, max_size=12))
def test_the_curve_never_goes_beyond_its_points(scores: list[float]) -> None:
    spots = [(10.0 * n, 50 - 20 * score) for n, score in enumerate(scores)]
    numbers = [float(n) for n in re.findall(r"-?\d+\.\d+", curve_path(spots))]
    heights = numbers[1::2]
    # A piece lies within the hull of its ends and handles; these must stay within the points.
    low, high = min(y for _, y in spots), max(y for _, y in spots)
    assert min(heights) >= low - 0.02
    assert max(heights) <= high + 0.02


def test_good_and_bad_differ_in_shape_and_little_data_is_hollow() -> None:
    drawn = emotion_curve(
        [CurvePoint(20, 1, "", "a"), CurvePoint(60, -1, "", "b", is_sure=False)],
        title="Emotion",
        description="",
    )
    assert drawn.count("<circle") == 1
    assert 'd="M0 -8L8 0L0 8L-8 0Z" fill="#ffffff"' in drawn
