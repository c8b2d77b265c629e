"""Survey: one row for each respondent, one column for each question."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.reading import MappedSource

__all__ = ["source"]

source = MappedSource("survey", Path(__file__).with_name("survey.toml"))
