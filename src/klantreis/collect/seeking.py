"""Reads the record that somebody asks the customer of."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import msgspec

from klantreis.errors import InputError, message
from klantreis.workspace import SoughtRecord

__all__ = ["read_sought"]

TEXT_CHARACTERS = 500
COLUMNS = tuple(field.name for field in fields(SoughtRecord))


def read_sought(body: bytes) -> SoughtRecord:
    """Read the body of a call.

    Raises:
        InputError: it is no object with the columns of a record; says which, never the value.
    """
    try:
        content: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(message("The body is no JSON", got=str(error))) from error
    if not isinstance(content, dict):
        raise InputError(message("The body is no object", allowed='{"email": ..., ...}'))
    for name, value in content.items():
        if name not in COLUMNS:
            raise InputError(message("Unknown field", got=name[:50], allowed=", ".join(COLUMNS)))
        if isinstance(value, str) and len(value) > TEXT_CHARACTERS:
            raise InputError(
                message("Too long", where=name, allowed=f"{TEXT_CHARACTERS} characters")
            )
    try:
        return msgspec.convert(content, SoughtRecord)
    except msgspec.ValidationError as error:
        raise InputError(message("Not a record", got=str(error))) from error
