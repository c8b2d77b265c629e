"""Sources: raw exports of every channel become tables; only this room reads the outside."""

from __future__ import annotations

from klantreis.sources.archives import Member, members_of, refuse_bomb, unpack_member
from klantreis.sources.databases import lay_down, names_database
from klantreis.sources.growth import largest_unpacked
from klantreis.sources.guessing import (
    NO_TOTALS,
    READABLE,
    SHAPES,
    ColumnGuess,
    Guess,
    Preview,
    Why,
    concepts,
    guess,
    mapping_text,
    preview,
    safe_name,
    sample_of,
    unpack,
)
from klantreis.sources.mending import WHOLE_ROW, mended
from klantreis.sources.options import check_each_source, check_options
from klantreis.sources.protocol import REJECTED, ExportFile, Facts, Reading, Source
from klantreis.sources.raw_rows import RawRow, RawRows, raw_rows
from klantreis.sources.reading import MappedSource
from klantreis.sources.taking_in import (
    LogLine,
    Part,
    as_taken_in,
    nearest_source,
    recognise_source,
    take_in,
)

__all__ = [
    "NO_TOTALS",
    "READABLE",
    "REJECTED",
    "SHAPES",
    "WHOLE_ROW",
    "ColumnGuess",
    "ExportFile",
    "Facts",
    "Guess",
    "LogLine",
    "MappedSource",
    "Member",
    "Part",
    "Preview",
    "RawRow",
    "RawRows",
    "Reading",
    "Source",
    "Why",
    "as_taken_in",
    "check_each_source",
    "check_options",
    "concepts",
    "guess",
    "largest_unpacked",
    "lay_down",
    "mapping_text",
    "members_of",
    "mended",
    "names_database",
    "nearest_source",
    "preview",
    "raw_rows",
    "recognise_source",
    "refuse_bomb",
    "safe_name",
    "sample_of",
    "take_in",
    "unpack",
    "unpack_member",
]
