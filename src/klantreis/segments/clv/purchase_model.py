"""What the purchase models share: learning from histories, intervals, covariates, discounting."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike

from klantreis.errors import InputError, message
from klantreis.segments.clv.checking import (
    positive,
    require_confidence,
    require_horizon,
    require_rate,
    require_share,
)
from klantreis.segments.clv.covariates import (
    grouped,
    kinds_of,
    patterns_of,
    require_different,
)
from klantreis.segments.clv.histories import Array, Histories, require_histories
from klantreis.segments.clv.learner import Learner
from klantreis.segments.clv.maximising import Curve, Top, intervals_of, maximise
from klantreis.segments.clv.quadrature import unit_points

__all__ = ["PurchaseModel"]

ROUGH_CUSTOMERS = 1_000
# Logarithms of parameters, time in units of the mean age: beyond these the likelihood is flat.
LOWEST, HIGHEST = -11.0, 9.0
LARGEST_COEFFICIENT = 15.0
MOST_PURCHASES = 2_000
BISECTIONS = 22


class PurchaseModel(Learner, ABC):
    """When customers buy again, learned from their histories by maximum likelihood.

    Learned (names end in `_`):
        parameters_: each parameter, in the unit of time of the histories.
        coefficients_: of the covariates, for each parameter that they move.
        log_likelihood_: at the top.
        standard_errors_: of the parameters, from the observed information; nan at a limit.
        at_limit_: parameters for which the data know no bound: read those with care.
        customers_: how many were learned from.
        is_found_: whether the search reached the top.
    """

    names: ClassVar[tuple[str, ...]]
    in_time: ClassVar[tuple[str, ...]]  # parameters that are measured in units of time
    moved: ClassVar[tuple[str, ...]]  # parameters that covariates move
    starts: ClassVar[tuple[tuple[float, ...], ...]]  # at a mean age of 1
    # Their intermediate results stay in the processor's cache: the likelihood takes half the time.
    rows_at_once: ClassVar[int] = 32_768

    def __init__(self, *, max_steps: int = 200) -> None:
        self.max_steps = max_steps

    @classmethod
    def of(cls, **parameters: float) -> Self:
        """A model with known parameters, such as published ones; without errors.

        >>> from klantreis.segments.clv import BetaGeoNBD
        >>> known = BetaGeoNBD.of(r=0.243, alpha=4.414, a=0.793, b=2.426)
        >>> round(known.expected_purchases(52)[0].item(), 1)
        1.4
        """
        if set(parameters) != set(cls.names) or not positive(**parameters):
            raise InputError(
                message(
                    "Not the parameters of this model",
                    got=", ".join(f"{name}={value}" for name, value in parameters.items())
                    or "none",
                    allowed=f"{', '.join(cls.names)}, each above 0",
                )
            )
        model = cls()
        model._point = np.log([parameters[name] for name in cls.names])
        model._unit, model._covariates = 1.0, 0
        model.parameters_ = {name: parameters[name] for name in cls.names}
        return model

    # Learning

    def fit(self, histories: Histories, covariates: ArrayLike | None = None) -> Self:
        """Learn the parameters.

        With covariates, the logarithm of each parameter in `moved` is a linear function of them:
        Fader and Hardie, "Incorporating time-invariant covariates into the Pareto/NBD and BG/NBD
        models" (2007).

        Args:
            histories: at least one customer who bought twice.
            covariates: rows as in `histories`, columns of numbers that do not change in time,
                such as 1 for the members of a segment or of a cohort and 0 for the others.

        Raises:
            InputError: no histories, nobody bought twice, or covariates with too many different
                rows or of which one follows from the others.
        """
        require_histories(histories)
        if histories.repeaters == 0:
            raise InputError(
                message(
                    "A purchase model cannot be learned",
                    got=f"{histories.customers} customers who all bought once",
                    allowed="histories of which at least one has a second purchase",
                    next_step="wait for repeat purchases, or take the average of the group",
                )
            )
        unit = float(np.average(histories.age, weights=histories.count))
        patterns, groups = grouped(histories, covariates, unit)
        require_different(patterns)
        start = self._rough_top(groups)
        start = np.concatenate([start, np.zeros(patterns.shape[1] * len(self.moved))])
        top = self._climb(start, patterns, groups)
        repeats = float(histories.frequency @ histories.count)
        self.log_likelihood_ = top.value - repeats * float(np.log(unit))
        self.customers_ = histories.customers
        self._remember(top, unit, patterns.shape[1])
        return self

    def _rough_top(self, groups: Sequence[Histories]) -> Array:
        """The best of tops found from several starts on a sample, whatever the covariates."""
        customers = sum(group.customers for group in groups)
        share = min(ROUGH_CUSTOMERS / customers, 1.0)
        few = [group.thinned(max(round(share * group.customers), 1)) for group in groups]
        none = np.zeros((len(few), 0))
        tops = [self._climb(np.log(start), none, few) for start in self.starts]
        return max(tops, key=lambda top: top.value).point

    def _climb(self, start: Array, patterns: Array, groups: Sequence[Histories]) -> Top:
        wide = np.full(len(start) - len(self.names), LARGEST_COEFFICIENT)
        low = np.concatenate([np.full(len(self.names), LOWEST), -wide])
        high = np.concatenate([np.full(len(self.names), HIGHEST), wide])
        pieces = [
            (self._design(pattern), piece)
            for pattern, group in zip(patterns, groups, strict=True)
            for piece in group.pieces(self.rows_at_once)
        ]

        def curve(point: Array) -> Curve:
            value, gradient = 0.0, np.zeros(len(point))
            second = np.zeros((len(point), len(point)))
            for design, piece in pieces:
                one = _in_logarithms(self._likelihood, np.exp(design @ point), piece)
                value += one[0]
                gradient += design.T @ one[1]
                second += design.T @ one[2] @ design
            return value, gradient, second

        return maximise(curve, start, low, high, steps=self.max_steps)

    def _design(self, pattern: Array) -> Array:
        """How the logarithms of the parameters follow from the point, for one covariate row."""
        design = np.zeros((len(self.names), len(self.names) + len(pattern) * len(self.moved)))
        design[:, : len(self.names)] = np.eye(len(self.names))
        for place, name in enumerate(self.moved):
            first = len(self.names) + place * len(pattern)
            design[self.names.index(name), first : first + len(pattern)] = pattern
        return design

    def _remember(self, top: Top, unit: float, covariates: int) -> None:
        size = len(self.names)
        self._point, self._unit, self._covariates = top.point.copy(), unit, covariates
        free = ~top.is_at_limit
        covariance = np.full((len(top.point), len(top.point)), np.nan)
        known = np.linalg.pinv(top.information[np.ix_(free, free)], hermitian=True)
        covariance[np.ix_(free, free)] = known
        self.covariance_ = covariance
        self.at_limit_ = tuple(
            name for name, held in zip(self.names, top.is_at_limit, strict=False) if held
        )
        self.is_found_ = top.is_found
        self.parameters_ = self._natural(np.exp(top.point[:size]))
        errors = np.sqrt(np.maximum(np.diag(covariance), 0))
        self.standard_errors_ = {
            name: float(self.parameters_[name] * error)
            for name, error in zip(self.names, errors, strict=False)
        }
        moved = top.point[size:].reshape(len(self.moved), covariates)
        self.coefficients_ = dict(zip(self.moved, moved, strict=True)) if covariates else {}

    def _natural(self, values: Array) -> dict[str, float]:
        return {
            name: float(value * (self._unit if name in self.in_time else 1.0))
            for name, value in zip(self.names, values, strict=True)
        }

    # What the learned parameters say

    def intervals(self, confidence: float = 0.95) -> Mapping[str, tuple[float, float]]:
        """Where each parameter lies with this confidence; normal on the logarithm."""
        self._require("standard_errors_")
        require_confidence(confidence)
        return intervals_of(self.parameters_, self.standard_errors_, confidence)

    def draws(self, number: int, *, seed: int = 0) -> Iterator[Self]:
        """Models with parameters drawn around the learned ones: the spread of what they say.

        Args:
            number: how many.
            seed: the same seed gives the same models.
        """
        self._require("covariance_")
        known = np.flatnonzero(np.isfinite(np.diag(self.covariance_)))
        random = np.random.default_rng(seed)
        points = np.tile(self._point, (number, 1))
        covariance = self.covariance_[np.ix_(known, known)]
        points[:, known] = random.multivariate_normal(
            self._point[known], covariance, size=number, method="eigh"
        )
        for point in points:
            drawn = copy(self)
            size = len(self.names)
            drawn._point = np.clip(point, -LARGEST_COEFFICIENT, LARGEST_COEFFICIENT)
            drawn.parameters_ = self._natural(np.exp(drawn._point[:size]))
            yield drawn

    def interval_of(
        self,
        question: Callable[[Self], Array],
        *,
        confidence: float = 0.95,
        number: int = 200,
        seed: int = 0,
    ) -> tuple[Array, Array]:
        """Ends of the interval of anything that can be asked of a learned model.

        Args:
            question: such as `lambda model: model.expected_purchases(52, histories)`.
            confidence: part of such intervals that hold the true value.
            number: draws of the parameters.
            seed: the same seed gives the same interval.
        """
        require_confidence(confidence, number)
        answers = np.array([question(drawn) for drawn in self.draws(number, seed=seed)])
        tail = (1 - confidence) / 2
        low, high = np.quantile(answers, (tail, 1 - tail), axis=0)
        return low, high

    def log_likelihood(self, histories: Histories, covariates: ArrayLike | None = None) -> float:
        """How well the parameters fit these histories, also others than those learned from."""
        self._require("parameters_")
        require_histories(histories)
        self._require_covariates(covariates)
        patterns, groups = grouped(histories, covariates, self._unit, self._covariates)
        total = sum(
            self._likelihood(np.exp(self._design(pattern) @ self._point), group)[0]
            for pattern, group in zip(patterns, groups, strict=True)
        )
        repeats = float(histories.frequency @ histories.count)
        return float(total - repeats * np.log(self._unit))

    def probability_alive(self, histories: Histories, covariates: ArrayLike | None = None) -> Array:
        """Chance that each one is still a customer at the end of the observation."""
        return self._asked(self._alive, histories, covariates)

    def expected_purchases(
        self,
        horizon: float,
        histories: Histories | None = None,
        covariates: ArrayLike | None = None,
    ) -> Array:
        """Purchases to expect from each one in the time `horizon` after the observation.

        Args:
            horizon: in the unit of time of the histories.
            histories: None for new customers: what follows after a first purchase.
            covariates: as in `fit`; with `histories` None one row for each kind of new customer.

        Raises:
            InputError: a horizon below 0 or without end, or other covariates than were learned.
        """
        require_horizon(horizon)
        if histories is None:
            self._require("parameters_")
            rows = None if covariates is None else kinds_of(covariates, self._covariates)
            kinds = 1 if rows is None else len(rows)
            blank = Histories.of(np.zeros(kinds), np.zeros(kinds), np.zeros(kinds))
            return self._asked(
                lambda p, h: np.full(len(h), self._new(p, horizon / self._unit)), blank, rows
            )
        return self._asked(
            lambda p, h: self._alive(p, h) * self._future(p, h, horizon / self._unit),
            histories,
            covariates,
        )

    def chance_of_purchase(
        self, horizon: float, histories: Histories, covariates: ArrayLike | None = None
    ) -> Array:
        """Chance of at least one purchase in the time `horizon` after the observation."""
        require_horizon(horizon)
        return self._asked(
            lambda p, h: self._alive(p, h) * self._buys(p, h, horizon / self._unit),
            histories,
            covariates,
        )

    def next_purchase(
        self, horizon: float, histories: Histories, covariates: ArrayLike | None = None
    ) -> Array:
        """Time to the next purchase of those who buy within the horizon: half of them by then."""
        require_horizon(horizon)
        return self._unit * self._asked(
            lambda p, h: self._half(p, h, horizon / self._unit), histories, covariates
        )

    def likely_purchases(
        self,
        horizon: float,
        share: float,
        histories: Histories,
        covariates: ArrayLike | None = None,
    ) -> Array:
        """The number of purchases that a `share` of such customers does not pass."""
        require_horizon(horizon)
        require_share(share)
        return self._asked(
            lambda p, h: self._quantile(p, h, horizon / self._unit, share), histories, covariates
        )

    def discounted_purchases(
        self,
        rate: float,
        histories: Histories | None = None,
        covariates: ArrayLike | None = None,
        *,
        horizon: float | None = None,
    ) -> Array:
        """Purchases to expect, each counted as `exp(-rate * time)`: times value, the residual worth.

        Without a horizon these are the discounted expected residual transactions (DERT) of Fader,
        Hardie and Lee, "RFM and CLV: Using iso-value curves for customer base analysis" (2005).

        Args:
            rate: continuous, above 0, for one unit of time of the histories.
            histories: None for new customers.
            covariates: as in `fit`.
            horizon: how far to look; None for ever.
        """
        require_rate(rate)
        if horizon is not None:
            require_horizon(horizon)
        # By parts: rate * integral of exp(-rate t) E(t), with t stretched towards the near future.
        end = 20.0 / rate if horizon is None else horizon
        points, weights = unit_points(48)
        total = np.exp(-rate * end) * self.expected_purchases(end, histories, covariates)
        for point, weight in zip(points, weights, strict=True):
            moment = end * point**3
            factor = rate * np.exp(-rate * moment) * weight * 3 * end * point**2
            total = total + factor * self.expected_purchases(moment, histories, covariates)
        return np.asarray(total)

    def _asked(
        self,
        question: Callable[[Array, Histories], Array],
        histories: Histories,
        covariates: ArrayLike | None,
    ) -> Array:
        """Answers in the order of the rows, asked for one set of parameters at a time."""
        self._require("parameters_")
        require_histories(histories)
        self._require_covariates(covariates)
        if covariates is None:
            patterns, places = np.zeros((1, 0)), np.zeros(len(histories), int)
        else:
            patterns, places = patterns_of(covariates, len(histories), self._covariates)
        scaled = histories.scaled(self._unit)
        answers = np.empty(len(histories))
        for number, pattern in enumerate(patterns):
            rows = places == number
            parameters = np.exp(self._design(pattern) @ self._point)
            answers[rows] = question(parameters, scaled.taken(rows))
        return answers

    def _require_covariates(self, covariates: ArrayLike | None) -> None:
        if (covariates is None) == (self._covariates > 0):
            raise InputError(
                message(
                    "Covariates do not fit the model",
                    got="none" if covariates is None else "some",
                    allowed=f"{self._covariates} columns, as the model was learned with",
                )
            )

    def _quantile(
        self, parameters: Array, histories: Histories, horizon: float, share: float
    ) -> Array:
        """Least number of purchases that at least this share does not pass."""
        alive = self._alive(parameters, histories)
        answers = np.zeros(len(histories))
        rows = np.arange(len(histories))
        for number, more in enumerate(self._chances(parameters, histories, horizon), start=1):
            # `more` is the chance of at least `number` purchases for those who are alive.
            rows = rows[alive[rows] * more[rows] > 1 - share]
            if not rows.size or number > MOST_PURCHASES:
                break
            answers[rows] = number
        return answers

    def _half(self, parameters: Array, histories: Histories, horizon: float) -> Array:
        """Bisection on the time by which half of the chance within the horizon is there."""
        wanted = self._buys(parameters, histories, np.full(len(histories), horizon)) / 2
        low, high = np.zeros(len(histories)), np.full(len(histories), horizon)
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            is_early = self._buys(parameters, histories, middle) < wanted
            low, high = np.where(is_early, middle, low), np.where(is_early, high, middle)
        return np.asarray((low + high) / 2)

    # What each model says for itself; time in units of the mean age, parameters as in `names`.

    @abstractmethod
    def _likelihood(self, parameters: Array, histories: Histories) -> Curve:
        """Log-likelihood with its first and second derivatives in the parameters."""

    @abstractmethod
    def _alive(self, parameters: Array, histories: Histories) -> Array:
        """Chance of being a customer still."""

    @abstractmethod
    def _new(self, parameters: Array, horizon: float) -> float:
        """Purchases to expect from a new customer."""

    @abstractmethod
    def _future(self, parameters: Array, histories: Histories, horizon: float) -> Array:
        """Purchases to expect of who is alive."""

    @abstractmethod
    def _buys(self, parameters: Array, histories: Histories, horizon: float | Array) -> Array:
        """Chance of a purchase within the horizon of who is alive."""

    @abstractmethod
    def _chances(self, parameters: Array, histories: Histories, horizon: float) -> Iterator[Array]:
        """Chances of at least 1, 2, 3 ... purchases within the horizon of who is alive."""


def _in_logarithms(
    likelihood: Callable[[Array, Histories], Curve], parameters: Array, histories: Histories
) -> Curve:
    """A likelihood with its derivatives in the logarithms of the parameters."""
    with np.errstate(all="ignore"):
        value, gradient, second = likelihood(parameters, histories)
        slopes = gradient * parameters
        return value, slopes, second * np.outer(parameters, parameters) + np.diag(slopes)
