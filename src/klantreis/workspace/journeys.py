"""The ways that journeys take: through channels, touchpoints or the phases of a model."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir

from klantreis import registry
from klantreis.errors import NotFoundError, message
from klantreis.journeys import (
    channel_paths,
    channel_stops,
    flow,
    phase_stops,
    touchpoint_stops,
    variants,
)
from klantreis.workspace.reading import Reading

__all__ = ["Journeys"]


class Journeys:
    """Counts the ways of the published journeys.

    Args:
        reading: the published tables.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def channel_paths(self, *, length: int = 6, customers: int = 100_000) -> list[dict[str, Any]]:
        """How often each way through the channels is taken; see `journeys.channel_paths`.

        Args:
            length: how many stops are told apart.
            customers: about how many customers are looked at when there are more.

        Returns:
            Rows with `path` (channels in order), `is_cut`, `outcome` and `journeys` (how many).

        Raises:
            WorkspaceError: nothing was published yet.
        """
        count = self._reading.table("customers").count().as_table()
        everyone = self._reading.fetch(count)[0][0].as_py()
        return self._reading.rows(
            channel_paths(
                self._reading.table("steps"),
                self._reading.table("journeys"),
                length=length,
                one_in=max(1, everyone // customers),
            )
        )

    def flow(self, by: str = "channel", *, levels: int = 5, most: int = 6) -> list[dict[str, Any]]:
        """How journeys go from stop to stop, unrolled step by step; see `journeys.flow`.

        Args:
            by: `channel`, `touchpoint`, or the id of a phase model.
            levels: how many steps are unrolled.
            most: how many stops keep their name on each step; the others are `rest` together.

        Returns:
            Rows with `step` (0 is from `start`), `source`, `target` and `journeys` (how many).

        Raises:
            NotFoundError: journeys cannot be told by this.
            WorkspaceError: nothing was published yet.
        """
        return self._reading.rows(
            flow(self._stops(by), self._reading.table("journeys"), levels=levels, most=most)
        )

    def variants(
        self, by: str = "channel", *, length: int = 6, most: int = 20
    ) -> list[dict[str, Any]]:
        """The ways that most journeys take, and how those end; see `journeys.variants`.

        Args:
            by: `channel`, `touchpoint`, or the id of a phase model.
            length: how many stops of a way are told apart.
            most: how many ways.

        Returns:
            Rows with `path` (stops in order), `is_cut`, `journeys`, and how many of these `bought`,
            `lapsed` and are `still_open`; the way taken most first.

        Raises:
            NotFoundError: journeys cannot be told by this.
            WorkspaceError: nothing was published yet.
        """
        stops, journeys = self._stops(by), self._reading.table("journeys")
        return self._reading.rows(variants(stops, journeys, length=length, most=most))

    def _stops(self, by: str) -> ir.Table:
        if by in ("channel", "touchpoint"):
            stops = channel_stops if by == "channel" else touchpoint_stops
            return stops(self._reading.table("steps"))
        if by in registry.names("phase_models"):
            return phase_stops(self._reading.table("phase_visits"), phase_model=by)
        raise NotFoundError(
            message(
                "Journeys cannot be told by this",
                got=repr(by),
                allowed=", ".join(("channel", "touchpoint", *registry.names("phase_models"))),
                next_step="take one of those",
            )
        )
