from __future__ import annotations

import itertools
import re
from dataclasses import replace
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from klantreis.charts import CurvePoint, emotion_curve
from klantreis.charts.emotion_curve import curve_path
from klantreis.charts.text import text_width

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


@given(st.lists(st.sampled_from([-2.0, -1.0, 0.0, 1.0, 2.0]), max_size=12))
def test_notes_never_cover_each_other(scores: list[float]) -> None:
    notes = [replace(point, note="Bestelling geannuleerd") for point in points(scores)]
    drawn = emotion_curve(notes, title="Emotion", description="", width=900, height=190)
    texts = [e for e in ElementTree.fromstring(drawn).iter() if e.tag.endswith("text")]
    boxes = [_box(text) for text in texts]
    for one, other in itertools.combinations(boxes, 2):
        assert abs(one[2] - other[2]) >= 12 or one[1] <= other[0] or other[1] <= one[0]
    assert bool(texts) == bool(scores)


def _box(text: ElementTree.Element) -> tuple[float, float, float]:
    wide, x = text_width(text.text or "", 12), float(text.get("x") or 0)
    left = x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[text.get("text-anchor") or ""]
    return left, left + wide, float(text.get("y") or 0)
