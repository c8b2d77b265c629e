"""Meta Ads: cost by day and campaign, as English and Dutch accounts export it."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("meta_ads", Path(__file__).with_name("meta_ads.toml"))
