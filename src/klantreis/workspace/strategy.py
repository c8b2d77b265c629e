"""Identity and strategy through the Python object: `workspace.strategy`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from klantreis import value
from klantreis.errors import ConflictError, message
from klantreis.state import Draft, Drafts
from klantreis.value import StrategyText
from klantreis.workspace.drafting import Drafting, History

__all__ = ["STRATEGY_PARTS", "Strategy", "StrategyNow"]

STRATEGY_PARTS = value.STRATEGY_PARTS
STRATEGY = "value/strategy"


@dataclass(frozen=True)
class StrategyNow:
    """The texts as they are now, and the version in which they are so."""

    number: int
    texts: tuple[StrategyText, ...]

    def told(self, part: str) -> StrategyText:
        """One part; empty when nobody wrote it."""
        return next(one for one in self.texts if one.part == part)


class Strategy:
    """Keeps who we are and where we want to go: what people assume, with who and when.

    Args:
        drafts: where the texts are kept.
    """

    def __init__(self, drafts: Drafts) -> None:
        self._own = Drafting(drafts, STRATEGY)

    def read(self) -> StrategyNow:
        """The texts as they are now."""
        newest = self._own.newest
        return StrategyNow(newest.number, value.strategy_texts(newest.content))

    def write(self, texts: Mapping[str, str], *, seen: int, by: str) -> None:
        """Write one part or more.

        Args:
            texts: by part, one of `STRATEGY_PARTS`; parts that are not named stay.
            seen: number of the version that the writer has seen.
            by: who.

        Raises:
            NotFoundError: there is no such part.
            InputError: a text is too long.
            ConflictError: someone else wrote after that version; nothing is overwritten.
        """

        def written(newest: Draft, at: datetime) -> Mapping[str, object]:
            if newest.number != seen:
                raise ConflictError(
                    message(
                        "Someone else wrote in this meanwhile",
                        where=STRATEGY,
                        got=f"a change of version {seen}",
                        allowed=f"a change of version {newest.number}",
                        next_step="look at what stands there now and repeat the change",
                    )
                )
            content = newest.content
            for part, text in texts.items():
                new = StrategyText(part, text.strip(), by, at.isoformat())
                content = value.with_strategy_text(content, new)
            return content

        known = {one.part: one.text for one in self.read().texts}
        other = [part for part, text in texts.items() if text.strip() != known.get(part)]
        self._own.rewrite(written, "strategy_written", ", ".join(other), by)

    def history(self) -> History:
        """Who wrote when, and whether it can be taken back."""
        return self._own.history()

    def undo(self, *, seen: int, by: str) -> None:
        """Take the last change back; raises as `Drafting.undo`."""
        self._own.undo(seen=seen, by=by)

    def redo(self, *, seen: int, by: str) -> None:
        """Do again what was taken back last; raises as `Drafting.undo`."""
        self._own.redo(seen=seen, by=by)
