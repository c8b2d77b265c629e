"""Who is who: what people see of it, and what they decide, with mouse, keyboard and without a role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from starlette.testclient import TestClient
from typer.testing import CliRunner

from klantreis import Workspace
from klantreis.cli.app import app
from klantreis.errors import InputError, NotFoundError
from klantreis.web import create_app
from klantreis.workspace.identity_facts import RecordTold, field_pairs
from tests.copying import copy_workspace
from tests.web.conftest import Serving
from tests.web.shop import make_workspace

ALIKE = ("crm:15", "crm:16")
OTHERS = (("crm:11", "crm:12"), ("crm:13", "crm:14"), ("crm:17", "crm:18"))
PATIENCE = 20_000  # ms
PASSWORD = "a long sentence to enter"


@pytest.fixture(scope="module")
def undecided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop of forty in which nobody decided anything yet; copy it before you decide."""
    folder = tmp_path_factory.mktemp("who") / "shop"
    make_workspace(folder, customers=40).close()
    return folder


@pytest.fixture
def own(undecided: Path, tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(copy_workspace(undecided, tmp_path / "shop")) as workspace:
        yield workspace


@pytest.fixture
def client(own: Workspace) -> httpx.Client:
    return TestClient(create_app(own, is_open=True), follow_redirects=False)


def token(client: httpx.Client) -> str:
    found = re.search(r'"X-CSRF-Token": "([^"]+)"', client.get("/identity").text)
    assert found
    return found[1]


def verdicts(workspace: Workspace) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(deed.verdict, deed.left, deed.right) for deed in workspace.identity.deeds()]


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_decide_pair_after_pair_with_mouse_and_keys_and_take_the_last_one_back(
    page: Page, own: Workspace, serving: Serving
) -> None:
    first = own.identity.reviewing().doubts[0]
    with serving(own) as site:
        page.goto(f"{site}/identity?lang=nl")
        expect(page.locator("#pair")).to_contain_text(first.left_person_id)
        page.keyboard.press("2")  # not in the part of the page that is decided in
        expect(page.locator(".eyebrow")).to_contain_text("Te beslissen: 4 paren", timeout=PATIENCE)
        page.get_by_role("link", name="Begin met beslissen").press("Enter")
        expect(page.locator("#doubt")).to_be_focused()
        page.keyboard.press("1")
        expect(page.locator(".eyebrow")).to_contain_text("Te beslissen: 3 paren", timeout=PATIENCE)
        expect(page.locator("#pair")).not_to_contain_text(first.left_person_id)
        page.locator("#note").fill("2 keer gebeld")
        page.get_by_role("button", name="Verschillend").click()
        expect(page.locator(".eyebrow")).to_contain_text("Te beslissen: 2 paren", timeout=PATIENCE)
        page.goto(f"{site}/identity?lang=en#doubt")
        page.locator("#doubt").press("3")
        expect(page.locator(".eyebrow")).to_contain_text("To be decided: 1 pair", timeout=PATIENCE)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.get_by_role("button", name="Take the last decision back").click()
        expect(page.locator(".eyebrow")).to_contain_text("To be decided: 2 pairs", timeout=PATIENCE)
        expect(page.locator(".deeds")).to_contain_text("2 keer gebeld")
    assert [one[0] for one in verdicts(own)] == ["different", "same"]


def test_the_most_uncertain_on_which_most_hangs_comes_first(own: Workspace) -> None:
    first = own.identity.reviewing(most=10)
    pairs = {(doubt.left_person_id, doubt.right_person_id) for doubt in first.doubts}
    assert pairs == {ALIKE, *OTHERS}
    worth = [d.probability * (1 - d.probability) * (d.moments + 1) for d in first.doubts]
    assert worth == sorted(worth, reverse=True)
    assert first.remaining == len(worth) == 4
    own.identity.decide(ALIKE[1], ALIKE[0], "unsure", by="ann")
    assert own.identity.reviewing().remaining == 3
    assert own.identity.reviewing(skipped=3).doubts == ()


def test_how_often_the_model_leaned_to_what_was_decided_is_counted(own: Workspace) -> None:
    own.identity.decide(*ALIKE, "same", by="ann")  # 59 % likely
    own.identity.decide("crm:17", "crm:18", "same", by="ann")  # 26 %
    own.identity.decide("crm:1", "crm:3", "different", by="ann")  # never compared
    told = own.identity.reviewing()
    assert (told.judged, told.agreed) == (2, 1)
    assert dict(told.verdicts) == {"same": 2, "different": 1, "unsure": 0}


