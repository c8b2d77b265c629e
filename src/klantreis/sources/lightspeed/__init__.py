"""Lightspeed: customers of its webshops (eCom) and tills (X-Series)."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("lightspeed", Path(__file__).with_name("lightspeed.toml"))
