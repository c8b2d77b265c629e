"""Mollie: attempts to pay, each with its last status, and what was paid out."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("mollie", Path(__file__).with_name("mollie.toml"))