def test_why_two_are_one_is_told_as_a_chain_of_what_they_share(own: Workspace) -> None:
    why = own.identity.why("crm:1", "till:card:2900000000001")
    assert why.is_one
    assert [(tie.left_person_id, tie.kind, tie.right_person_id) for tie in why.chain] == [
        ("crm:1", "email", "shopify:1001"),
        ("shopify:1001", "loyalty_card", "till:card:2900000000001"),
    ]
    assert own.identity.why(901, 1).is_one, "an old number stands for the customer"


def test_of_several_ties_between_two_the_decision_is_told(own: Workspace) -> None:
    own.identity.decide("crm:1", "shopify:1001", "same", note="called", by="ann")
    chain = own.identity.why("crm:1", "till:card:2900000000001").chain
    assert [(tie.way, tie.by) for tie in chain] == [("decision", "ann"), ("identifier", "")]


@pytest.mark.parametrize(
    ("left", "right", "reasons"),
    [
        ("crm:13", "crm:14", {("conflict", "familie@smit.be"), ("doubtful_match", "")}),
        (11, 12, {("conflict", "+31612345678"), ("doubtful_match", "")}),
        ("crm:1", "crm:3", {("nothing_shared", "")}),
    ],
)
def test_why_not_names_what_stands_between_them(
    own: Workspace, left: str | int, right: str | int, reasons: set[tuple[str, str]]
) -> None:
    why = own.identity.why(left, right)
    assert not why.is_one
    assert {(one.reason, one.value) for one in why.obstacles} == reasons


def test_why_not_names_the_two_values_of_which_a_customer_has_one(own: Workspace) -> None:
    file = own.folder / "klantreis.toml"
    file.write_text("[identity.loyalty_card]\nunique = true\n", encoding="utf-8")
    with Workspace.open(own.folder) as strict:
        why = strict.identity.why("crm:19", "crm:20")
        told = TestClient(create_app(strict, is_open=True)).get(
            "/identity/why", params={"left": "crm:19", "right": "crm:20", "lang": "en"}
        )
    assert [(one.reason, one.kind, one.value) for one in why.obstacles] == [
        ("two_values", "loyalty_card", "2600015 / 2600016")
    ]
    assert "of which a customer has one: loyalty card 2600015 / 2600016." in told.text
    assert own.identity.why("crm:19", "crm:20").obstacles[0].reason == "conflict_of_match"


def test_a_field_that_is_only_written_otherwise_is_the_same(own: Workspace) -> None:
    told = {one.field: one.agreement for one in own.identity.why("crm:15", "crm:16").fields}
    assert told == {
        "first_name": "same",
        "last_name": "same",
        "postcode": "same",
        "city": "lacking",
    }
    told = {one.field: one.agreement for one in own.identity.why("crm:11", "crm:12").fields}
    assert told["phone"] == "same"
    assert told["first_name"] == told["address"] == "differs"


def test_an_initial_and_a_slip_of_the_pen_are_alike_and_not_different() -> None:
    def record(**values: str) -> RecordTold:
        return RecordTold("crm:1", "crm", None, tuple(values.items()), None)

    told = field_pairs(
        record(first_name="M.", last_name="van Dijk", city="Utrehct", birth_on="1980-05-31"),
        record(first_name="Marloes", last_name="Dijk", city="Utrecht", birth_on="1981-06-13"),
    )
    assert [one.agreement for one in told] == ["alike", "alike", "differs", "alike"]


def test_who_says_unknown_says_nothing() -> None:
    def record(email: str) -> RecordTold:
        return RecordTold("crm:1", "crm", None, (("email", email),), None)

    (told,) = field_pairs(record("Onbekend"), record("ilse@post.example"))
    assert (told.left, told.agreement) == ("Onbekend", "lacking")


def test_a_call_name_is_alike() -> None:
    def record(first: str) -> RecordTold:
        return RecordTold("crm:1", "crm", None, (("first_name", first),), None)

    (told,) = field_pairs(record("Catharina"), record("Toos"))
    assert told.agreement == "alike"


