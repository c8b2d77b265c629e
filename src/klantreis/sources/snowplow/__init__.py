"""Snowplow: enriched events as its pipeline writes them, without headings."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("snowplow", Path(__file__).with_name("snowplow.toml"))
