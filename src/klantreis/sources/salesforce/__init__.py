"""Salesforce: contacts as its data export writes them."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("salesforce", Path(__file__).with_name("salesforce.toml"))
