"""From the fields of a flow to TOML, as editors read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["flow_text"]

BARE = re.compile(r"[A-Za-z0-9_-]+")
ESCAPES = {"\\": "\\\\", "\b": "\\b", "\t": "\\t", "\f": "\\f", "\r": "\\r"}


def flow_text(raw: Mapping[str, Any]) -> str:
    """Write a flow as TOML: read again, it gives the same.

    Args:
        raw: texts, numbers, yes or no, lists of texts; tables of these, and `steps`, a list of
            tables.

    >>> print(flow_text({"name": "hello", "steps": [{"send": "hi", "service": True}]}), end="")
    name = "hello"
    <BLANKLINE>
    [[steps]]
    send = "hi"
    service = true
    """
    return "\n".join(_lines(raw, ())).strip("\n") + "\n"


def _lines(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    for name, value in table.items():
        if not isinstance(value, Mapping) and not _is_tables(value):
            yield f"{_key(name)} = {_value(value)}"
    for name, value in table.items():
        inside = (*path, name)
        where = ".".join(map(_key, inside))
        if isinstance(value, Mapping):
            if not value or any(not isinstance(one, Mapping) for one in value.values()):
                yield from ("", f"[{where}]")
            yield from _lines(value, inside)
        elif _is_tables(value):
            for one in value:
                yield from ("", f"[[{where}]]", *_lines(one, inside))


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) else _quoted(name)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, str):
        return _block(value) if "\n" in value else _quoted(value)
    return repr(value)


def _quoted(text: str) -> str:
    return '"' + _escaped(text).replace('"', '\\"').replace("\n", "\\n") + '"'


def _block(text: str) -> str:
    """A text of several lines as it reads; the line break behind the opening does not count."""
    inside = _escaped(text).replace('"""', '""\\"')
    if inside.endswith('"'):
        inside = inside[:-1] + '\\"'
    return f'"""\n{inside}"""'


def _escaped(text: str) -> str:
    return "".join(
        ESCAPES.get(sign) or (f"\\u{ord(sign):04x}" if _is_control(sign) else sign) for sign in text
    )


def _is_control(sign: str) -> bool:
    return (ord(sign) < 32 and sign != "\n") or ord(sign) == 127
