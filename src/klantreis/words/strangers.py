"""What to say of a name in a rule that nobody has."""

from __future__ import annotations

from collections.abc import Sequence

from klantreis.words.translator import LOCALES, Translator, translator

__all__ = ["nobody_has"]

SHOWN = 5


def nobody_has(words: Translator, asked: str, kind: str, name: str, known: Sequence[str]) -> str:
    """One sentence or two: what nobody has, and what there is.

    Args:
        asked: the part of the rule, as `segment('kampioenen')`.
        kind: of name, as `segment`.
        name: as it was asked for; perhaps what pages call it, in either language.
        known: the names that there are, those that are most alike first.
    """
    if not known:
        return words.text(
            "Nobody has %(asked)s: there are no such names in the data yet.", asked=asked
        )
    meant = [one for one in known if name.casefold() in _called(kind, one)]
    shown = list(dict.fromkeys([*meant, *known]))[:SHOWN]
    return words.text(
        "Nobody has %(asked)s: that name is not in the data. There is: %(names)s.",
        asked=asked,
        names=", ".join(_told(words, kind, one) for one in shown),
    )


def _called(kind: str, name: str) -> set[str]:
    """What pages call a name, in all languages."""
    if kind != "segment":
        return set()
    return {translator(one).segment(name).casefold() for one in LOCALES}


def _told(words: Translator, kind: str, name: str) -> str:
    label = words.segment(name) if kind == "segment" else name
    return f"'{name}'" if label in (name, name.replace("_", " ")) else f"'{name}' ({label})"
