"""Which journey map, and what stands on it."""

from __future__ import annotations

from dataclasses import dataclass

from klantreis.maps import Cards
from klantreis.state import Draft

__all__ = ["VARIANTS", "MapPlace", "ReadMap"]

VARIANTS = ("as_is", "to_be")


@dataclass(frozen=True)
class MapPlace:
    """Which map: of which customers, in which phase model, as it is or as it is to be."""

    subject: str
    model: str
    variant: str = "as_is"

    @property
    def draft(self) -> str:
        return f"map/{self.subject}/{self.model}/{self.variant}"


@dataclass(frozen=True)
class ReadMap:
    """The designed lanes of a map as they are now.

    Attributes:
        place: which map.
        number: of the version.
        cards: in order.
        can_undo, can_redo: whether there is something to take back, or to do again.
        versions: all, oldest first, without contents.
    """

    place: MapPlace
    number: int
    cards: Cards
    can_undo: bool
    can_redo: bool
    versions: tuple[Draft, ...]
