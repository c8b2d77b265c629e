"""Reading texts set by set: plain words, the language, and how often words and phrases occur.

Texts are lower case with two spaces between words, so that each word has a space of its own before
and behind it: phrases can be counted one after the other in any engine's regular expressions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import ibis
import ibis.expr.types as ir

__all__ = ["LANGUAGES", "count_of", "language_of", "pattern", "plain"]

LANGUAGES = ("nl", "en")
# The commonest words of each language that the other does not have.
COMMON: Mapping[str, tuple[str, ...]] = {
    "nl": ("de", "het", "een", "ik", "niet", "en", "van", "mijn", "op", "te", "dat", "met", "voor"),
    "en": ("the", "a", "i", "not", "and", "of", "my", "on", "to", "that", "with", "for", "you"),
}
NO_LETTERS = "[^a-z0-9à-ÿ'*_-]+"


def plain(text: ir.StringValue) -> ir.StringValue:
    """A text as its words, with a full stop at both ends."""
    words = text.lower().replace("*", " ").replace("_", " ").re_replace(NO_LETTERS, "  ")
    return ibis.literal(" .  ") + words + ibis.literal("  . ")


def pattern(keywords: Iterable[str]) -> str:
    """A regular expression that finds any of the words and phrases in a plain text.

    >>> pattern(["lever*", "geld terug"])
    ' geld  terug | lever[^ ]* '
    """
    # The longest first, so that a phrase is found before a word of it.
    ordered = sorted(set(keywords), key=lambda keyword: (-len(keyword), keyword))
    return "|".join(f" {'  '.join(_word(word) for word in key.split())} " for key in ordered)


def _word(word: str) -> str:
    return "[^ ]*".join(re.escape(part).replace("\\-", "-") for part in word.split("*"))


def count_of(plain_text: ir.StringValue, found_by: str) -> ir.IntegerValue:
    """How often a pattern occurs in a plain text."""
    return plain_text.re_split(found_by).length() - 1


def language_of(stated: ir.StringValue, plain_text: ir.StringValue) -> ir.StringValue:
    """The language as stated, else the one whose common words occur most; Dutch when equal."""
    dutch = count_of(plain_text, pattern(COMMON["nl"]))
    english = count_of(plain_text, pattern(COMMON["en"]))
    guessed = ibis.ifelse(english > dutch, "en", "nl")
    return ibis.ifelse(stated.isin(LANGUAGES).fill_null(False), stated, guessed)
