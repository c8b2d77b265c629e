"""What BG/NBD and MBG/NBD share: buying at a rate, and after each chance a toss whether to stay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from klantreis.segments.clv import special
from klantreis.segments.clv.histories import Array, Histories
from klantreis.segments.clv.maximising import Curve
from klantreis.segments.clv.purchase_model import PurchaseModel
from klantreis.segments.clv.quadrature import beta_mean_points, sum_of_products

__all__ = ["GeometricDropout"]

# Points of the mean over dropout, by how much longer the horizon is than what was seen so far.
FEWEST_POINTS, MOST_POINTS = 40, 320
POINTS_PER_ROOT = 3


class GeometricDropout(PurchaseModel):
    """Poisson purchases with Gamma(r, alpha) rates; dropout by a toss with Beta(a, b) chance.

    The two models differ in one thing: whether the first purchase is followed by a toss.
    """

    names = ("r", "alpha", "a", "b")
    in_time = ("alpha",)
    moved = ("alpha", "a", "b")
    starts = ((0.5, 0.3, 0.8, 2.5), (2.0, 0.3, 0.2, 4.0), (0.2, 0.05, 1.5, 1.5), (1, 1, 0.1, 20))
    first_toss: ClassVar[int]  # tosses before the first repeat purchase

    def _likelihood(self, parameters: Array, histories: Histories) -> Curve:
        """ln of `alive + dead`, each term written so that only its logarithm is needed.

        With k tosses: alive = B(a, b+k) G / (alpha+T)^(r+x) and, for k > 0,
        dead = B(a+1, b+k-1) G / (alpha+t_x)^(r+x), where G = Gamma(r+x) alpha^r / Gamma(r), both
        over B(a, b). Their ratio is all that cannot be added up by frequency alone.
        """
        r, alpha, a, b = parameters
        x, count = histories.frequency, histories.count
        by_frequency = self._by_frequency(parameters, histories)
        total, far = r + x, 1 / (alpha + histories.age)
        log_far = np.log(far)
        value = by_frequency[0] + sum_of_products(count, total * log_far)
        gradient, second = by_frequency[1].copy(), by_frequency[2].copy()
        gradient[0] += sum_of_products(count, log_far)
        gradient[1] -= sum_of_products(count, total * far)
        second[0, 1] -= sum_of_products(count, far)
        second[1, 1] += sum_of_products(count, total * far**2)

        rows = x + self.first_toss > 0
        x, count, total, far, log_far = (v[rows] for v in (x, count, total, far, log_far))
        near = 1 / (alpha + histories.recency[rows])
        tosses = b + x + (self.first_toss - 1)
        odds = np.log(near) - log_far
        ratio = np.log(a / tosses) + total * odds
        value += sum_of_products(count, np.logaddexp(0.0, ratio))
        dead = 1 / (1 + np.exp(-ratio))
        slopes = np.stack([odds, total * (far - near), np.full(len(x), 1 / a), -1 / tosses])
        weighted = count * dead
        gradient += np.einsum("in,n->i", slopes, weighted)
        second += np.einsum("in,jn->ij", slopes * (weighted * (1 - dead)), slopes)
        second[0, 1] += sum_of_products(weighted, far - near)
        second[1, 1] += sum_of_products(weighted, total * (near**2 - far**2))
        second[2, 2] -= weighted.sum() / a**2
        second[3, 3] += sum_of_products(weighted, tosses**-2)
        second[1, 0] = second[0, 1]
        return value, gradient, second

    def _by_frequency(self, parameters: Array, histories: Histories) -> Curve:
        """ln of B(a, b+k) G / B(a, b): the part that only the frequency decides."""
        r, alpha, a, b = parameters
        sizes = np.bincount(histories.frequency.astype(int), weights=histories.count)
        x = np.flatnonzero(sizes).astype(float)
        n = sizes[sizes > 0]
        k, everyone = x + self.first_toss, n.sum()
        value = n @ (special.gammaln(r + x) + special.gammaln(b + k) - special.gammaln(a + b + k))
        value += everyone * (
            r * np.log(alpha) - special.gammaln(r) - special.gammaln(b) + special.gammaln(a + b)
        )
        with_a = n @ special.psi(a + b + k) - everyone * special.psi(a + b)
        gradient = np.array(
            [
                n @ special.psi(r + x) + everyone * (np.log(alpha) - special.psi(r)),
                everyone * r / alpha,
                -with_a,
                n @ special.psi(b + k) - everyone * special.psi(b) - with_a,
            ]
        )
        bend = n @ special.polygamma(1, a + b + k) - everyone * special.polygamma(1, a + b)
        second = np.zeros((4, 4))
        second[0, 0] = n @ special.polygamma(1, r + x) - everyone * special.polygamma(1, r)
        second[0, 1] = second[1, 0] = everyone / alpha
        second[1, 1] = -everyone * r / alpha**2
        second[2:, 2:] = -bend
        second[3, 3] += n @ special.polygamma(1, b + k) - everyone * special.polygamma(1, b)
        return float(value), gradient, second

    def _alive(self, parameters: Array, histories: Histories) -> Array:
        r, alpha, a, b = parameters
        x = histories.frequency
        tosses = x + self.first_toss
        waited = np.log((alpha + histories.age) / (alpha + histories.recency))
        ratio = np.log(a / (b + np.maximum(tosses, 1) - 1)) + (r + x) * waited
        return np.where(tosses > 0, np.exp(-np.logaddexp(0.0, ratio)), 1.0)

    def _new(self, parameters: Array, horizon: float) -> float:
        r, alpha, a, b = parameters
        points, weights = beta_mean_points(a, b, int(_points_for(horizon / alpha)))
        stays = (1 - points) ** self.first_toss
        return float(weights @ (stays * _purchases(points, r, alpha, horizon)))

    def _future(self, parameters: Array, histories: Histories, horizon: float) -> Array:
        r, alpha, a, b = parameters
        answers = np.empty(len(histories))
        order = np.argsort(histories.frequency, kind="stable")
        frequencies, first = np.unique(histories.frequency[order], return_index=True)
        for x, rows in zip(frequencies, np.split(order, first[1:]), strict=True):
            ages, places = np.unique(histories.age[rows], return_inverse=True)
            sizes = _points_for(horizon / (alpha + ages))
            each = np.empty(len(ages))
            for size in np.unique(sizes):
                points, weights = beta_mean_points(a, b + x + self.first_toss, int(size))
                some = sizes == size
                each[some] = _purchases(points, r + x, alpha + ages[some, None], horizon) @ weights
            answers[rows] = each[places]
        return answers

    def _buys(self, parameters: Array, histories: Histories, horizon: float | Array) -> Array:
        r, alpha, _, _ = parameters
        away = np.log1p(horizon / (alpha + histories.age))
        return np.asarray(-np.expm1(-(r + histories.frequency) * away))

    def _half(self, parameters: Array, histories: Histories, horizon: float) -> Array:
        r, alpha, _, _ = parameters
        half = self._buys(parameters, histories, horizon) / 2
        waited = np.expm1(-np.log1p(-half) / (r + histories.frequency))
        return np.asarray((alpha + histories.age) * waited)

    def _chances(self, parameters: Array, histories: Histories, horizon: float) -> Iterator[Array]:
        r, alpha, a, b = parameters
        shape, tosses = r + histories.frequency, b + histories.frequency + self.first_toss
        busy = horizon / (alpha + histories.age + horizon)
        exactly = np.exp(shape * np.log1p(-busy))
        fewer, stays = np.zeros(len(histories)), np.ones(len(histories))
        number = 0
        while True:
            fewer = fewer + exactly
            yield stays * np.maximum(1 - fewer, 0)
            stays = stays * (tosses + number) / (a + tosses + number)
            exactly = exactly * busy * (shape + number) / (number + 1)
            number += 1


def _points_for(stretch: float | Array) -> Array:
    """Points that keep the mean of `_purchases` good to 1e-5, up to 10,000 times `alpha`.

    The integrand bends where dropout is near 1 / stretch, and the points of a Gauss rule lie as
    close to 0 as one over the square of their number. Doubling keeps the rules few.
    """
    wanted = np.maximum(POINTS_PER_ROOT * np.sqrt(stretch) / FEWEST_POINTS, 1.0)
    return np.minimum(FEWEST_POINTS * 2.0 ** np.ceil(np.log2(wanted)), MOST_POINTS)


def _purchases(dropout: Array, shape: float, alpha: float | Array, horizon: float) -> Array:
    """Mean of `(1 - exp(-rate p t)) / p` over a Gamma(shape, alpha) rate."""
    return -np.expm1(-shape * np.log1p(dropout * horizon / alpha)) / dropout
