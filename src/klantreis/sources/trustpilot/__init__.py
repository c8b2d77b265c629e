"""Trustpilot: service reviews as its API gives them."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("trustpilot", Path(__file__).with_name("trustpilot.toml"))
