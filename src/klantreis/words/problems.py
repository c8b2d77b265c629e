"""Why a file could not be taken in, in the reader's language.

Rooms below say it in English, in parts (`errors.message`). Each part that people meet when they bring
files in is looked up here, what it is about filled in again; whatever else stands there - a name, a
value, what a library says - stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from klantreis.words.translator import Translator
from klantreis.words.units import UNITS

__all__ = ["part_told", "problem_told"]


def text(source: str) -> str:
    """Mark a text for the catalogue."""
    return source


# The first that fits holds: what names more stands first.
TEXTS = (
    text("The file is not taken in"),
    text("The file was not taken in"),
    text("The file is still there in a zip file, and would be taken in again"),
    text("The file is still there, and would be taken in again"),
    text("take it out of the zip file, or the zip file out of exports/ first"),
    text("move it out of exports/ first"),
    text("put it back, and read it again"),
    text("a file that an import took in and nobody took back"),
    text("klantreis files DIR lists them all"),
    text("The file cannot be guessed"),
    text("The file cannot be read"),
    text("The file is empty"),
    text("The file is damaged"),
    text("One of the files is damaged"),
    text("The file is far larger than it looks"),
    text("The file is not here any more"),
    text("The file is not one that this source knows"),
    text("The zip file cannot be read"),
    text("The mapping is not complete"),
    text("The mapping is wrong"),
    text("The mapping cannot be read"),
    text("The mapping connector needs a mapping"),
    text("The name is in use for other exports"),
    text("Earlier exports of the source could not be read any more"),
    text("The export is not here any more as it was taken in"),
    text("No connector recognises the file"),
    text("Another import or run is at work"),
    text("Nothing was imported yet"),
    text("put exports in exports/<source>/ and run klantreis import"),
    text("There are no exports"),
    text("files in a folder for each source, as exports/shopify/orders.csv"),
    text("put them there and import again"),
    text("The machine refuses"),
    text("The program itself failed"),
    text("The process did not begin"),
    text("Not valid TOML"),
    text("Unknown section"),
    text("Not in a section"),
    text("Not a section"),
    text("Wrong kind of value"),
    text("There is no such line to repair"),
    text("There is no such column to repair"),
    text("There is no such field to repair"),
    text("There is no such element to repair"),
    text("Not in quarantine any more"),
    text("Not a value of this column"),
    text("The database was asked again since"),
    text("Not the address of a database"),
    text("A password stands in the mapping"),
    text("put the password in an environment variable, and its name in the address"),
    text("An environment variable is not set"),
    text("There is no such database file"),
    text("The driver of the database is not installed"),
    text("The database has no such column"),
    text("table %(name)s cannot be read"),
    text("query %(name)s cannot be read"),
    text("check address, rights and names of tables and columns"),
    text("%(address)s, relative to the workspace"),
    text("Not a new name for a column"),
    text("Not a name for a source"),
    text("Not a time zone"),
    text("Unknown time zone"),
    text("Unknown setting"),
    text("Not a possible value"),
    text("Only the mapping connector has a mapping"),
    text("write %(name)s, or leave it out"),
    text("leave it out: connector %(name)s does not have it"),
    text("leave it out: nothing reads it"),
    text("an IANA name such as 'Europe/Amsterdam'"),
    text("%(words)s; several with a comma between"),
    text("a text"),
    text("set it, or leave the mapping out"),
    text("Not an order of dates"),
    text("Not a decimal sign"),
    text("Not a separator"),
    text("Not a kind of rows"),
    text("Not a JSON document"),
    text("The document lacks the list with the records"),
    text("Several sheets of the workbook have the columns"),
    text("export it again, or name another list in the mapping"),
    text("save each sheet as a file of its own, or name one in a mapping: sheet = ..."),
    text("one sheet"),
    text("Not a Parquet file"),
    text("Not an Excel workbook"),
    text("Not an export of GA4"),
    text("binary content"),
    text("other content"),
    text("an empty file"),
    text("an empty sheet"),
    text("a file with rows"),
    text("a sheet with rows"),
    text("no row that can be read"),
    text("no list of objects"),
    text("a JSON list, or an object on each line"),
    text("CSV, Excel (.xlsx), JSON, JSON lines or Parquet"),
    text("a Parquet file"),
    text("no ending"),
    text("a larger file"),
    text("a password"),
    text("a zip file without password"),
    text("a sound zip file"),
    text("no file that can be read"),
    text("File is not a zip file"),
    text("Compressed file ended before the end-of-stream marker was reached"),
    text("Not a gzipped file %(start)s"),
    text("There is no item named %(name)s in the archive"),
    text("CRC check failed %(sums)s"),
    text("a file"),
    text("delimited"),
    text("the name that the connector knows, and another one of the exports"),
    text("small letters, digits, - and _, as webshop-orders"),
    text("a file that was brought at most a day ago and not taken in yet"),
    text("export it again"),
    text("export it again, or unpack it yourself"),
    text("unpack it yourself, if you trust it"),
    text("choose one"),
    text("bring it again"),
    text("say which column it is"),
    text("say what a row is"),
    text("rows of which is not said what they are"),
    text("give the source another name"),
    text("say what the columns are called now, or give the source another name"),
    text("choose another connector or adapt the mapping"),
    text("say what the columns are called now, or adapt the mapping"),
    text("a zip file in a zip file"),
    text("a workbook or zip file under another name"),
    text("an old workbook (.xls)"),
    text("a PDF"),
    text("a zip file with exports"),
    text("no file"),
    text("no records"),
    text("unpack it"),
    text("save it as .xlsx or CSV"),
    text("put it back, or repair it where it comes from and import again"),
    text("repair it in the export and import again"),
    text("repair the row where it is put aside anew, or in the database itself"),
    text("repair it where it comes from and export it again"),
    text("wait until it is done, or stop it"),
    text("the whole row"),
    text("at most %(number)s MB"),
    text("at most %(number)s bytes"),
    text("at most %(number)s"),
    text("%(number)s bytes when unpacked"),
    text("more than %(number)s bytes out of %(total)s"),
    text("no column for %(columns)s"),
    text("see %(page)s"),
    text("Bad CRC-32 for file %(name)s"),
    text("name one in klantreis.toml: %(section)s, or have a mapping written by klantreis guess"),
    text("%(kind)s with columns %(columns)s; lacking: %(lacking)s"),
    text("%(kind)s with columns %(columns)s"),
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
            return words.text(source, **dict(_values(words, found.groupdict().items())))
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
    return tuple((source, re.compile(_pattern(source), re.DOTALL)) for source in TEXTS)


def _pattern(source: str) -> str:
    pieces = HOLE.split(source)
    literal, names = pieces[::2], pieces[1::2]
    holes = [*(f"(?P<{name}>.+?)" for name in names), ""]
    return "".join(re.escape(text) + hole for text, hole in zip(literal, holes, strict=True))
