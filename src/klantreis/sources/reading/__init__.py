"""How export files are read: what they look like, and mappings from their columns to our tables."""

from __future__ import annotations

from klantreis.sources.reading.connection import Connection, connection_of, literal
from klantreis.sources.reading.file_reading import read_by_mapping
from klantreis.sources.reading.mapped import MappedSource
from klantreis.sources.reading.mapping_file import read_mapping

__all__ = [
    "Connection",
    "MappedSource",
    "connection_of",
    "literal",
    "read_by_mapping",
    "read_mapping",
]
