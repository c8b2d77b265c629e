"""Segment's format: calls as JSON lines, of its own exports and of our collection API."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("segment", Path(__file__).with_name("segment.toml"))
