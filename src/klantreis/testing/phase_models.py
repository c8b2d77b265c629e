"""What every phase model must keep; for authors of phase models and for the built-in ones."""

from __future__ import annotations

from itertools import product
from typing import Any

import pyarrow as pa

from klantreis import registry
from klantreis.engine import connect
from klantreis.journeys.phase_models import PhaseModel, phase
from klantreis.journeys.touchpoints import role
from klantreis.tables import contract
from klantreis.tables.vocabulary import CHANNELS, EVENTS

__all__ = ["PhaseModelContract"]

STARTS = ("before", "contact", "glance", "purchase")  # roles with which a journey can start


class PhaseModelContract:
    """Derive a test class from it and give it your model; pytest does the rest.

    class TestMyModel(PhaseModelContract):
        model = MY_MODEL
    """

    model: PhaseModel

    def test_it_comes_in_by_the_door(self) -> None:
        """The model is registered under its own id."""
        assert registry.load("phase_models", self.model.id) == self.model

    def test_it_has_phases_in_an_order(self) -> None:
        """There are at least two phases, each with an id of its own."""
        ids = self.model.phase_ids
        assert len(ids) == len(set(ids)) >= 2

    def test_it_speaks_both_languages(self) -> None:
        """Names and descriptions are there in Dutch and in English."""
        texts = [self.model.name]
        for own in self.model.phases:
            texts += [own.name, own.description]
        assert all(text.get("nl") and text.get("en") for text in texts)

    def test_every_journey_begins_in_a_phase(self) -> None:
        """Whatever a journey starts with has a phase, so that no journey is without one."""
        without = [
            (row["event"], row["channel"])
            for row in self._phased()
            if row["position"] == 1
            and row["moment"] != "after"
            and row["role"] in STARTS
            and row["phase"] is None
        ]
        assert not without, without

    def test_every_phase_can_be_reached(self) -> None:
        """No phase is empty because of the rules before its own."""
        assert {row["phase"] for row in self._phased()} - {None} == set(self.model.phase_ids)

    def test_only_a_purchase_leads_beyond_the_purchase(self) -> None:
        """A phase of moments after a purchase is not reached before one: it would look like stopping there."""
        rows = self._phased()
        before = {row["phase"] for row in rows if row["moment"] != "after"} - {None}
        order = self.model.phase_ids
        bought = max(order.index(row["phase"]) for row in rows if row["moment"] == "purchase")
        assert all(order.index(name) <= bought for name in before)

    def _phased(self) -> list[dict[str, Any]]:
        """Every known touchpoint at every moment, with its phase."""
        moments = contract("steps").column("moment").allowed
        combinations = [
            {"event": event, "channel": channel, "moment": moment, "position": position}
            for event, channel, moment, position in product(EVENTS, CHANNELS, moments, (1, 2))
            if (event == "purchase") == (moment == "purchase")
        ]
        engine = connect("duckdb")
        try:
            steps = engine.table(pa.Table.from_pylist(combinations))
            phased = steps.mutate(
                role=role(steps["event"], steps["channel"]), phase=phase(self.model, steps)
            )
            rows: list[dict[str, Any]] = engine.fetch(phased).to_pylist()
        finally:
            engine.close()
        return rows
