"""Pareto/NBD: a customer may leave at any moment."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from klantreis.segments.clv import special
from klantreis.segments.clv.histories import Array, Histories
from klantreis.segments.clv.maximising import Curve
from klantreis.segments.clv.purchase_model import PurchaseModel
from klantreis.segments.clv.quadrature import sum_of_products, unit_points

__all__ = ["ParetoNBD"]

POINTS = 20
ROWS_AT_A_TIME = 20_000


class ParetoNBD(PurchaseModel):
    """Poisson purchases with Gamma(r, alpha) rates; a lifetime with Gamma(s, beta) rates.

    Schmittlein, Morrison and Colombo, "Counting Your Customers: Who Are They and What Will They Do
    Next?", Management Science 33 (1987); the likelihood as the integral over the moment of leaving
    in Fader and Hardie, "A Note on Deriving the Pareto/NBD Model" (2005).
    """

    names = ("r", "alpha", "s", "beta")
    in_time = ("alpha", "beta")
    moved = ("alpha", "beta")
    starts = ((0.5, 0.3, 0.6, 0.3), (2.0, 0.3, 0.5, 2.0), (0.3, 0.05, 0.3, 0.05), (1, 1, 2, 5))
    rows_at_once = 4_096  # each with its points of quadrature

    def _likelihood(self, parameters: Array, histories: Histories) -> Curve:
        value, gradient, second = self._by_frequency(parameters, histories)
        for first in range(0, len(histories), ROWS_AT_A_TIME):
            some = histories.taken(np.arange(first, min(first + ROWS_AT_A_TIME, len(histories))))
            part = _by_moment(parameters, some)
            value, gradient, second = value + part[0], gradient + part[1], second + part[2]
        return value, gradient, second

    def _by_frequency(self, parameters: Array, histories: Histories) -> Curve:
        """ln of Gamma(r+x) alpha^r beta^s / Gamma(r)."""
        r, alpha, s, beta = parameters
        sizes = np.bincount(histories.frequency.astype(int), weights=histories.count)
        x = np.flatnonzero(sizes).astype(float)
        n = sizes[sizes > 0]
        everyone = n.sum()
        value = n @ special.gammaln(r + x) - everyone * special.gammaln(r)
        value += everyone * (r * np.log(alpha) + s * np.log(beta))
        gradient = everyone * np.array(
            [np.log(alpha) - special.psi(r), r / alpha, np.log(beta), s / beta]
        )
        gradient[0] += n @ special.psi(r + x)
        second = np.zeros((4, 4))
        second[0, 0] = n @ special.polygamma(1, r + x) - everyone * special.polygamma(1, r)
        second[0, 1] = second[1, 0] = everyone / alpha
        second[1, 1] = -everyone * r / alpha**2
        second[2, 3] = second[3, 2] = everyone / beta
        second[3, 3] = -everyone * s / beta**2
        return float(value), gradient, second

    def _alive(self, parameters: Array, histories: Histories) -> Array:
        r, alpha, s, beta = parameters
        shape = r + histories.frequency
        _, left = _left_within(shape, alpha, s, beta, histories.recency, histories.age)
        stayed = -shape * np.log(alpha + histories.age) - s * np.log(beta + histories.age)
        return np.asarray(np.exp(-np.logaddexp(0.0, special.logsumexp(left - stayed, axis=0))))

    def _new(self, parameters: Array, horizon: float) -> float:
        r, alpha, s, beta = parameters
        return float(r / alpha * _lifetime(s, np.asarray(beta), horizon))

    def _future(self, parameters: Array, histories: Histories, horizon: float) -> Array:
        r, alpha, s, beta = parameters
        rate = (r + histories.frequency) / (alpha + histories.age)
        return np.asarray(rate * _lifetime(s, beta + histories.age, horizon))

    def _buys(self, parameters: Array, histories: Histories, horizon: float | Array) -> Array:
        """1 less those who stay without buying, less those who leave before they buy."""
        r, alpha, s, beta = parameters
        shape, end = r + histories.frequency, histories.age + horizon
        _, left = _left_within(shape, alpha, s, beta, histories.age, end)
        now = shape * np.log(alpha + histories.age) + s * np.log(beta + histories.age)
        stayed = now - shape * np.log(alpha + end) - s * np.log(beta + end)
        return np.asarray(np.clip(1 - np.exp(stayed) - np.exp(left + now).sum(axis=0), 0.0, 1.0))

    def _chances(self, parameters: Array, histories: Histories, horizon: float) -> Iterator[Array]:
        """Purchases until the moment of leaving: a mean over that moment and the horizon."""
        r, alpha, s, beta = parameters
        shape, base = r + histories.frequency, beta + histories.age
        stays = np.exp(-s * np.log1p(horizon / base))
        points, weights = unit_points(POINTS)
        # The moment of leaving as a quantile of its distribution within the horizon.
        until = base * np.expm1(-np.log1p(-points[:, None] * (1 - stays)) / s)
        until = np.concatenate([until, np.full((1, len(base)), horizon)])
        share = np.concatenate([weights[:, None] * (1 - stays), stays[None]])
        busy = until / (alpha + histories.age + until)
        exactly = np.exp(shape * np.log1p(-busy))
        fewer, number = np.zeros_like(exactly), 0
        while True:
            fewer = fewer + exactly
            yield (share * np.maximum(1 - fewer, 0)).sum(axis=0)
            exactly = exactly * busy * (shape + number) / (number + 1)
            number += 1


def _lifetime(s: float, beta: Array, horizon: float) -> Array:
    """Time that a customer is expected to stay within the horizon; also at s = 1."""
    reach = np.log1p(horizon / beta)
    power = s - 1
    if abs(power) < 1e-9:
        return np.asarray(beta * reach)
    return np.asarray(beta * -np.expm1(-power * reach) / power)


def _left_within(
    shape: Array, alpha: float, s: float, beta: float, start: Array, end: Array
) -> tuple[Array, Array]:
    """The integral of `s (alpha+y)^-shape (beta+y)^-(s+1)` from start to end, as a sum.

    Gauss-Legendre, after stretching: u = ln(m+y) with m the smaller of alpha and beta makes both
    powers smooth, and a truncated exponential with the slope at the start takes the fall out of
    the integrand. The cube keeps what is left smooth at the far end. The sum is good to 1e-8 of
    the integral for parameters as found in practice, for any number of purchases.

    Returns:
        The moments y, and the logarithms of the terms; shape (points, rows).
    """
    places, weights = unit_points(POINTS)
    points, weights = 1 - (1 - places) ** 3, 3 * weights * (1 - places) ** 2
    least = min(alpha, beta)
    near = least + start
    reach = np.log((least + end) / near)
    fall = shape * near / (alpha + start) + (s + 1) * near / (beta + start) - 1
    fall = np.where(np.abs(fall) < 1e-6, 1e-6, fall)
    whole = -np.expm1(-fall * reach)
    passed = -np.log1p(-points[:, None] * whole) / fall
    moments = near * np.exp(passed) - least
    terms = (1 + fall) * passed - shape * np.log(alpha + moments)
    terms -= (s + 1) * np.log(beta + moments)
    with np.errstate(divide="ignore"):
        terms += np.log(whole / fall) + np.log(near * s) + np.log(weights)[:, None]
    return moments, terms


def _by_moment(parameters: Array, histories: Histories) -> Curve:
    """ln of "stayed until T" + "left at a moment between t_x and T", with its derivatives.

    Each term is a product of powers, so the derivatives are means, under the terms' shares, of
    the slopes of their logarithms.
    """
    r, alpha, s, beta = parameters
    shape, count = r + histories.frequency, histories.count
    moments, terms = _left_within(shape, alpha, s, beta, histories.recency, histories.age)
    moments = np.concatenate([moments, histories.age[None]])
    log_a, log_b = np.log(alpha + moments), np.log(beta + moments)
    stayed = -shape * log_a[-1:] - s * log_b[-1:]
    terms = np.concatenate([terms, stayed])
    top = terms.max(axis=0)
    share = np.exp(terms - top)
    total = share.sum(axis=0)
    value = sum_of_products(count, top + np.log(total))
    share *= count / total

    near_a, near_b = 1 / (alpha + moments), 1 / (beta + moments)
    power = np.full(len(moments), s + 1)
    power[-1] = s
    from_s = np.full(len(moments), 1 / s)
    from_s[-1] = 0.0
    slopes = (
        -log_a,
        -shape * near_a,
        from_s[:, None] - log_b,
        -power[:, None] * near_b,
    )
    weighted = [share * slope for slope in slopes]
    means = np.array([w.sum(axis=0) for w in weighted])
    second = np.array([[sum_of_products(w, slope) for slope in slopes] for w in weighted])
    second -= np.einsum("in,jn->ij", means / count, means)
    second[0, 1] -= sum_of_products(share, near_a)
    second[1, 1] += sum_of_products(share, shape * near_a**2)
    second[2, 2] -= share[:-1].sum() / s**2
    second[2, 3] -= sum_of_products(share, near_b)
    second[3, 3] += sum_of_products(share, power[:, None] * near_b**2)
    second[1, 0], second[3, 2] = second[0, 1], second[2, 3]
    return value, means.sum(axis=1), second
