"""The audiences page: an estimate while a count takes long, mistakes in the reader's language."""

from __future__ import annotations

from html import unescape
from itertools import pairwise

import httpx
import pytest

from klantreis.workspace import audience_sizes

RULE = "did 'view_item' then 'add_to_cart' and orders >= 1"
DUTCH = {"accept-language": "nl"}


def test_a_count_that_takes_long_is_estimated_first_and_then_counted(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience_sizes, "MOMENTS_AT_ONCE", -1)
    soon = client.get("/audiences.json", params={"rule": RULE}).json()
    estimated = soon["estimated"]
    assert estimated["low"] <= soon["customers"] <= estimated["high"]
    assert (estimated["one_in"], estimated["sampled"]) == (20, 18)
    page = client.get("/audiences", params={"rule": RULE}, headers=DUTCH).text
    assert "Geschat uit 1 op de 20 klanten" in page
    assert "De precieze telling volgt." in page
    counted = client.get("/audiences.json", params={"rule": RULE, "exact": True}).json()
    assert counted["estimated"] is None
    assert estimated["low"] <= counted["customers"] <= estimated["high"]
    # It is known from now on.
    assert client.get("/audiences.json", params={"rule": RULE}).json()["estimated"] is None


def test_what_may_stand_at_a_mistake_is_told_in_dutch(client: httpx.Client) -> None:
    told = {
        "orders in last 0 days > 1": "een geheel getal van 1 tot en met 5000",
        "orders from 9 to 9 days ago > 1": "een geheel getal van 1 tot en met 8",
        "orders from '2026-03-01' to '2026-01-01' > 1": "een datum van '2026-03-01' tot en met '2200-12-31'",
        "(" * 60: "hooguit 40 lagen van ( en not",
        "orders": "= != < <= > >=, in (...), is known",
        "orders ; 2": "namen, getallen, 'teksten'",
    }
    for rule, allowed in told.items():
        page = client.get("/audiences", params={"rule": rule}, headers=DUTCH).text
        assert f"<code>{allowed}" in unescape(page), rule


def test_the_page_of_a_saved_audience_draws_its_sizes_by_the_rule_of_now(
    client: httpx.Client,
) -> None:
    history = client.get("/audiences.json", params={"name": "Regulars"}).json()["history"]
    sizes = [one["customers"] for one in history]
    assert [more - less for less, more in pairwise(sizes)] == [20, 20]
    assert [one["is_of_this_rule"] for one in history] == [False, True, True]
    page = client.get("/audiences", params={"name": "Regulars"}, headers=DUTCH).text
    assert "Groeit “Regulars”, en is het meer waard?" in page
    assert "een eerdere regel" in page
