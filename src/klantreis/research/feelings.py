"""What is known of how feelings are told: terms of shoppers, a lexicon, and assumed values."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa

__all__ = ["Feelings", "feelings", "lexicon"]

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Feelings:
    """The content of `feelings.toml`; words by language.

    Attributes:
        terms: value on -2 to +2, and its words.
        negations, small_words, courtesies: see the file.
        behaviour: assumed value of an event.
    """

    terms: tuple[tuple[float, Mapping[str, tuple[str, ...]]], ...]
    negations: Mapping[str, tuple[str, ...]]
    small_words: Mapping[str, tuple[str, ...]]
    courtesies: Mapping[str, tuple[str, ...]]
    behaviour: Mapping[str, float]


@cache
def feelings() -> Feelings:
    """Read `feelings.toml`."""
    raw = tomllib.loads((FOLDER / "feelings.toml").read_text(encoding="utf-8"))
    terms = tuple((part.pop("value"), part) for part in raw["terms"])
    return Feelings(
        terms, raw["negations"], raw["small_words"], raw["courtesies"], raw["behaviour"]
    )


@cache
def lexicon() -> pa.Table:
    """The lexicon: `word_language`, `word`, and `polarity` from -1 to 1."""
    with (FOLDER / "lexicon.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return pa.table(
        {
            "word_language": [row["language"] for row in rows],
            "word": [row["word"] for row in rows],
            "polarity": [float(row["polarity"]) for row in rows],
        }
    )
