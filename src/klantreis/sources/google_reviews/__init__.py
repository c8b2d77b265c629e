"""Google Business Profile: reviews of stores as its API and Takeout give them."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("google_reviews", Path(__file__).with_name("google_reviews.toml"))
