"""Newton's method for a handful of parameters, sturdy far from the top and on flat ridges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from klantreis.segments.clv.histories import Array

__all__ = ["Curve", "Top", "intervals_of", "maximise"]

# Value, gradient and matrix of second derivatives at a point.
Curve = tuple[float, Array, Array]

LONGEST_STEP = 1.5
SMALLEST_GAIN = 1e-9
ROUNDING = 1e-13  # of the value: less than this cannot be told apart


@dataclass(frozen=True)
class Top:
    """Where the search ended.

    Attributes:
        point: the parameters.
        value: the function there.
        information: minus the second derivatives.
        is_at_limit: parameters that wanted to pass their limit.
        is_found: whether the top was reached; False when the steps ran out.
        steps: how many were taken.
    """

    point: Array
    value: float
    information: Array
    is_at_limit: NDArray[np.bool_]
    is_found: bool
    steps: int


def maximise(
    curve: Callable[[Array], Curve],
    start: Array,
    low: Array,
    high: Array,
    *,
    steps: int = 200,
) -> Top:
    """Climb from `start` to a top between the limits.

    Each step is Newton's, on the absolute curvature (so it also climbs out of a saddle), no longer
    than 1.5, and halved until the function rises. It ends where Newton's next step would gain less
    than 1e-9.

    Args:
        curve: value, gradient and second derivatives; not finite where it cannot be computed.
        start: first point, between the limits.
        low, high: limits of each parameter.
        steps: most steps.
    """
    point = np.clip(start, low, high)
    value, gradient, second = curve(point)
    for taken in range(steps):
        held = ((point <= low) & (gradient < 0)) | ((point >= high) & (gradient > 0))
        step = _newton(gradient, second, ~held)
        if abs(gradient @ step) / 2 < max(SMALLEST_GAIN, ROUNDING * abs(value)):
            return Top(point, value, -second, held, True, taken)
        step *= min(1.0, LONGEST_STEP / float(np.abs(step).max()))
        for _ in range(30):
            tried = np.clip(point + step, low, high)
            found = curve(tried)
            if np.isfinite(found[0]) and found[0] > value:
                break
            step /= 2
        else:
            # Rounding leaves nothing to gain along the way up.
            return Top(point, value, -second, held, True, taken)
        point, (value, gradient, second) = tried, found
    held = (point <= low) | (point >= high)
    return Top(point, value, -second, held, False, steps)


def _newton(gradient: Array, second: Array, free: NDArray[np.bool_]) -> Array:
    step = np.zeros_like(gradient)
    if not free.any():
        return step
    curvature, axes = np.linalg.eigh(-second[np.ix_(free, free)])
    bend = np.abs(curvature)
    bend = np.maximum(bend, max(float(bend.max()) * 1e-10, 1e-12))
    step[free] = axes @ ((axes.T @ gradient[free]) / bend)
    return step


def intervals_of(
    parameters: Mapping[str, float], standard_errors: Mapping[str, float], confidence: float
) -> dict[str, tuple[float, float]]:
    """Where each parameter, above 0, lies with this confidence; normal on the logarithm."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    found = {}
    for name, value in parameters.items():
        width = np.exp(z * standard_errors[name] / value)
        found[name] = (float(value / width), float(value * width))
    return found
