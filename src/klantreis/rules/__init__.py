"""The condition language that segments, triggers and audiences share; see docs/rules.md."""

from klantreis.rules.compiling import TABLES_READ, matching
from klantreis.rules.evaluating import Facts, Moment, holds
from klantreis.rules.reading import parse
from klantreis.rules.syntax import (
    And,
    Column,
    Compare,
    Consent,
    Did,
    Flag,
    Has,
    InAudience,
    InSegment,
    Known,
    Measure,
    Not,
    Or,
    Rule,
    Window,
    Within,
    parts_of,
    text_of,
)
from klantreis.rules.vocabulary import COLUMNS, COUNTED, LISTS, MEASURES

__all__ = [
    "COLUMNS",
    "COUNTED",
    "LISTS",
    "MEASURES",
    "TABLES_READ",
    "And",
    "Column",
    "Compare",
    "Consent",
    "Did",
    "Facts",
    "Flag",
    "Has",
    "InAudience",
    "InSegment",
    "Known",
    "Measure",
    "Moment",
    "Not",
    "Or",
    "Rule",
    "Window",
    "Within",
    "holds",
    "matching",
    "parse",
    "parts_of",
    "text_of",
]
