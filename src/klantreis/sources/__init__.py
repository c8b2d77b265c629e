"""Sources: raw exports of every channel become tables; only this room reads the outside."""

from __future__ import annotations

from klantreis.sources.protocol import REJECTED, ExportFile, Facts, Reading, Source
from klantreis.sources.reading import MappedSource
from klantreis.sources.taking_in import LogLine, Part, recognise_source, take_in

__all__ = [
    "REJECTED",
    "ExportFile",
    "Facts",
    "LogLine",
    "MappedSource",
    "Part",
    "Reading",
    "Source",
    "recognise_source",
    "take_in",
]
