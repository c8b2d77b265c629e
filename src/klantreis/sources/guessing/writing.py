"""From a guess to the text of a mapping file, ready to be read and changed by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from klantreis.sources.guessing.filling import Filling
from klantreis.sources.guessing.guesses import Guess
from klantreis.sources.guessing.tables import tables_of
from klantreis.sources.reading.mapping import ELEMENT

__all__ = ["mapping_text"]

BARE_KEY = re.compile(r"^[A-Za-z0-9_-]+$")


def mapping_text(guess: Guess) -> str:
    """The mapping file that a guess comes to, as TOML; see `docs/sources/mapping.md`."""
    return "\n".join(_lines(guess)) + "\n"


def _lines(guess: Guess) -> Iterator[str]:
    sample = guess.sample
    yield "# Guessed from the first part of a file; change what is not right."
    yield f"format = {_value(sample.form)}"
    if sample.form == "delimited":
        yield f"separator = {_value(sample.separator)}"
        if guess.decimal_sign:
            yield f"decimal = {_value(guess.decimal_sign)}"
    if sample.form in ("delimited", "excel") and sample.heading != 1:
        yield f"heading = {sample.heading}"
    if sample.records:
        yield f"records = {_value(sample.records)}"
    yield f"time_zone = {_value(guess.time_zone)}"
    if sample.form in ("delimited", "excel", "parquet"):
        used = list(dict.fromkeys(_read(one.column) for one in guess.columns if one.means))
        yield f"columns = {_value(used)}"
    if guess.row_is == "return":
        yield ""
        yield "[options]"
        yield 'orders_source = ""  # the source of the orders that came back; empty: this one'
    for name, table in tables_of(Filling(guess)):
        yield ""
        yield "[[table]]"
        yield f"table = {_value(name)}"
        for key, value in table.items():
            if key != "columns":
                yield f"{key} = {_value(value)}"
        yield "[table.columns]"
        for column, value in table["columns"].items():
            yield f"{column} = {_value(value)}"


def _read(column: str) -> str:
    """The column of the file that has to be read: of an element of a list that list."""
    return column.partition(ELEMENT)[0]


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case Mapping():
            return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
        case Sequence():
            return "[" + ", ".join(map(_value, value)) + "]"
    return str(value)


def _key(name: str) -> str:
    return name if BARE_KEY.match(name) else json.dumps(name, ensure_ascii=False)
