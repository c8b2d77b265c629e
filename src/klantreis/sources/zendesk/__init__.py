"""Zendesk: tickets and chats of the service desk."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("zendesk", Path(__file__).with_name("zendesk.toml"))
