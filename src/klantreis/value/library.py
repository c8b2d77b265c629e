"""The library of retail measures: what each means, read from `measures.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from klantreis.errors import NotFoundError, message

__all__ = ["MeasureMeaning", "library", "measure_meaning"]

FILE = Path(__file__).with_name("measures.toml")


@dataclass(frozen=True)
class MeasureMeaning:
    """What a measure means.

    Attributes:
        id: code.
        phase: of See-Think-Do-Care.
        unit: `number`, `share`, `money`, `days` or `score`.
        better: `up` or `down`.
        evidence: `measured`, or `asked` of customers.
        name, definition: by language.
        formula: in words and names of events.
        lacks: what must come in before it can be taken, by language; empty when it can be.
    """

    id: str
    phase: str
    unit: str
    better: str
    evidence: str
    name: Mapping[str, str]
    definition: Mapping[str, str]
    formula: str
    lacks: Mapping[str, str]


@cache
def library() -> tuple[MeasureMeaning, ...]:
    """All measures, in the order of the journey."""
    raw = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(
        MeasureMeaning(
            id=name,
            phase=part["phase"],
            unit=part["unit"],
            better=part["better"],
            evidence=part.get("evidence", "measured"),
            name=part["name"],
            definition=part["definition"],
            formula=part["formula"],
            lacks=part.get("lacks", {}),
        )
        for name, part in raw.items()
    )


def measure_meaning(name: str) -> MeasureMeaning:
    """One measure.

    Raises:
        NotFoundError: the library does not have it.
    """
    found = next((one for one in library() if one.id == name), None)
    if found is None:
        allowed = ", ".join(one.id for one in library())
        raise NotFoundError(message("Unknown measure", got=repr(name), allowed=allowed))
    return found
