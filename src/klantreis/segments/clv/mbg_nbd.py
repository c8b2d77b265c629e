"""MBG/NBD: a customer may already leave after the first purchase."""

from __future__ import annotations

from klantreis.segments.clv.geometric_dropout import GeometricDropout

__all__ = ["ModifiedBetaGeoNBD"]


class ModifiedBetaGeoNBD(GeometricDropout):
    """The modified BG/NBD model: many who buy once never come back, and it says so.

    Batislam, Denizel and Filiztekin, "Empirical validation and comparison of models for customer
    base analysis", International Journal of Research in Marketing 24 (2007).
    """

    first_toss = 1
