"""Column names over two lines: a question, and below it each of its options or rows.

The first line has a question above the first of its columns only; what stands on the second is put
in brackets behind it, as `Which products did you buy? [Lamps]`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from klantreis.sources.reading.dialect import unique_names

__all__ = ["Heading", "heading_of", "is_second", "names_over_two"]

# What the second line says below a question that has no options or rows: nothing.
NOTHING = ("", "response", "open-ended response", "antwoord", "open antwoord")


@dataclass(frozen=True)
class Heading:
    """Column names over two lines of a text, and how many lines and bytes they take."""

    names: list[str]
    lines: int
    size: int

    def as_one_line(self, separator: str) -> bytes:
        line = io.StringIO()
        csv.writer(line, delimiter=separator, lineterminator="\n").writerow(self.names)
        return line.getvalue().encode()


def heading_of(head: str, separator: str, whole: Sequence[str]) -> Heading | None:
    """The names over two lines that a delimited text begins with.

    Args:
        whole: columns that the second line leaves empty, and no record does.

    Returns:
        None where the second line is a record.
    """
    lines = list(io.StringIO(head, newline=""))
    reader = csv.reader(iter(lines), delimiter=separator)
    first, second = next(reader, []), next(reader, None)
    if second is None or not is_second(first, second, whole):
        return None
    size = len("".join(lines[: reader.line_num]).encode())
    return Heading(names_over_two(first, second), reader.line_num, size)


def is_second(
    first: Sequence[str | None], second: Sequence[str | None], whole: Sequence[str]
) -> bool:
    """Whether a line below the column names is the second of them."""
    known = {name.casefold() for name in whole}
    below = [
        cell
        for name, cell in zip_longest(first, second, fillvalue="")
        if " ".join((name or "").split()).casefold() in known
    ]
    return bool(below) and not any((cell or "").strip() for cell in below)


def names_over_two(first: Sequence[str | None], second: Sequence[str | None]) -> list[str]:
    """The names of the columns; of a question with a single one its own.

    >>> names_over_two(["ID", "Bought?", "", "Why?"], ["", "Lamps", "Chairs", "Response"])
    ['ID', 'Bought? [Lamps]', 'Bought? [Chairs]', 'Why?']
    """
    pairs = [
        (" ".join((name or "").split()), " ".join((part or "").split()))
        for name, part in zip_longest(first, second)
    ]
    names: list[str] = []
    question = ""
    for place, (name, part) in enumerate(pairs):
        is_alone = bool(name) and (place + 1 == len(pairs) or bool(pairs[place + 1][0]))
        question = name or question
        is_parted = question and not is_alone and part.casefold() not in NOTHING
        names.append(f"{question} [{part}]" if is_parted else name)
    return unique_names(names)
