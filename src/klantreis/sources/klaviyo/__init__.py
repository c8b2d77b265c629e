"""Klaviyo: profiles, and events of its API or of a CSV export."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("klaviyo", Path(__file__).with_name("klaviyo.toml"))
