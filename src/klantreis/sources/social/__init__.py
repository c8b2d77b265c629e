"""Social: public mentions, as listening tools export them."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("social", Path(__file__).with_name("social.toml"))
