"""WooCommerce: orders, customers and products as its REST API gives them."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("woocommerce", Path(__file__).with_name("woocommerce.toml"))
