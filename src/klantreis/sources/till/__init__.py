"""Till: receipts by line, as Dutch back-office programs write them for Excel."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("till", Path(__file__).with_name("till.toml"))
