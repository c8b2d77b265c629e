"""A simulated omnichannel retailer with known truth, for the demo, the tests and the benchmarks."""

from __future__ import annotations

from klantreis.simulate.exports.workspace import LOCALE
from klantreis.simulate.plan import Plan
from klantreis.simulate.retailer import simulate

__all__ = ["LOCALE", "Plan", "simulate"]
