from __future__ import annotations

import re
from pathlib import Path

import httpx
import ibis
import ibis.expr.types as ir
import pytest
from starlette.testclient import TestClient

from klantreis.engine import connect
from klantreis.state import TableVersion
from klantreis.tables import TABLES
from klantreis.web import create_app
from klantreis.web.pages.worth.context import Expected
from klantreis.workspace import Workspace
from tests.web.shop import AS_OF, make_workspace


def test_a_portrait_sets_the_expected_value_beside_the_measured_one(client: httpx.Client) -> None:
    page = client.get("/customers/1.json").json()
    later = page["expectation"]
    assert later["model"] == "mbg_nbd"
    assert later["low"] <= later["amount"] <= later["high"]
    html = client.get("/customers/1?lang=en").text
    worth = html[html.index('id="worth"') : html.index('id="what"')]
    assert "measured" in worth
    assert "foretold" in worth
    assert "tested on 182 days" in worth


def test_the_page_of_worth_tells_what_it_rests_on(client: httpx.Client) -> None:
    page = client.get("/worth.json").json()
    assert (page["model"], page["reason"]) == ("mbg_nbd", "best")
    assert page["scores"][0]["is_used"]
    assert page["scores"][0]["brier"] < 1
    groups = page["groups"]
    assert sum(g["expected_amount"] for g in groups) == pytest.approx(page["expected"]["amount"])
    best = page["best"]
    assert [b["expected_amount"] for b in best] == sorted(
        (b["expected_amount"] for b in best), reverse=True
    )


def test_python_and_the_page_say_the_same(shop: Workspace, client: httpx.Client) -> None:
    page = client.get("/worth.json").json()
    totals = shop.worth.totals()
    assert totals.expected_amount == pytest.approx(page["expected"]["amount"])
    assert [one.customer_id for one in shop.worth.best(3)] == [
        one["customer_id"] for one in page["best"][:3]
    ]
    assert shop.worth.of(9999) is None
    assert shop.worth.verdict().is_model
    assert len(shop.worth.checks("lift")) == 10


def test_where_nothing_is_foretold_the_pages_say_so(tmp_path: Path) -> None:
    with make_workspace(tmp_path / "shop", customers=12) as workspace:
        _foretell_nothing(workspace)
        assert workspace.worth.verdict().reason == "too_short"
        with TestClient(create_app(workspace, is_open=True)) as client:
            page = client.get("/worth.json").json()
            assert page["expected"]["amount"] is None
            assert page["cumulative"] == []
            html = client.get("/worth?lang=en").text
            assert "That cannot be told yet" in html
            assert "too short to foretell anything" in client.get("/customers/1?lang=en").text


def test_where_revenue_fell_short_the_pages_promise_purchases_and_no_money(tmp_path: Path) -> None:
    with make_workspace(tmp_path / "shop", customers=60) as workspace:
        _publish(workspace, value_checks=_revenue_too_low(workspace))
        verdict = workspace.worth.verdict()
        assert verdict.use == "ranking"
        assert verdict.revenue is not None
        assert verdict.revenue.gap == pytest.approx(-0.3)
        with TestClient(create_app(workspace, is_open=True)) as client:
            page = client.get("/worth.json").json()
            assert (page["use"], page["revenue"]["outcome"]) == ("ranking", "too_low")
            html = client.get("/worth?lang=en").text
            headline = html[html.index("<h1>") : html.index("</h1>")]
            assert "for how much cannot be told well" in headline
            assert "€" not in headline
            assert "Revenue: foretold too low" in html
            assert "30% too low (95% interval 23–36%)" in html
            assert "in the test 30% too low" in client.get("/customers/1?lang=en").text
            dutch = client.get("/worth?lang=nl").text
            assert "Omzet: te laag voorspeld" in dutch
            assert "30% te laag (95%-interval 23–36%)" in dutch


def test_the_page_says_what_it_may_be_used_for(client: httpx.Client) -> None:
    html = client.get("/worth?lang=en").text
    assert "Purchases: foretold well" in html
    assert "4% too low (95% interval 12% too low to 7% too high)" in html
    assert "So plan with the amounts, and choose customers by them." in html
    assert "in the test" not in client.get("/customers/1?lang=en").text


