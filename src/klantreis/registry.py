"""Every plug-in point of the product; the built-ins come in by the same door as yours.

A plug-in is an entry point in one of the groups below. An object is checked against its group's
check when it is loaded, so that a faulty plug-in is named at once instead of failing later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from klantreis.errors import InputError, NotFoundError, message

__all__ = ["GROUPS", "Group", "load", "load_all", "names"]


@dataclass(frozen=True)
class Group:
    """One plug-in point: an entry-point group and what its members must have."""

    name: str
    meaning: str
    attributes: tuple[str, ...]

    @property
    def entry_point_group(self) -> str:
        return f"klantreis.{self.name}"


GROUPS: Mapping[str, Group] = {
    group.name: group
    for group in (
        Group("engines", "where tables live and are computed", ("name", "read", "write")),
        Group("sources", "a reader for one system's exports", ("name", "recognise", "read")),
        Group("phase_models", "stages of the customer journey", ("id", "phases")),
        Group(
            "joined_measures",
            "a measure over several sources, taken of occasions",
            ("meaning", "occasions", "parts"),
        ),
    )
}


@cache
def _entry_points(group: str) -> Mapping[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUPS[group].entry_point_group)}


def names(group: str) -> tuple[str, ...]:
    """The names registered in a group, in alphabetical order."""
    return tuple(sorted(_entry_points(group)))


def load(group: str, name: str) -> Any:
    """Load one plug-in and check that it has what its group asks.

    Raises:
        NotFoundError: no plug-in of that name is registered.
        InputError: it lacks an attribute that the group asks for.
    """
    points = _entry_points(group)
    if name not in points:
        raise NotFoundError(
            message(
                f"Unknown name in plug-in group {group}",
                got=repr(name),
                allowed=", ".join(names(group)) or "nothing is registered",
                next_step="install the package that brings it",
            )
        )
    return _checked(GROUPS[group], name, points[name].load)


def load_all(group: str) -> dict[str, Any]:
    """Load every plug-in of a group, by name."""
    return {name: load(group, name) for name in names(group)}


def _checked(group: Group, name: str, loader: Callable[[], Any]) -> Any:
    plugin = loader()
    lacking = [attribute for attribute in group.attributes if not hasattr(plugin, attribute)]
    if lacking:
        raise InputError(
            message(
                f"Plug-in {name!r} of group {group.name} is incomplete",
                got=f"no {', '.join(lacking)}",
                allowed=f"an object with {', '.join(group.attributes)}",
                next_step="correct the plug-in's package",
            )
        )
    return plugin
