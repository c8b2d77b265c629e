"""The lists that ship with the simulation, read once."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["rows", "toml"]


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a list in `data/`, by column name."""
    text = files("klantreis.simulate").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines(), delimiter=";"))


@cache
def toml(name: str) -> dict[str, Any]:
    """A TOML file in `data/`."""
    text = files("klantreis.simulate").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
