"""Mailchimp: members of the mailing list, and what happened with the mailings."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("mailchimp", Path(__file__).with_name("mailchimp.toml"))
