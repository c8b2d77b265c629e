"""Covariates of purchase models: which customers share a row of them, and whether they can teach."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from klantreis.errors import InputError, message
from klantreis.segments.clv.checking import columns_of
from klantreis.segments.clv.histories import Array, Histories

__all__ = ["grouped", "kinds_of", "patterns_of", "require_different"]

MOST_PATTERNS = 1_000


def grouped(
    histories: Histories,
    covariates: ArrayLike | None,
    unit: float,
    columns: int | None = None,
) -> tuple[Array, list[Histories]]:
    """The different rows of covariates, and the histories with each."""
    if covariates is None:
        return np.zeros((1, 0)), [histories.unique().scaled(unit)]
    patterns, places = patterns_of(covariates, len(histories), columns)
    groups = [histories.taken(places == n).unique().scaled(unit) for n in range(len(patterns))]
    return patterns, groups


def patterns_of(
    covariates: ArrayLike, rows: int, columns: int | None = None
) -> tuple[Array, NDArray[np.intp]]:
    """The different rows of covariates, and which one each customer has.

    Args:
        covariates: rows of numbers, or one column.
        rows: how many customers there are.
        columns: how many the model was learned with; None while it learns.

    Raises:
        InputError: other numbers of rows or columns, what is no number, or too many different rows.
    """
    (values,) = columns_of("Covariates do not fit the histories", covariates)
    values = values.reshape(-1, 1) if values.ndim == 1 else values
    if values.shape[0] != rows or values.ndim != 2 or not np.isfinite(values).all():
        raise InputError(
            message(
                "Covariates do not fit the histories",
                got=f"{values.shape[0]} rows, {int((~np.isfinite(values)).sum())} empty values",
                allowed=f"{rows} rows of finite numbers",
            )
        )
    if columns is not None and values.shape[1] != columns:
        raise InputError(
            message(
                "Covariates do not fit the model",
                got=f"{values.shape[1]} columns",
                allowed=f"{columns} columns, as the model was learned with",
            )
        )
    patterns, places = np.unique(values, axis=0, return_inverse=True)
    if len(patterns) > MOST_PATTERNS:
        raise InputError(
            message(
                "Too many different rows of covariates",
                got=str(len(patterns)),
                allowed=f"at most {MOST_PATTERNS}: covariates are for segments and cohorts",
                next_step="group the values into classes",
            )
        )
    return patterns, places.reshape(-1)


def kinds_of(covariates: ArrayLike, columns: int) -> Array:
    """Kinds of new customers, one a row; a plain list is one kind, or of one covariate its values."""
    (values,) = columns_of("Covariates do not fit the model", covariates)
    return values.reshape(-1, 1) if values.ndim == 1 and columns == 1 else np.atleast_2d(values)


def require_different(patterns: Array) -> None:
    """Refuse covariates of which one follows from the others: their effects have no one answer.

    Raises:
        InputError: a column is the same for everybody, or one for each of all segments is given.
    """
    columns = patterns.shape[1]
    rank = np.linalg.matrix_rank(np.column_stack([np.ones(len(patterns)), patterns]))
    if rank < columns + 1:
        raise InputError(
            message(
                "Covariates cannot be told apart",
                got=f"{columns} columns, of which {rank - 1} say something of their own",
                allowed="columns that differ between customers, none of which follows from the "
                "others",
                next_step="leave one segment out: the others are compared with it",
            )
        )
