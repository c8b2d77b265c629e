"""Points and weights that turn an integral into a short sum."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from klantreis.segments.clv.histories import Array

__all__ = ["beta_mean_points", "sum_of_products", "unit_points"]


@lru_cache(maxsize=8)
def unit_points(number: int) -> tuple[Array, Array]:
    """Gauss-Legendre points and weights on (0, 1)."""
    points, weights = np.polynomial.legendre.leggauss(number)
    return (points + 1) / 2, weights / 2


@lru_cache(maxsize=256)
def beta_mean_points(a: float, b: float, number: int) -> tuple[Array, Array]:
    """Points and weights (that add up to 1) for a mean under a Beta(a, b) distribution.

    Golub and Welsch, "Calculation of Gauss Quadrature Rules", Mathematics of Computation 23
    (1969), on the recurrence of the Jacobi polynomials. The weights come from the eigenvectors, so
    nothing overflows at large `a` or `b`.

    >>> points, weights = beta_mean_points(2.0, 6.0, 8)
    >>> round(float(weights @ points), 12)
    0.25
    """
    p, q = b - 1, a - 1
    n = np.arange(1, number, dtype=float)
    total = 2 * n + p + q
    middle = np.empty(number)
    middle[0] = (q - p) / (p + q + 2)
    middle[1:] = (q * q - p * p) / (total * (total + 2))
    # At n = 1 one factor cancels; written out it is 0 / 0 when p + q = -1.
    rest = np.where(n == 1, 1.0, (n + p + q) / np.where(n == 1, 1.0, total - 1))
    beside = 4 * n * (n + p) * (n + q) * rest / (total**2 * (total + 1))
    from scipy.linalg import eigh_tridiagonal  # takes a while to load

    values, vectors = eigh_tridiagonal(middle, np.sqrt(beside))
    return np.clip((values + 1) / 2, 1e-300, 1.0), vectors[0] ** 2


def sum_of_products(left: Array, right: Array) -> float:
    """As `vdot`, but not by BLAS, whose threads wait for each other on a busy machine."""
    return float(np.einsum("i,i->", left.ravel(), right.ravel()))
