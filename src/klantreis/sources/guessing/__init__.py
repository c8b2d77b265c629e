"""Guesses from a file what a mapping has to say, with how sure that is and why."""

from __future__ import annotations

from klantreis.sources.guessing.archives import READABLE, safe_name, unpack
from klantreis.sources.guessing.guess import guess
from klantreis.sources.guessing.guesses import ColumnGuess, Guess, Why
from klantreis.sources.guessing.naming import concepts
from klantreis.sources.guessing.previewing import Preview, preview
from klantreis.sources.guessing.samples import Sample, sample_of
from klantreis.sources.guessing.shapes import SHAPES, Shape
from klantreis.sources.guessing.totals import NO_TOTALS
from klantreis.sources.guessing.writing import mapping_text

__all__ = [
    "NO_TOTALS",
    "READABLE",
    "SHAPES",
    "ColumnGuess",
    "Guess",
    "Preview",
    "Sample",
    "Shape",
    "Why",
    "concepts",
    "guess",
    "mapping_text",
    "preview",
    "safe_name",
    "sample_of",
    "unpack",
]
