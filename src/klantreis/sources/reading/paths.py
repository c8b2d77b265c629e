"""Paths into JSON, as mappings write them: `billing.email`."""

from __future__ import annotations

__all__ = ["OF_THE_DOCUMENT", "json_path"]

OF_THE_DOCUMENT = "$."


def json_path(name: str) -> str:
    """A path as DuckDB reads it; an empty name is the value itself, a number an element's place.

    >>> json_path("billing.email"), json_path("$.valid_from"), json_path("")
    ('$."billing"."email"', '$."valid_from"', '$')
    >>> json_path("categories.0.name")
    '$."categories"[0]."name"'
    """
    steps = name.removeprefix(OF_THE_DOCUMENT).split(".") if name else []
    return "$" + "".join(f"[{step}]" if step.isdecimal() else f'."{step}"' for step in steps)
