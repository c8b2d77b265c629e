"""A face for a persona: Open Peeps (Pablo Stanley, CC0) by DiceBear, from variants that suit."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["FACES", "face"]

FACES = 8  # to choose from; number 0 is the one that a persona begins with

# No masks, no monsters, no anger, no bared teeth: a persona is somebody to design for.
EXPRESSIONS = ("smile", "calm", "cute")
HEADS = {
    ("female", "young"): ("bun", "long", "mediumStraight", "longBangs", "hijab", "buns"),
    ("female", "middle"): ("medium1", "medium2", "bangs", "mediumBangs", "bun2", "longCurly"),
    ("female", "old"): ("grayBun", "grayMedium", "grayShort"),
    ("male", "young"): ("short1", "short2", "pomp", "flatTop", "twists"),
    ("male", "middle"): ("short3", "short4", "short5", "shaved1", "shaved2"),
    ("male", "old"): ("grayShort", "noHair1", "noHair2"),
}
BEARDS = ("chin", "full", "goatee1", "moustache1")
GLASSES = ("glasses", "glasses2", "glasses3")
SKINS = ("#ffdbb4", "#edb98a", "#d08b5b", "#ae5d29")
CLOTHES = ("#8fa7df", "#9ddadb", "#ffcf77", "#e78276", "#78e185")


def face(persona_id: str, *, gender: str, age: float | None, number: int = 0) -> str:
    """Draw the face; the same persona always has the same one.

    Args:
        persona_id: decides which of the fitting variants are taken.
        gender: of most members; anything but `male` and `female` is drawn as either.
        age: of the members, in years; empty draws the middle of life.
        number: which of the `FACES` that go with it.

    Returns:
        SVG text without a size of its own beyond its `viewBox`.
    """
    from dicebear import Avatar

    seed = f"{persona_id}:{number}" if number else persona_id
    part = "middle" if age is None else "young" if age < 35 else "old" if age >= 60 else "middle"
    own = gender if gender in ("male", "female") else ("female", "male")[_draw(seed, "g", 2)]
    options: dict[str, Any] = {
        "seed": seed,
        "headVariant": [_pick(seed, "head", HEADS[own, part])],
        "expressionVariant": [_pick(seed, "expression", EXPRESSIONS)],
        "skinColor": [_pick(seed, "skin", SKINS)],
        "clothingColor": [_pick(seed, "clothes", CLOTHES)],
        "maskProbability": 0,
        "accessoriesVariant": [_pick(seed, "glasses", GLASSES)],
        "accessoriesProbability": 100 if _draw(seed, "wears", 3) == 0 else 0,
        "facialHairVariant": [_pick(seed, "beard", BEARDS)],
        "facialHairProbability": 100 if own == "male" and _draw(seed, "beard", 2) else 0,
    }
    drawn = Avatar(_style(), options).to_string()
    return re.sub(r"<!--.*?-->|<metadata.*?</metadata>", "", drawn, flags=re.DOTALL)


def _pick(persona_id: str, part: str, choices: tuple[str, ...]) -> str:
    return choices[_draw(persona_id, part, len(choices))]


def _draw(persona_id: str, part: str, most: int) -> int:
    digest = hashlib.sha256(f"{persona_id}:{part}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % most


@cache
def _style() -> Any:
    from dicebear import Style

    file = files("dicebear_styles").joinpath("open-peeps.json")
    return Style(json.loads(file.read_text(encoding="utf-8")))
