"""A simulated omnichannel retailer with known truth, for the demo, the tests and the benchmarks."""

from __future__ import annotations

from klantreis.simulate.plan import Plan
from klantreis.simulate.retailer import simulate

__all__ = ["Plan", "simulate"]
