"""A campaign is changed by fields, without JavaScript: each button is a form that is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from klantreis import Workspace
from klantreis.web import create_app
from tests.worker.baskets import make_baskets

EDIT = "/campaigns/abandoned_basket/edit"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    workspace = make_baskets(tmp_path / "shop")
    yield workspace
    workspace.close()


@pytest.fixture
def client(shop: Workspace) -> httpx.Client:
    return TestClient(create_app(shop, is_open=True), follow_redirects=False)


class Form(HTMLParser):
    """What a browser sends of the editor's form, when a button is pressed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []
        self.is_inside, self.area, self.choice = False, "", ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.is_inside = given.get("class") == "editor"
        if not self.is_inside:
            return
        if tag == "input" and given.get("name"):
            if given.get("type") != "checkbox" or "checked" in given:
                self.pairs.append((given["name"], given.get("value", "")))
        elif tag == "textarea":
            self.area = given["name"]
            self.pairs.append((self.area, ""))
        elif tag == "select":
            self.choice = given["name"]
            self.pairs.append((self.choice, ""))
        elif tag == "option" and "selected" in given:
            self.pairs[-1] = (self.choice, given["value"])

    def handle_data(self, data: str) -> None:
        if self.area:
            # A browser leaves out the first line break of a text area.
            self.pairs[-1] = (self.area, self.pairs[-1][1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            self.pairs[-1] = (self.area, self.pairs[-1][1].removeprefix("\n"))
            self.area = ""
        if tag == "form":
            self.is_inside = False


def press(client: httpx.Client, wish: str, **typed: str) -> str:
    """Fill in fields (by name, or `name__3` for the third of that name) and press a button."""
    pairs = Form(client.get(EDIT).text).pairs
    for name, value in typed.items():
        plain, _, place = name.partition("__")
        places = [i for i, pair in enumerate(pairs) if pair[0] == plain]
        pairs[places[int(place or 0)]] = (plain, value)
    data: dict[str, Any] = {}
    for name, value in [*pairs, ("wish", wish)]:
        data.setdefault(name, []).append(value)
    answer = client.post("/campaigns/abandoned_basket/fields", data=data)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def twin(client: httpx.Client) -> dict[str, Any]:
    page: dict[str, Any] = client.get(f"{EDIT}.json").json()
    return page


def test_saving_what_is_shown_changes_nothing(client: httpx.Client, shop: Workspace) -> None:
    before = shop.campaigns.one("abandoned_basket").flow
    assert press(client, "save") == "/campaigns/abandoned_basket"
    assert shop.campaigns.one("abandoned_basket").flow == before
    assert twin(client)["is_saved"]


def test_a_step_is_moved_as_a_draft_and_the_flow_follows_when_it_is_saved(
    client: httpx.Client, shop: Workspace
) -> None:
    before = shop.campaigns.one("abandoned_basket").flow
    assert press(client, "down:0") == f"{EDIT}#step-2"
    assert shop.campaigns.one("abandoned_basket").flow == before
    page = twin(client)
    assert [step["kind"] for step in page["steps"]] == ["send", "wait", "wait", "send"]
    assert not page["is_saved"]
    # The page of the campaign shows the same as text.
    text = client.get("/campaigns/abandoned_basket.json").json()["text"]
    assert text == page["text"]
    press(client, "save")
    assert shop.campaigns.one("abandoned_basket").text == text
    assert twin(client)["is_saved"]


def test_fields_are_filled_in_and_saved(client: httpx.Client, shop: Workspace) -> None:
    press(client, "add:send")
    press(
        client,
        "save",
        within="2,5",
        within_unit="days",
        holdout_percent="12.5",
        step_length__0="6",
        step_letter__4="last_call",
        letter_subject__0="Nog iets vergeten?",
    )
    flow = shop.campaigns.one("abandoned_basket").flow
    assert flow.trigger.within.total_seconds() == 60 * 3600
    assert (flow.holdout, len(flow.steps)) == (0.125, 5)
    assert flow.letters["reminder"]["nl"]["subject"] == "Nog iets vergeten?"


@pytest.mark.parametrize(
    ("field", "typed", "place"),
    [
        ("step_length__0", "soon", "steps.0.wait_hours"),
        ("step_when__3", "order > 1", "steps.3.when"),
        ("rule", "in_audience('x')", "trigger.rule"),
        ("holdout_percent", "95", "holdout"),
        ("letter_subject__0", "{{ salary }}", "letters.reminder.nl.subject"),
        ("letter_text__1", "", "letters.reminder.en.text"),
    ],
)
def test_a_mistake_is_shown_at_its_field_with_what_was_typed(
    client: httpx.Client, shop: Workspace, field: str, typed: str, place: str
) -> None:
    before = shop.campaigns.one("abandoned_basket").flow
    assert press(client, "save", **{field: typed}) == f"{EDIT}#problem"
    assert shop.campaigns.one("abandoned_basket").flow == before
    page = twin(client)
    assert page["problem"]["field"] == place
    html = client.get(EDIT).text
    assert len(re.findall('id="problem"', html)) == 1
    assert 'aria-describedby="problem"' in html
    assert shop.campaigns.draft("abandoned_basket")[1] != ""


@pytest.mark.parametrize(
    ("field", "typed", "allowed"),
    [
        ("step_length__0", "soon", "een getal van 0 tot en met 8.784"),
        ("holdout_percent", "95", "een getal van 0 tot en met 90"),
        ("letter_text__1", "", "een tekst"),
    ],
)
def test_what_may_stand_in_a_field_is_said_in_the_readers_language(
    client: httpx.Client, field: str, typed: str, allowed: str
) -> None:
    press(client, "save", **{field: typed})
    assert allowed in client.get(f"{EDIT}?lang=nl").text


def test_what_is_not_saved_can_be_given_up(client: httpx.Client) -> None:
    press(client, "remove:0")
    token = dict(Form(client.get(EDIT).text).pairs)["csrf"]
    client.post("/campaigns/abandoned_basket/drop", data={"csrf": token})
    page = twin(client)
    assert (len(page["steps"]), page["is_saved"]) == (4, True)


def test_a_campaign_is_made_from_another_and_deleted(client: httpx.Client, shop: Workspace) -> None:
    token = dict(Form(client.get(EDIT).text).pairs)["csrf"]
    made = {"csrf": token, "title": "Één keer welkom!", "like": "win_back"}
    assert client.post("/campaigns/new", data=made).headers["location"] == (
        "/campaigns/een_keer_welkom/edit"
    )
    flow = shop.campaigns.one("een_keer_welkom").flow
    assert (flow.kind, flow.title["nl"]) == ("win_back", "Één keer welkom!")
    nothing = {**made, "like": ""}
    again = client.post("/campaigns/new", data=nothing).headers["location"]
    assert again == "/campaigns/een_keer_welkom_2/edit"
    assert client.get(again).status_code == 200
    refused = client.post("/campaigns/new", data={**made, "title": "!!"}).headers["location"]
    assert refused == "/campaigns?refused=true#new"
    gone = client.post("/campaigns/een_keer_welkom/remove", data={"csrf": token})
    assert gone.headers["location"] == "/campaigns"
    assert client.get("/campaigns/een_keer_welkom").status_code == 404


def test_a_shipped_campaign_goes_back_to_how_it_came_but_not_while_it_runs(
    client: httpx.Client, shop: Workspace
) -> None:
    press(client, "save", holdout_percent="50")
    token = {"csrf": dict(Form(client.get(EDIT).text).pairs)["csrf"]}
    assert client.post("/campaigns/abandoned_basket/remove", data=token).status_code == 409
    client.post("/campaigns/abandoned_basket/stop", data=token)
    client.post("/campaigns/abandoned_basket/remove", data=token)
    found = shop.campaigns.one("abandoned_basket")
    assert (found.flow.holdout, found.changed_at) == (0.1, None)
    assert twin(client)["is_saved"]


def test_an_audience_is_saved_on_its_page_and_shown_as_a_segment(
    client: httpx.Client, shop: Workspace
) -> None:
    token = dict(Form(client.get(EDIT).text).pairs)["csrf"]
    made = {"csrf": token, "name": "Baskets", "rule": "did 'add_to_cart'", "description": "who"}
    wrong = client.post("/audiences/save", data={**made, "rule": "order > 1"}).headers["location"]
    assert client.get(wrong).status_code == 200
    assert shop.audiences.saved() == ()
    where = client.post("/audiences/save", data=made).headers["location"]
    assert where == "/audiences?name=Baskets#saved"
    (row,) = client.get("/segments.json").json()["audiences"]
    assert (row["name"], row["customers"]["value"]) == ("Baskets", 5)
    assert (
        client.get("/customers.json", params={"audience": "Baskets"}).json()["paging"]["total"] == 5
    )
    assert client.get("/audiences/customers.csv", params={"rule": made["rule"]}).status_code == 200
    name = {**made, "name": "a/b"}
    assert "refused=name" in client.post("/audiences/save", data=name).headers["location"]
    removed = client.post("/audiences/remove", data={"csrf": token, "name": "Baskets"})
    assert removed.headers["location"] == "/audiences#saved"
    actions = {line.action for line in shop.state.audit.lines(limit=20)}
    assert {"audiences_save", "audiences_remove"} <= actions