def test_tables_of_before_outcomes_were_told_are_read(tmp_path: Path) -> None:
    with make_workspace(tmp_path / "shop", customers=12) as workspace:
        checks = workspace.table("value_checks")
        kept = checks.filter(~checks["check"].isin(("accuracy", "revenue", "order_amount")))
        _publish(workspace, value_checks=kept)
        assert workspace.worth.verdict().accuracy == ()
        with TestClient(create_app(workspace, is_open=True)) as client:
            html = client.get("/worth?lang=en").text
            assert "Our customers will bring in about" in html
            assert "May we believe it?" not in html


def test_exports_without_amounts_foretell_purchases_and_no_money(tmp_path: Path) -> None:
    with make_workspace(tmp_path / "shop", customers=60) as workspace:
        values = workspace.table("customer_values")
        amounts = [
            c for c in values.columns if c.endswith(("_amount", "_amount_low", "_amount_high"))
        ]
        checks = workspace.table("value_checks")
        of_money = checks["item"].isin(("revenue", "top_tenth")) | (checks["check"] == "revenue")
        _publish(
            workspace,
            customer_values=values.mutate(**{c: values[c] * 0 for c in amounts}),
            value_checks=checks.filter(~of_money),
        )
        assert workspace.worth.verdict().use == "orders"
        best = workspace.worth.best(60)
        assert [b.expected_orders for b in best] == sorted(
            (b.expected_orders for b in best), key=lambda n: -(n or 0)
        )
        with TestClient(create_app(workspace, is_open=True)) as client:
            assert not client.get("/worth.json").json()["has_amounts"]
            html = client.get("/worth?lang=en").text
            assert re.search(r"<h1>Our customers will buy about [\d,]+ times in twelve", html)
            assert "€" not in html[html.index("<h1>") : html.index("</main>")]


def test_the_headline_promises_no_more_digits_than_a_model_knows() -> None:
    one = Expected(amount=8_917_401.4, orders=18_971.2, returning=0, top_share=None)
    assert (one.amount_about, one.orders_about) == (8_920_000, 19_000)
    few = Expected(amount=-34.6, orders=0.0, returning=None, top_share=None)
    assert (few.amount_about, few.orders_about) == (-35, 0)
    assert Expected(None, None, None, None).amount_about is None


def _revenue_too_low(workspace: Workspace) -> ir.Table:
    """The test of a shop that sold much more before Christmas than the model could know."""
    checks = workspace.table("value_checks")
    is_revenue = (checks["check"] == "accuracy") & (checks["item"] == "revenue")
    told = {"expected": 70_000.0, "measured": 100_000.0, "low": 91_000.0, "high": 110_000.0}
    return checks.mutate(
        outcome=ibis.ifelse(is_revenue, "too_low", checks["outcome"]),
        **{name: ibis.ifelse(is_revenue, value, checks[name]) for name, value in told.items()},
    )


def _foretell_nothing(workspace: Workspace) -> None:
    """Publish the tables as the steps leave them when there are too few weeks."""
    foretold = ("alive_probability", "churn_risk", "next_order_on", "order_amount")
    values = workspace.table("customer_values")
    blank = [c for c in values.columns if c.startswith("expected_") or c in foretold]
    values = values.mutate(
        order_model=ibis.literal("none"),
        **{name: values[name].nullif(values[name]) for name in blank},
    )
    verdict = workspace.table("value_checks").filter(lambda t: t.check == "verdict")
    verdict = verdict.mutate(model=ibis.literal("none"), item=ibis.literal("too_short"))
    _publish(workspace, customer_values=values, value_checks=verdict)


def _publish(workspace: Workspace, **tables: ir.Table) -> None:
    """Publish other versions of some tables."""
    published = workspace.published
    assert published is not None
    engine = connect("duckdb", threads=1)
    versions = dict(published.tables)
    for name, rows in tables.items():
        folder = workspace.store.versions / name / "2"
        written = engine.write(engine.table(workspace.fetch(rows)), TABLES[name], folder)
        files = workspace.store.relative(written.files)
        version = TableVersion(f"{name}-2", name, "made", files, written.rows, 0.1, AS_OF)
        workspace.state.add_version(version)
        versions[name] = version
    engine.close()
    workspace.state.publish(versions, as_of=AS_OF, at=AS_OF)
