"""Reviews: what customers wrote about the shop and its products."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("reviews", Path(__file__).with_name("reviews.toml"))
