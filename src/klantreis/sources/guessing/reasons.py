"""Why a column was taken for what it means."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.sources.guessing.guesses import ColumnGuess, Why
from klantreis.sources.guessing.kinds import FITTING, NEARLY_ALL, Kinds
from klantreis.sources.guessing.naming import concepts, name_likeness
from klantreis.sources.guessing.shapes import Shape

__all__ = ["column_guess"]

SAID = "said"


def column_guess(
    name: str,
    kinds: Kinds,
    means: str,
    sureness: float,
    shape: Shape | None,
    said: Mapping[str, str],
) -> ColumnGuess:
    """What a column was taken for, with what of ours it fills and why.

    Args:
        kinds: of its values.
        means: empty when it is not used.
        shape: what a row is; it says what a meaning fills.
        said: what somebody said of columns.
    """
    target = shape.targets[means] if shape and means else ""
    return ColumnGuess(
        name, means, target, sureness, _why(name, kinds, means, said), kinds.examples
    )


def _why(name: str, kinds: Kinds, means: str, said: Mapping[str, str]) -> Why:
    kind, share = _told_by_values(kinds, means)
    if name in said:
        return Why(SAID, kind, kinds.looked_at, share)
    if not means:
        return Why("nothing", kind, kinds.looked_at, share)
    if not name_likeness(name, concepts()[means]):
        return Why("values", kind, kinds.looked_at, share)
    return Why("name_and_values" if share >= FITTING else "name", kind, kinds.looked_at, share)


def _told_by_values(kinds: Kinds, means: str) -> tuple[str, float]:
    """The kind of values that tells most, and the part of them that is of it."""
    wanted = concepts()[means].values if means else ()
    if means == "postcode" and kinds.share("dutch_postcode") >= NEARLY_ALL:
        return "dutch_postcode", kinds.share("dutch_postcode")
    telling = [kind for kind in wanted if kinds.share(kind) >= FITTING]
    if not telling and not means:
        telling = [
            kind
            for kind in ("email", "phone", "dutch_postcode", "moment", "url", "decimal", "whole")
            if kinds.share(kind) >= NEARLY_ALL
        ]
    return (telling[0], kinds.share(telling[0])) if telling else ("", 0.0)
