"""How wide a text will be, so that labels are placed where they fit."""

from __future__ import annotations

__all__ = ["shortened", "text_width"]

# Advance widths of Inter semibold in hundredths of an em, from space to tilde.
_WIDTHS = (
    25, 33, 53, 65, 65, 101, 67, 33, 38, 38, 54, 68, 32, 47, 32, 38, 66, 43, 63, 64, 67, 62, 64,
    58, 64, 64, 32, 33, 68, 68, 68, 55, 100, 73, 66, 74, 73, 61, 59, 75, 75, 28, 58, 71, 57, 93,
    76, 77, 65, 78, 66, 65, 66, 74, 73, 102, 72, 72, 66, 38, 38, 38, 49, 47, 36, 58, 63, 59, 63,
    60, 39, 63, 62, 27, 27, 57, 27, 90, 62, 61, 63, 63, 40, 55, 36, 62, 59, 84, 57, 59, 57, 46,
    36, 46, 68,
)  # fmt: skip
_OTHER = 68  # accented letters, the euro sign, dashes: none is wider


def text_width(text: str, size: float) -> float:
    """Width in the unit of `size`; digits count as tabular figures.

    >>> text_width("00", 10) == text_width("11", 10)
    True
    """
    return sum(_advance(letter) for letter in text) * size / 100


def shortened(text: str, width: float, size: float) -> str:
    """The text, cut off with an ellipsis where it would be wider than `width`.

    >>> shortened("Klantenservice", 60, 12)
    'Klanten…'
    """
    if text_width(text, size) <= width:
        return text
    for length in range(len(text) - 1, 0, -1):
        candidate = text[:length].rstrip() + "…"
        if text_width(candidate, size) <= width:
            return candidate
    return ""


def _advance(letter: str) -> int:
    if letter.isdigit():
        return 67
    if letter == "…":
        return 96
    place = ord(letter) - 32
    return _WIDTHS[place] if 0 <= place < len(_WIDTHS) else _OTHER
