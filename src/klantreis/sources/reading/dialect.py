"""What a text file looks like: its encoding, its separator and its decimal sign."""

from __future__ import annotations

import codecs
import csv
import gzip
import re
import zlib
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from klantreis.errors import UnreadableFileError, message
from klantreis.sources.growth import largest_unpacked

__all__ = [
    "LATER_NAME",
    "NAMELESS",
    "decimal_sign",
    "decoded",
    "file_bytes",
    "from_heading",
    "header",
    "separator_of",
    "unique_names",
]

SEPARATORS = (";", ",", "\t", "|")
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "UTF-8 (BOM)", "utf-8"),
    (codecs.BOM_UTF16_LE, "UTF-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "UTF-16", "utf-16-be"),
)
SAMPLE_ROWS = 20_000
UNMARKED_BYTES = 1_000
MOSTLY = 0.8
BYTES_AT_ONCE = 2**24


def file_bytes(path: Path, size: int = -1) -> bytes:
    """The content of a file, unpacked when it is gzipped.

    Raises:
        UnreadableFileError: it is not there, not allowed, broken off, or far larger than it looks.
    """
    try:
        with path.open("rb") as packed:
            if path.suffix.lower() != ".gz":
                return packed.read(size)
            allowed = largest_unpacked(path.stat().st_size)
            with gzip.open(packed) as file:
                content = file.read(size) if size >= 0 else _at_most(file, allowed)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFileError(
            message("The file cannot be read", where=path.name, got=_told(error))
        ) from error
    if len(content) > allowed:
        raise UnreadableFileError(
            message(
                "The file is far larger than it looks",
                where=path.name,
                got=f"more than {allowed} bytes out of {path.stat().st_size}",
                allowed=f"at most {allowed} bytes",
                next_step="unpack it yourself, if you trust it",
            )
        )
    return content


def _told(error: Exception) -> str:
    """What went wrong, without the path on this machine."""
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)


def _at_most(file: gzip.GzipFile, size: int) -> bytes:
    """The content of a file; of one that is longer no more than shows that it is."""
    pieces: list[bytes] = []
    read = 0
    while read <= size and (piece := file.read(BYTES_AT_ONCE)):
        pieces.append(piece)
        read += len(piece)
    return b"".join(pieces)


def decoded(content: bytes) -> tuple[bytes, str]:
    """The content in UTF-8 without a mark, and the name of the encoding that it was in.

    Exports are in Unicode, or else in the Windows code page of Western Europe, of which any byte
    sequence is a valid text; so what is not valid UTF-8 is taken for Windows-1252. UTF-16 without a
    mark shows by its noughts: every other byte of what is written in our letters is one.
    """
    for mark, name, codec in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            bare = content[len(mark) :]
            if codec == "utf-8" and _is_utf8(bare):
                return bare, name
            return bare.decode(codec, errors="replace").encode(), name
    for codec, noughts, letters in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        head = content[:UNMARKED_BYTES]
        if head[noughts::2].count(0) > len(head) * MOSTLY / 2 and not head[letters::2].count(0):
            return content.decode(codec, errors="replace").encode(), "UTF-16"
    if _is_utf8(content):
        return content, "UTF-8"
    return content.decode("cp1252", errors="replace").encode(), "Windows-1252"


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def separator_of(text: str) -> str:
    """The separator that the first lines agree on best: most often in each, outside quotes."""
    lines = [line for line in text.splitlines()[:20] if line.strip()] or [""]
    counts = {
        separator: [len(next(csv.reader([line], delimiter=separator), [])) for line in lines]
        for separator in SEPARATORS
    }
    return max(
        SEPARATORS,
        key=lambda separator: (
            counts[separator][0] > 1,
            counts[separator].count(counts[separator][0]) / len(lines) > 0.5,
            counts[separator][0],
        ),
    )


def header(text: str, separator: str, heading: int | None = None) -> list[str]:
    """The column names of a delimited text that begins with its heading.

    Args:
        heading: 0 where there is no heading: columns are then `column 1`, `column 2` ...
    """
    rows = csv.reader(text.splitlines(True), delimiter=separator)
    first = next((row for row in rows if any(cell.strip() for cell in row)), [])
    return unique_names(first if heading != 0 else [""] * len(first))


def from_heading(text: str, heading: int | None) -> str:
    """The text from its heading on: what stands above it is a title."""
    return "".join(text.splitlines(True)[heading - 1 :]) if heading else text


# What `unique_names` makes of a later cell with the same text, counted from the left, and of an empty one.
LATER_NAME = re.compile(r"^(?P<name>.+) \((?:[2-9]|[1-9]\d+)\)$")
NAMELESS = re.compile(r"^column \d+$")


def unique_names(cells: Sequence[str]) -> list[str]:
    """Column names without needless blanks, each once: a second `Price` becomes `Price (2)`."""
    bare = [
        " ".join(cell.split()) or f"column {place}" for place, cell in enumerate(cells, start=1)
    ]
    earlier = [bare[:place].count(name) for place, name in enumerate(bare)]
    return [
        f"{name} ({twins + 1})" if twins else name
        for name, twins in zip(bare, earlier, strict=True)
    ]


def decimal_sign(
    columns: Sequence[pa.ChunkedArray | pa.Array], otherwise: str, stated: str = ""
) -> str:
    """The decimal sign that the values of number columns show, or `otherwise` when they do not.

    A sign counts when what follows it cannot be thousands: any number of digits but three.

    Args:
        stated: how the system writes them; it holds as soon as one value shows it, or none shows
            the other. A file that only shows the other was saved again, by a spreadsheet.
    """
    seen = {
        sign: sum(
            pc.sum(
                pc.match_substring_regex(
                    values.slice(0, SAMPLE_ROWS),
                    rf"^[^0-9]*[0-9.,]*[{sign}]([0-9]{{1,2}}|[0-9]{{4,}})[^0-9.,]*$",
                )
            ).as_py()
            or 0
            for values in columns
        )
        for sign in ",."
    }
    if stated:
        other = "." if stated == "," else ","
        return other if seen[other] and not seen[stated] else stated
    if seen[","] == seen["."]:
        return otherwise
    return "," if seen[","] > seen["."] else "."
