from __future__ import annotations

import httpx
from typer.testing import CliRunner

from klantreis.cli.app import app
from klantreis.workspace import Workspace


def test_a_pattern_is_told_with_its_drawing_and_what_it_rests_on(client: httpx.Client) -> None:
    page = client.get("/patterns.json").json()
    returned = next(one for one in page["findings"] if one["kind"] == "channel")
    assert returned["measure"] == "returned_purchases"
    assert returned["first"]["told_en"] == (
        "App: 16% of purchases come back, wholly or in part; elsewhere that is 5.0%."
    )
    assert returned["first"]["told_nl"].startswith("App: 16% van de aankopen komt")
    assert next(one["name_en"] for one in returned["levels"] if one["is_meant"]) == "App"
    assert page["told"] == sum(1 + len(one["also"]) for one in page["findings"])
    html = client.get("/patterns?lang=nl").text
    assert "App: 16% van de aankopen komt geheel of deels terug" in html
    assert "400 klanten" in html
    assert "+11,0 procentpunt" in html


def test_groups_by_need_are_named_and_can_be_chosen(client: httpx.Client) -> None:
    page = client.get("/patterns.json?kind=segment").json()
    assert {one["kind"] for one in page["findings"]} == {"segment"}
    assert page["findings"][0]["first"]["told_en"].startswith("Asks about ")
    nothing = client.get("/patterns?kind=trend&lang=en").text
    assert "No pattern fits this choice" in nothing


def test_a_joined_measure_says_what_it_is_and_when_too_little_is_known(
    client: httpx.Client,
) -> None:
    page = client.get("/joined.json").json()
    by_code = {one["measure"]: one for one in page["measures"]}
    assert len(by_code) >= 20
    returned = by_code["returned_purchases"]
    assert [one["channel"] for one in returned["channels"]] == ["app", "store", "web"]
    assert returned["now"]["evidence"]["low"] < returned["now"]["value"]
    html = client.get("/joined?lang=en").text
    few = html[html.index('id="review_after_store_purchase"') :]
    assert "Too few for a sound conclusion" in few[: few.index("</article>")]
    nothing = html[html.index('id="ropo_share"') :]
    assert "Nothing to measure yet" in nothing[: nothing.index("</article>")]


def test_the_command_tells_what_the_page_tells(shop: Workspace, client: httpx.Client) -> None:
    told = (
        CliRunner()
        .invoke(app, ["patterns", str(shop.folder), "--kind", "channel", "--language", "en"])
        .output
    )
    first = client.get("/patterns.json?kind=channel").json()["findings"][0]["first"]
    assert first["told_en"] in told.replace("\n", " ")


def test_what_the_best_do_differently_is_told_by_aspect(
    shop: Workspace, client: httpx.Client
) -> None:
    page = client.get("/best.json").json()
    told = {one["aspect"]: [d["item"] for d in one["differences"]] for one in page["aspects"]}
    assert told["path"] == ["mail.clicked>web.view_item"]
    assert told["stop"] == ["see_think_do_care.think"]  # in the usual phase model only
    assert told["page"] == []
    best, others = shop.best.customers()
    assert (page["customers"], page["others"]) == (best, others)
    html = client.get("/best?lang=nl").text
    assert "op 30% van de wegen van onze beste klanten naar een aankoop, 20% bij anderen" in html
    assert "Welke pagina's bekijken ze?" in html.replace("&#39;", "'")
    output = (
        CliRunner()
        .invoke(app, ["best", str(shop.folder), "--aspect", "category", "--language", "en"])
        .output
    )
    assert "Tuin" in output
    assert "+10.0 (+3.0 – +17.0)" in output
