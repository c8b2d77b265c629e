"""Paths into JSON, as mappings write them: `billing.email`."""

from __future__ import annotations

import re

from klantreis.sources.reading.connection import literal

__all__ = ["IN_A_COLUMN", "OF_THE_DOCUMENT", "is_chosen", "json_path", "json_text"]

OF_THE_DOCUMENT = "$."
IN_A_COLUMN = "->"  # contexts->data.0.schema: within the JSON that a column of text holds
# custom_fields[id=360001].value: of a list, the element of which a key has a value; of
# $.included[id@metric.id].name the value is what the record itself says at `metric.id`.
CHOSEN = re.compile(
    r"^(?P<list>[^\[]+)\[(?P<key>[^=@]+)(?P<sign>[=@])(?P<value>[^\]]*)\](?:\.(?P<rest>.+))?$"
)


def json_path(name: str) -> str:
    """A path as DuckDB reads it; an empty name is the value itself, a number an element's place.

    >>> json_path("billing.email"), json_path("$.valid_from"), json_path("")
    ('$."billing"."email"', '$."valid_from"', '$')
    >>> json_path("categories.0.name")
    '$."categories"[0]."name"'
    """
    steps = name.removeprefix(OF_THE_DOCUMENT).split(".") if name else []
    return "$" + "".join(f"[{step}]" if step.isdecimal() else f'."{step}"' for step in steps)


def is_chosen(name: str) -> bool:
    """Whether a path chooses an element of a list by what one of its keys says."""
    return CHOSEN.match(name) is not None


def json_text(document: str, name: str, record: str = "") -> str:
    """SQL for what stands at a path of a JSON value, as text.

    Args:
        document: SQL for a value of type JSON.
        record: the same for what a chosen element is compared with; the document when empty.
    """
    step = CHOSEN.match(name)
    if not step:
        return f"json_extract_string({document}, {literal(json_path(name))})"
    wanted = step["value"].replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    key = f"(each ->> {literal(json_path(step['key']))})"
    is_it = f"{key} LIKE {literal(wanted.replace('*', '%'))} ESCAPE '\\'"
    if step["sign"] == "@":
        is_it = f"{key} = ({record or document} ->> {literal(json_path(step['value']))})"
    elements = f"json_extract({document}, {literal(json_path(step['list']) + '[*]')})"
    chosen = f"list_filter({elements}, lambda each: {is_it})[1]"
    if not step["rest"]:
        return f"({chosen})::VARCHAR"
    return f"({chosen} ->> {literal(json_path(step['rest']))})"
