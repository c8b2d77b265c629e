"""Shopify: orders, customers and products, as its admin exports them to CSV."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("shopify", Path(__file__).with_name("shopify.toml"))
