"""Search Console: what people searched for in Google when it showed our pages."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("search_console", Path(__file__).with_name("search_console.toml"))
