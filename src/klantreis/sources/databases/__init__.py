"""Databases as sources: tables and views are laid down as files below `exports/`, and read as those."""

from __future__ import annotations

from klantreis.sources.databases.landing import lay_down, names_database

__all__ = ["lay_down", "names_database"]
