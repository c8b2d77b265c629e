"""Words and numbers in the reader's language: catalogues, formats and what a number rests on."""

from __future__ import annotations

from klantreis.words.evidence import Evidence, Figure
from klantreis.words.translator import LOCALES, Translator, translator

__all__ = ["LOCALES", "Evidence", "Figure", "Translator", "translator"]
