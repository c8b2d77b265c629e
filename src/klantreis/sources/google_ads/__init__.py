"""Google Ads: cost by day and campaign, as Dutch and English accounts export it."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("google_ads", Path(__file__).with_name("google_ads.toml"))
