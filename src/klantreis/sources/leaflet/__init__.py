"""Leaflet: the printed offers of a week."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("leaflet", Path(__file__).with_name("leaflet.toml"))
