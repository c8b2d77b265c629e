from __future__ import annotations

from datetime import date
from pathlib import Path

from starlette.testclient import TestClient

from klantreis.state import CampaignEntry, LogLine
from klantreis.web import create_app
from klantreis.workspace import MapPlace, PlannedAction, Workspace
from tests.web.shop import AS_OF, make_workspace


def test_nothing_is_done_before_the_first_run(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "shop") as shop:
        assert not any(stage.is_done for stage in shop.loop.stages())
        assert shop.loop.next().code == "gather"


def test_what_comes_next_follows_from_what_people_did(tmp_path: Path) -> None:
    shop = make_workspace(tmp_path / "shop", customers=60)
    assert shop.loop.next().code == "personas"
    shop.personas.edit("stock", "quote", "Is het er?", language="nl", by="Ann")
    assert shop.loop.next().code == "map"
    shop.maps.add(MapPlace("all", "see_think_do_care"), "pain", "see", "Te laat", by="Ann")
    assert shop.loop.next().code == "plan"
    action = PlannedAction("", "Bel", "Ann", date(2026, 2, 1), date(2026, 2, 9))
    shop.plan.add(action, by="Ann")
    assert shop.loop.next().code == "campaign"
    shop.campaigns.start("win_back", by="Ann")
    assert shop.loop.next().code == "effect"
    _decide(shop, 1, "sent")
    assert shop.loop.next().code == "effect"  # nobody to compare with yet
    _decide(shop, 2, "held_out")
    assert shop.loop.next().code == "cycle"
    assert [stage.count for stage in shop.loop.stages()][2:] == [2, 1, 1, 1, 1, 0]
    shop.plan.start_cycle(date(2026, 3, 1), by="Ann")
    assert shop.loop.next().code == "plan"
    shop.close()


def test_the_overview_keeps_its_numbers_and_renews_the_loop(tmp_path: Path) -> None:
    with make_workspace(tmp_path / "shop", customers=60) as shop:
        client = TestClient(create_app(shop, is_open=True))
        before = client.get("/overview.json").json()
        shop.personas.edit("stock", "quote", "Is het er?", language="nl", by="Ann")
        after = client.get("/overview.json").json()
        assert [one["code"] for one in before["loop"] if one["is_next"]] == ["personas"]
        assert [one["code"] for one in after["loop"] if one["is_next"]] == ["map"]
        assert {**before, "loop": ()} == {**after, "loop": ()}


def _decide(shop: Workspace, customer_id: int, action: str) -> None:
    entry = CampaignEntry("win_back", customer_id, AS_OF, 1, AS_OF, "active", "")
    line = LogLine("win_back", customer_id, AS_OF, 0, action, "", "missed", AS_OF)
    assert shop.state.campaigns.decided(entry, [line], [])
