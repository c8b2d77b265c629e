"""A workspace that grows by small imports holds what a run over everything makes."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from klantreis import Workspace
from klantreis.pipeline import STEPS
from klantreis.runner import Run, layers
from klantreis.simulate import Plan, simulate
from klantreis.tables import contract
from tests.brief import BRIEFLY
from tests.length import at_length

TABLES = (
    "timeline", "portraits", "customer_channels", "steps", "journeys", "phase_visits",
    "joined_occasions",
)  # fmt: skip
MADE = (*BRIEFLY, *(step for step in STEPS if step.name in TABLES and step not in BRIEFLY))


def run(shop: Workspace, *, afresh: bool = False) -> None:
    now = datetime(2040, 1, 1)
    make = shop._connect
    Run(make, shop.state, shop.store, shop.settings, now, steps=MADE, afresh=afresh).complete()


def rows(shop: Workspace) -> dict[str, list[dict[str, Any]]]:
    return {name: shop.rows(shop.table(name).order_by(contract(name).key)) for name in TABLES}


@at_length
def test_a_shop_that_grows_by_late_days_holds_what_a_run_over_everything_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "ROWS_WORTH_A_LAYER", 0)
    folder, aside = tmp_path / "shop", tmp_path / "aside"
    simulate(folder, Plan(customers=400))
    aside.mkdir()
    days = sorted((folder / "exports" / "ga4").iterdir())
    # Days in the middle come late, and tie cookies to accounts; the last ones move the clock.
    late = [days[len(days) // 2 : len(days) // 2 + 1], days[-2:-1], days[-1:]]
    for day in (day for some in late for day in some):
        shutil.move(day, aside / day.name)
    with Workspace.open(folder) as shop:
        shop.import_exports()
        run(shop)
        for some in late:
            for day in some:
                shutil.move(aside / day.name, day)
            shop.import_exports()
            run(shop)
        published = shop.published
        assert published is not None
        for name in TABLES:
            assert any("came" in file for file in published.tables[name].files), name
        grown = rows(shop)
        run(shop, afresh=True)
        whole = rows(shop)
    for name in TABLES:
        assert grown[name] == whole[name], name
