"""The colours of pages and drawings, and the test that decides which may lie on which.

The same values stand in `web/static/klantreis.css`; a test compares the two.
"""

from __future__ import annotations

__all__ = [
    "AMBER",
    "BRAND",
    "BRAND_SOFT",
    "CARD",
    "GROUND",
    "HEAT",
    "INK",
    "LINE",
    "MINT",
    "MUTED",
    "NEGATIVE",
    "OFFLINE",
    "POSITIVE",
    "ROSE",
    "SKY",
    "VIOLET",
    "contrast",
    "heat",
    "readable_on",
]

GROUND = "#f7f6f3"
CARD = "#ffffff"
INK = "#1f2a33"
MUTED = "#586572"
LINE = "#dfdcd4"
BRAND = "#1d5f5b"
BRAND_SOFT = "#c3d9d6"
OFFLINE = "#9a5b13"
POSITIVE = "#2b8a6e"
NEGATIVE = "#b4432f"
SKY = "#e8f0f8"
ROSE = "#faeae6"
MINT = "#e6f3ec"
AMBER = "#fbf1dc"
VIOLET = "#eeebf7"

# The middle tones, on which neither ink nor white reaches 4.5 : 1, are left out on purpose.
HEAT = ("#f1f5f3", "#dceae7", "#c0d9d5", "#a0c5c0", "#86b4ae", "#2f736e", "#1d5f5b", "#12443f")


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours as WCAG 2.2 defines it, from 1 to 21.

    >>> round(contrast("#ffffff", "#000000"))
    21
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(ground: str) -> str:
    """Ink or white, whichever reads better on this ground."""
    return max((INK, CARD), key=lambda colour: contrast(colour, ground))


def heat(value: float, highest: float) -> str:
    """The tone for a value; by square root, so that small counts still differ to the eye."""
    if value <= 0 or highest <= 0:
        return HEAT[0]
    share = min(1.0, (value / highest) ** 0.5)
    return HEAT[min(len(HEAT) - 1, 1 + int(share * (len(HEAT) - 1)))]


def _luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
