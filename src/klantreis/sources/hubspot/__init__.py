"""HubSpot: contacts as its export writes them."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("hubspot", Path(__file__).with_name("hubspot.toml"))
