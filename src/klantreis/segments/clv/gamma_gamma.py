"""Gamma-Gamma: what a purchase of a customer is worth, between the own mean and everybody's."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from klantreis.errors import InputError, message
from klantreis.segments.clv import special
from klantreis.segments.clv.checking import (
    columns_of,
    numbers_of,
    positive,
    require_confidence,
)
from klantreis.segments.clv.histories import Array
from klantreis.segments.clv.learner import Learner
from klantreis.segments.clv.maximising import Curve, Top, intervals_of, maximise

__all__ = ["GammaGamma"]

NAMES = ("p", "q", "v")
STARTS = ((6.0, 4.0, 3.0), (1.5, 3.0, 1.5), (20.0, 10.0, 10.0))
ROUGH_CUSTOMERS = 2_000
LOWEST, HIGHEST = -9.0, 11.0


class GammaGamma(Learner):
    """Values of purchases around a customer's mean, and those means around everybody's.

    Fader and Hardie, "The Gamma-Gamma Model of Monetary Value" (2013).

    Learned (names end in `_`):
        parameters_: p, q and v (v in money).
        log_likelihood_: at the top.
        standard_errors_: from the observed information; nan at a limit.
        at_limit_: parameters for which the data know no bound.
        mean_: what a purchase of an unknown customer is worth; infinite where q <= 1.
        customers_: how many were learned from.
        is_found_: whether the search reached the top.
    """

    def __init__(self, *, max_steps: int = 200) -> None:
        self.max_steps = max_steps

    @classmethod
    def of(cls, p: float, q: float, v: float) -> Self:
        """A model with known parameters, such as published ones; without errors."""
        if not positive(p=p, q=q, v=v):
            raise InputError(
                message(
                    "Not the parameters of this model",
                    got=f"p={p}, q={q}, v={v}",
                    allowed="p, q, v, each above 0",
                )
            )
        model = cls()
        model.parameters_ = {"p": p, "q": q, "v": v}
        model.mean_ = p * v / (q - 1) if q > 1 else float("inf")
        return model

    def fit(
        self, purchases: ArrayLike, mean_value: ArrayLike, count: ArrayLike | None = None
    ) -> Self:
        """Learn the parameters.

        Args:
            purchases: number of purchases that the mean is taken over, at least 1.
            mean_value: mean value of those purchases, above 0.
            count: customers that a row stands for.

        Raises:
            InputError: values that are not above 0, or nobody with two purchases.
        """
        n, mean, weight = _checked(purchases, mean_value, count)
        unit = float(np.average(mean, weights=weight))
        rows = np.arange(len(n))
        few = rows[:: max(len(n) // ROUGH_CUSTOMERS, 1)]
        low, high = np.full(3, LOWEST), np.full(3, HIGHEST)

        def top_of(taken: NDArray[np.intp], start: Array) -> Top:
            seen = (n[taken], mean[taken] / unit, weight[taken])
            return maximise(lambda at: _curve(at, *seen), start, low, high, steps=self.max_steps)

        rough = max((top_of(few, np.log(start)) for start in STARTS), key=lambda top: top.value)
        top = top_of(rows, rough.point)
        p, q, v = np.exp(top.point)
        self.parameters_ = {"p": float(p), "q": float(q), "v": float(v * unit)}
        self.log_likelihood_ = top.value - float(weight.sum() * np.log(unit))
        free = ~top.is_at_limit
        errors = np.full(3, np.nan)
        spread = np.linalg.pinv(top.information[np.ix_(free, free)], hermitian=True)
        errors[free] = np.sqrt(np.maximum(np.diag(spread), 0))
        self.standard_errors_ = {
            name: self.parameters_[name] * float(error)
            for name, error in zip(NAMES, errors, strict=True)
        }
        self.at_limit_ = tuple(np.array(NAMES)[top.is_at_limit].tolist())
        self.customers_ = round(float(weight.sum()))
        self.is_found_ = top.is_found
        self.mean_ = float(p * v * unit / (q - 1)) if q > 1 else float("inf")
        return self

    def intervals(self, confidence: float = 0.95) -> dict[str, tuple[float, float]]:
        """Where each parameter lies with this confidence; normal on the logarithm."""
        self._require("standard_errors_")
        require_confidence(confidence)
        return intervals_of(self.parameters_, self.standard_errors_, confidence)

    def expected_value(self, purchases: ArrayLike, mean_value: ArrayLike) -> Array:
        """What the next purchase is worth: the own mean, drawn to everybody's while n is small.

        Args:
            purchases: number of purchases so far; 0 gives everybody's mean.
            mean_value: their mean value; of no account at 0 purchases.

        Raises:
            InputError: what is no number, not as many of each, or a number or mean value below 0.
        """
        self._require("parameters_")
        p, q, v = (self.parameters_[name] for name in NAMES)
        n, mean = numbers_of("Not a set of purchase values", purchases, mean_value)
        if n.shape != mean.shape and n.size > 1 and mean.size > 1:
            raise InputError(
                message(
                    "Not a set of purchase values",
                    got=f"shapes {n.shape}, {mean.shape}",
                    allowed="as many of each, or one of either",
                )
            )
        if not (np.isfinite(n) & (n >= 0) & ((n == 0) | (np.isfinite(mean) & (mean >= 0)))).all():
            raise InputError(
                message(
                    "Not a purchase value",
                    got="a number of purchases or a mean value below 0, without end or empty",
                    allowed="0 purchases, or more with a mean value of at least 0",
                    next_step="give who only brought back 0 purchases: everybody's mean",
                )
            )
        with np.errstate(divide="ignore", invalid="ignore"):
            shrunk = p * (v + np.where(n > 0, n * mean, 0.0)) / (p * n + q - 1)
        return np.where(p * n + q > 1, shrunk, np.inf)


def _checked(
    purchases: ArrayLike, mean_value: ArrayLike, count: ArrayLike | None
) -> tuple[Array, Array, Array]:
    what = "Not a set of purchase values"
    n, mean = columns_of(what, purchases, mean_value)
    weight = np.ones_like(n) if count is None else columns_of(what, count)[0]
    if not n.shape == mean.shape == weight.shape or not n.size:
        raise InputError(
            message(
                what,
                got=f"shapes {n.shape}, {mean.shape}, {weight.shape}",
                allowed="as many of each, at least one",
            )
        )
    sound = np.isfinite(n + mean + weight) & (n >= 1) & (mean > 0) & (weight > 0)
    if not sound.all():
        row = int(np.argmin(sound))
        raise InputError(
            message(
                "Not a purchase value",
                where=f"row {row}",
                got=f"{n[row]:g} purchases of {mean[row]:g}",
                allowed="at least 1 purchase, mean value above 0",
                next_step="leave out who bought nothing or only brought back",
            )
        )
    if n.max() < 2:
        raise InputError(
            message(
                "The value of a purchase cannot be learned",
                got=f"{len(n)} customers who all bought once",
                allowed="customers of which at least one bought twice",
            )
        )
    return n, mean, weight


def _curve(point: Array, n: Array, mean: Array, weight: Array) -> Curve:
    """Log-likelihood with derivatives in the logarithms of p, q and v."""
    with np.errstate(all="ignore"):
        p, q, v = np.exp(point)
        counts, places = np.unique(n, return_inverse=True)
        sizes = np.bincount(places, weights=weight)
        total, whole = weight.sum(), v + n * mean
        logs, log_mean = np.log(whole), np.log(mean)
        pn = p * counts
        value = sizes @ (special.gammaln(pn + q) - special.gammaln(pn) + pn * np.log(counts))
        value += total * (q * np.log(v) - special.gammaln(q)) + weight @ (
            (p * n - 1) * log_mean - (p * n + q) * logs
        )
        over = weight / whole
        slope = special.psi(pn + q)
        gradient = np.array(
            [
                sizes @ (counts * (slope - special.psi(pn) + np.log(counts)))
                + weight @ (n * (log_mean - logs)),
                sizes @ slope + total * (np.log(v) - special.psi(q)) - weight @ logs,
                total * q / v - over @ (p * n + q),
            ]
        )
        bend = special.polygamma(1, pn + q)
        second = np.zeros((3, 3))
        second[0, 0] = sizes @ (counts**2 * (bend - special.polygamma(1, pn)))
        second[0, 1] = sizes @ (counts * bend)
        second[0, 2] = -(over @ n)
        second[1, 1] = sizes @ bend - total * special.polygamma(1, q)
        second[1, 2] = total / v - over.sum()
        second[2, 2] = -total * q / v**2 + (over / whole) @ (p * n + q)
        second = second + np.triu(second, 1).T
        at = np.array([p, q, v])
        slopes = gradient * at
        return float(value), slopes, second * np.outer(at, at) + np.diag(slopes)
