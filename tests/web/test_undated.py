"""Pages of a shop of which the day of many purchases is not known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import ibis
import pytest
from starlette.testclient import TestClient

from klantreis.web import create_app
from klantreis.workspace import Workspace
from tests.rows import rows_of
from tests.web.shop import AS_OF, make_workspace
from tests.web.test_worth import _publish


@pytest.fixture(scope="module")
def buyer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, Any]]:
    """Pages of a shop in which one buyer has 19 purchases more, without a day."""
    folder: Path = tmp_path_factory.mktemp("undated")
    with make_workspace(folder / "shop", customers=40) as workspace:
        row = _with_totals(workspace)
        with TestClient(create_app(workspace, is_open=True)) as client:
            yield client, row


def _with_totals(workspace: Workspace) -> Any:
    portraits, rfm = workspace.table("portraits"), workspace.table("rfm")
    active = portraits.semi_join(rfm.filter(rfm["frequency"] > 0), "customer_id")
    buyers = active.filter(active["orders"] == 2).order_by("customer_id").limit(1)
    (row,) = workspace.rows(buyers)
    row["all_orders_store"] = int(
        workspace.rows(portraits.agg(n=portraits["orders_store"].sum()))[0]["n"]
    )
    mine = portraits["customer_id"] == row["customer_id"]
    total = {
        "customer_id": row["customer_id"],
        "channel": "store",
        "orders": 19,
        "amount": 950,
        "last_ordered_at": AS_OF - timedelta(days=20),
    }
    _publish(
        workspace,
        undated_purchases=rows_of("undated_purchases", [total]),
        portraits=portraits.mutate(
            orders=ibis.ifelse(mine, 21, portraits["orders"]),
            orders_store=portraits["orders_store"] + ibis.ifelse(mine, 19, 0),
            undated_orders=ibis.ifelse(mine, 19, 0),
        ),
    )
    return row


def test_a_portrait_tells_of_how_many_purchases_the_day_is_known(
    buyer: tuple[httpx.Client, Any],
) -> None:
    client, row = buyer
    address = f"/customers/{row['customer_id']}"
    assert "21 purchases, of which the day is known of 2," in client.get(f"{address}?lang=en").text
    assert "21 aankopen, waarvan van 2 de dag bekend is," in client.get(f"{address}?lang=nl").text
    page = client.get(f"{address}.json").json()
    assert page["when"]["order_interval_variation"]["evidence"]["n"] == 2
    assert page["when"]["days_between_orders"]["evidence"]["n"] == 21
    others = client.get(f"/customers/{row['customer_id'] % 40 + 1}?lang=en").text
    assert "of which the day is known" not in others


def test_segments_tell_of_how_many_the_scores_rest_on_totals(
    buyer: tuple[httpx.Client, Any], client: httpx.Client
) -> None:
    assert buyer[0].get("/segments.json").json()["on_totals"] == 1
    html = buyer[0].get("/segments?lang=en").text
    assert "Of 1 customer frequency and money rest partly on totals" in html
    assert "rest partly on totals" not in client.get("/segments?lang=en").text


def test_overview_and_worth_tell_what_has_no_day(
    buyer: tuple[httpx.Client, Any], client: httpx.Client
) -> None:
    assert "Another 19 purchases (€950)" in buyer[0].get("/?lang=en").text
    assert "are only known as totals" not in client.get("/?lang=en").text
    assert "Of this, €950 is of purchases" in buyer[0].get("/worth?lang=en").text
    assert "is of purchases of which the day" not in client.get("/worth?lang=en").text


def test_what_came_before_a_store_purchase_is_told_of_those_with_a_day(
    buyer: tuple[httpx.Client, Any],
) -> None:
    page, row = buyer[0].get("/overview.json").json(), buyer[1]
    told = [*page["findings"], *page["untold"]]
    (finding,) = [one for one in told if one["code"] == "research_online"]
    assert finding["figure"]["evidence"]["n"] == row["all_orders_store"]
