"""BG/NBD: after each repeat purchase a customer may leave."""

from __future__ import annotations

from klantreis.segments.clv.geometric_dropout import GeometricDropout

__all__ = ["BetaGeoNBD"]


class BetaGeoNBD(GeometricDropout):
    """The beta-geometric / negative binomial model: who buys once is surely still a customer.

    Fader, Hardie and Lee, "Counting Your Customers the Easy Way: An Alternative to the Pareto/NBD
    Model", Marketing Science 24 (2005).

    >>> from klantreis.segments.clv import Histories
    >>> seen = Histories.of([0, 0, 1, 2, 4], [0, 0, 90, 200, 150], [300, 200, 300, 250, 300])
    >>> BetaGeoNBD().fit(seen).probability_alive(seen)[0].item()
    1.0
    """

    first_toss = 0
