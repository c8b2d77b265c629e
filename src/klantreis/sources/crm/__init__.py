"""CRM: the contacts of a loyalty programme, as Dutch programs write them for Excel."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("crm", Path(__file__).with_name("crm.toml"))
