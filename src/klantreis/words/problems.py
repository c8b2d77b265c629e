"""What went wrong, in the reader's language.

Rooms below say it in English, in parts (`errors.message`). Each part is looked up here, what it is about
filled in again; whatever else stands there - a name, a value, what a library says - stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from klantreis.words.catalogue import sources_of
from klantreis.words.translator import Translator
from klantreis.words.units import UNITS

__all__ = ["PUT_TOGETHER", "part_told", "problem_told"]


# What is put together elsewhere, and what libraries say; the texts of `errors.message` itself are taken from
# the source (scripts/error_texts.py).
PUT_TOGETHER = (
    "There is no such line to repair",
    "There is no such column to repair",
    "There is no such field to repair",
    "There is no such element to repair",
    "table %(name)s cannot be read",
    "query %(name)s cannot be read",
    "%(address)s, relative to the workspace",
    "Not a time zone",
    "write %(name)s, or leave it out",
    "leave it out: connector %(name)s does not have it",
    "leave it out: nothing reads it",
    "Not an order of dates",
    "Not a decimal sign",
    "Not a separator",
    "Not a kind of rows",
    "binary content",
    "other content",
    "an empty file",
    "an empty sheet",
    "a file with rows",
    "a sheet with rows",
    "no row that can be read",
    "no list of objects",
    "a JSON list, or an object on each line",
    "a Parquet file",
    "no ending",
    "a larger file",
    "a password",
    "a zip file without password",
    "a sound zip file",
    "File is not a zip file",
    "Compressed file ended before the end-of-stream marker was reached",
    "Not a gzipped file %(start)s",
    "There is no item named %(name)s in the archive",
    "CRC check failed %(sums)s",
    "a file",
    "delimited",
    "a workbook or zip file under another name",
    "an old workbook (.xls)",
    "a PDF",
    "a zip file with exports",
    "no file",
    "no records",
    "the whole row",
    "at most %(number)s MB",
    "at most %(number)s bytes",
    "at most %(number)s",
    "%(number)s bytes when unpacked",
    "more than %(number)s bytes out of %(total)s",
    "no column for %(columns)s",
    "see %(page)s",
    "Bad CRC-32 for file %(name)s",
    "name one in klantreis.toml: %(section)s, or have a mapping written by klantreis guess",
    "%(kind)s with columns %(columns)s; lacking: %(lacking)s",
    "%(kind)s with columns %(columns)s",
)
HOLE = re.compile(r"%\((\w+)\)s")
COUNTED = re.compile(r"([\d,]+) (\w+)")
NUMBER = re.compile(r"\d{1,3}(,\d{3})+|\d+")


def problem_told(words: Translator, parts: Sequence[str]) -> str:
    """A whole message in the reader's language.

    Args:
        parts: what, where, got, allowed and next step, as of `KlantreisError.parts`.
    """
    what, where, got, allowed, following = (part_told(words, part) for part in parts)
    told = what
    if where:
        told += f" ({where})"
    details = [
        words.text("got %(got)s", got=got) if got else "",
        words.text("allowed: %(allowed)s", allowed=allowed) if allowed else "",
    ]
    if any(details):
        told += ": " + "; ".join(filter(None, details))
    told += "" if told.endswith((".", "?", "!")) else "."
    return told + (f" {following[:1].upper()}{following[1:]}." if following else "")


def part_told(words: Translator, part: str) -> str:
    """One part of a message in the reader's language; what is not known stays as it is."""
    counted = COUNTED.fullmatch(part)
    if counted and counted[2] in UNITS:
        return words.units(int(counted[1].replace(",", "")), counted[2])
    for source, pattern in _patterns():
        found = pattern.fullmatch(part)
        if found:
            return words.problem(source, **dict(_values(words, found.groupdict().items())))
    return part


def _values(words: Translator, given: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    for name, value in given:
        is_number = NUMBER.fullmatch(value)
        yield (
            name,
            words.number(int(value.replace(",", ""))) if is_number else part_told(words, value),
        )


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each text with what fits it: what says more of its own first, so that it is found before a vaguer one."""
    known = sorted(sources_of("problem"), key=lambda text: (-len(HOLE.sub("", text)), text))
    return tuple((source, re.compile(_pattern(source), re.DOTALL)) for source in known)


def _pattern(source: str) -> str:
    pieces = HOLE.split(source.replace("%%", "%"))
    literal, names = pieces[::2], pieces[1::2]
    holes = [*(f"(?P<{name}>.+?)" for name in names), ""]
    return "".join(re.escape(text) + hole for text, hole in zip(literal, holes, strict=True))
