"""Magento 2 (Adobe Commerce): orders as its REST API gives them."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("magento", Path(__file__).with_name("magento.toml"))