def test_a_merge_is_taken_apart_and_brought_back(own: Workspace, client: httpx.Client) -> None:
    assert "901" in client.get("/identity").text
    answer = client.post(
        "/identity/take-apart", data={"csrf": token(client), "old_customer_id": "901"}
    )
    assert answer.headers["location"] == "/identity#decided"
    rest = ("crm:1", "till:card:2900000000001")
    assert verdicts(own) == [("different", rest, ("shopify:1001",))]
    deed = own.identity.deeds()[0]
    assert deed.waits
    form = {"csrf": token(client), "decision_id": str(deed.decision_id)}
    assert client.post("/identity/undo", data=form).status_code == 303
    assert own.identity.deeds() == ()
    actions = {line.action for line in own.state.audit.lines()}
    assert {"identity_take_apart", "identity_undo"} <= actions


def test_a_record_is_said_to_be_someone_else_than_the_rest(
    own: Workspace, client: httpx.Client
) -> None:
    shown = client.get("/customers/1/records?lang=en").text
    assert "This is someone else" in shown
    form = {"csrf": token(client), "customer_id": "1", "person_id": "till:card:2900000000001"}
    client.post("/identity/take-out", data=form)
    assert verdicts(own) == [("different", ("crm:1", "shopify:1001"), ("till:card:2900000000001",))]


def test_what_makes_no_sense_is_refused(own: Workspace) -> None:
    with pytest.raises(InputError, match="Unknown verdict"):
        own.identity.decide(*ALIKE, "perhaps", by="ann")
    with pytest.raises(InputError, match="always itself"):
        own.identity.decide("crm:1", "crm:1", "different", by="ann")
    with pytest.raises(NotFoundError, match="nobody:1"):
        own.identity.decide("crm:1", "nobody:1", "same", by="ann")
    with pytest.raises(NotFoundError):
        own.identity.take_apart(5, by="ann")
    with pytest.raises(InputError, match="some to stay"):
        own.identity.take_out(5, ["crm:5"], by="ann")
    assert own.identity.undo(by="ann") is None


def test_a_viewer_sees_the_pair_and_cannot_decide(own: Workspace) -> None:
    own.accounts.use_link(own.accounts.add("vera", "viewer"), PASSWORD)
    client = TestClient(create_app(own), follow_redirects=False)
    asked = re.search(r'name="csrf" value="([^"]+)"', client.get("/sign-in").text)
    assert asked
    form = {"csrf": asked[1], "name": "vera", "password": PASSWORD}
    assert client.post("/sign-in", data=form).status_code == 303
    page = client.get("/identity").text
    assert own.identity.reviewing().doubts[0].left_person_id in page
    assert 'name="verdict"' not in page
    data = {"csrf": token(client), "left": ALIKE[0], "right": ALIKE[1], "verdict": "same"}
    assert client.post("/identity/decide", data=data).status_code == 403
    assert own.identity.deeds() == ()


def test_without_matches_the_page_explains_itself(own: Workspace, client: httpx.Client) -> None:
    for pair in (ALIKE, *OTHERS):
        own.identity.decide(*pair, "different", by="ann")
    shown = client.get("/identity?lang=en").text
    assert "nothing is in doubt" in shown
    assert client.get("/identity.json").json()["doubt"] is None


@pytest.mark.parametrize("asked", ["sanne@vroeger.nl", "sanne@VROEGER", "vries @vroeger.nl"])
def test_a_customer_is_found_by_an_earlier_address(client: httpx.Client, asked: str) -> None:
    found = client.get("/customers.json", params={"q": asked}).json()["rows"]
    assert [row["customer_id"] for row in found] == [1]
    assert "vroeger" not in found[0]["email"]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("nl", "crm:1 en till:card:2900000000001 zijn één klant, nummer 1:"),
        ("en", "crm:1 and till:card:2900000000001 are one customer, number 1:"),
    ],
)
def test_the_command_tells_why_in_both_languages(undecided: Path, language: str, told: str) -> None:
    ways = [str(undecided), "crm:1", "till:card:2900000000001", "--language", language]
    answer = CliRunner().invoke(app, ["why", *ways])
    assert answer.exit_code == 0, answer.output
    assert told in answer.output
    assert "shopify:1001" in answer.output


def test_the_command_tells_why_not_with_the_weight_of_each_field(undecided: Path) -> None:
    answer = CliRunner().invoke(app, ["why", str(undecided), "11", "12", "--language", "en"])
    assert "so do people who contradict each other" in " ".join(answer.output.split())
    assert "family name +9.8" in answer.output
    unknown = CliRunner().invoke(app, ["why", str(undecided), "11", "shopify:none"])
    assert isinstance(unknown.exception, NotFoundError)
