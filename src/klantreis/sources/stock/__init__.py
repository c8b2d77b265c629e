"""Stock: counts by day, place and product."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("stock", Path(__file__).with_name("stock.toml"))
