"""The audiences page: an estimate while a count takes long, mistakes in the reader's language."""

from __future__ import annotations

import csv
import io
from datetime import date
from html import unescape
from itertools import pairwise

import httpx
import pytest

from klantreis.workspace import Workspace, audience_sizes

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


def test_who_came_in_and_who_left_is_told_listed_and_handed_out(client: httpx.Client) -> None:
    asked = {"name": "Regulars"}
    page = client.get("/audiences.json", params=asked).json()
    first, _, last = page["history"]
    assert (first["came"], first["since"], first["is_listed"]) == (None, None, False)
    assert (last["came"], last["left"], last["gone"], last["is_listed"]) == (26, 6, 0, True)
    moved = page["moved"]
    assert (moved["since"], moved["at"]) == (last["since"], last["at"])
    assert [one["came"] for one in moved["passers"]] == [True] * 26 + [False] * 6
    for way, count in (("came", 26), ("left", 6)):
        assert moved[way] == count
        written = client.get("/audiences/moves.csv", params={**asked, "way": way, "at": last["at"]})
        names = [row["customer_id"] for row in csv.DictReader(io.StringIO(written.text))]
        told = [one["customer_id"] for one in moved["passers"] if one["came"] == (way == "came")]
        assert names == [str(number) for number in told]
    shown = client.get("/audiences", params=asked, headers=DUTCH).text
    assert "Kwamen erbij: 26 klanten" in shown
    assert "Vertrokken: 6 klanten" in shown
    assert "Wie vertrokken (CSV)" in shown


def test_a_run_that_was_not_kept_is_told_so(client: httpx.Client) -> None:
    asked = {"name": "Regulars", "at": "2020-01-01T00:00:00"}
    assert client.get("/audiences.json", params=asked).json()["moved"] is None
    assert "vanaf de tweede run" in client.get("/audiences", params=asked, headers=DUTCH).text
    assert client.get("/audiences/moves.csv", params={**asked, "way": "came"}).status_code == 404
    assert client.get("/audiences", params={**asked, "at": "gisteren"}).status_code == 400


def test_the_panel_names_the_consents_that_are_stated_here(
    client: httpx.Client, shop: Workspace
) -> None:
    names = {"email", "sms", "post", "profiling", "analytics"}
    told = client.get("/audiences.json").json()
    stated = {one["name"]: one["purpose"] for one in told["consents"]}
    assert stated == dict(shop.audiences.purposes)
    assert {*stated, *told["unstated"]} == names
    shop.privacy.state_consent(
        200, "post_marketing", True, on=date(2026, 1, 5), heard_by="by letter", by="ann"
    )
    told = client.get("/audiences.json").json()
    assert {"name": "post", "purpose": "post_marketing"} in told["consents"]
    page = unescape(client.get("/audiences", headers=DUTCH).text)
    assert "data-rule-insert=\"consent('post')\"" in page
    assert "staat reclame per post toe" in page
    asked: dict[str, str | int] = {"rule": "consent('po", "at": 11}
    words = client.get("/audiences/words.json", params=asked, headers=DUTCH).json()["words"]
    assert [(one["text"], one["meaning"]) for one in words] == [("'post'", "reclame per post")]
