"""Kiyoh: reviews of the shop as its API gives them."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("kiyoh", Path(__file__).with_name("kiyoh.toml"))
