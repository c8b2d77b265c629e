"""A small simulated shop that all tests of the simulation read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from klantreis.simulate import Plan, simulate
from tests.simulate.reading import json_lines


@pytest.fixture(scope="session")
def plan() -> Plan:
    return Plan(customers=1_500, seed=11)


@pytest.fixture(scope="session")
def folder(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop's workspace folder. Do not change it."""
    folder = tmp_path_factory.mktemp("simulated") / "shop"
    simulate(folder, plan)
    return folder


@pytest.fixture(scope="session")
def web_events(folder: Path) -> list[dict[str, Any]]:
    """All events of webshop and app."""
    return json_lines(folder, "ga4/*.json.gz")
