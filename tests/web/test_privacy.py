from __future__ import annotations

import io
import json
import re
import time
import zipfile
from collections.abc import Callable
from datetime import datetime

import httpx
import pytest
from fastapi.testclient import TestClient

from klantreis import Workspace
from klantreis.web import create_app
from tests.web.forms import token
from tests.workspace.test_privacy import somebody

PATIENCE_SECONDS = 120


@pytest.fixture
def reader(small_shop: Workspace) -> httpx.Client:
    return TestClient(create_app(small_shop, is_open=True), follow_redirects=False)


@pytest.fixture
def customer(small_shop: Workspace) -> int:
    return somebody(small_shop)[0]


@pytest.fixture
def at(customer: int) -> str:
    return f"/customers/{customer}"


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_a_consent_is_written_down_and_shown_with_how_we_know(
    small_shop: Workspace, reader: httpx.Client, customer: int, at: str
) -> None:
    form = {
        "csrf": token(reader, f"{at}/privacy"),
        "purpose": "email_marketing",
        "answer": "no",
        "on": "2026-03-01",
        "heard_by": "in de winkel",
        "note": "vroeg erom",
    }
    answer = reader.post(f"{at}/consents", data=form)
    assert answer.headers["location"] == f"{at}/privacy"
    shown = reader.get(f"{at}/privacy?lang=nl").text
    assert "in de winkel" in shown
    assert "vroeg erom" in shown
    assert "1 mrt 2026" in shown
    assert not small_shop.privacy.may(customer, "email_marketing")
    line = small_shop.state.audit.lines(action="privacy_consent")[0]
    assert line.subject == f"{at}/consents"


@pytest.mark.parametrize(
    "wrong", [{"answer": "perhaps"}, {"on": "yesterday"}, {"purpose": "fax"}, {"heard_by": ""}]
)
def test_what_is_no_consent_is_refused(
    small_shop: Workspace, reader: httpx.Client, customer: int, at: str, wrong: dict[str, str]
) -> None:
    form = {
        "csrf": token(reader, f"{at}/privacy"),
        "purpose": "email_marketing",
        "answer": "no",
        "on": "2026-03-01",
        "heard_by": "by letter",
        **wrong,
    }
    assert reader.post(f"{at}/consents", data=form).status_code in (400, 422)
    assert small_shop.state.consents.of([customer]) == ()


def test_erasing_asks_for_the_number_and_ends_with_a_proof_to_download(
    small_shop: Workspace, reader: httpx.Client, customer: int, at: str
) -> None:
    email = somebody(small_shop)[1]
    form = {"csrf": token(reader, f"{at}/privacy"), "confirmation": "999999"}
    refused = reader.post(f"{at}/erase", data=form).headers["location"]
    assert refused == f"{at}/privacy?problem=confirmation#erase"
    shown = reader.get(refused.replace("#erase", "&lang=en"))
    assert "nothing was erased" in shown.text
    assert small_shop.privacy.erasures() == ()

    begun = reader.post(f"{at}/erase", data={**form, "confirmation": f" {customer} "})
    address = begun.headers["location"]
    assert reader.get(address).status_code == 200
    wait_until(lambda: small_shop.privacy.erasures()[0].is_done)
    assert "nothing is left" in reader.get(f"{address}?lang=en").text
    proof = json.loads(reader.get(f"{address}/proof.json").content)
    assert proof["proof"]["found"] == []
    assert proof["customer_id"] == customer
    assert email not in json.dumps(proof)
    assert reader.get(at).status_code == 404
    assert str(customer) in reader.get("/trust?lang=nl").text
    actions = {line.action for line in small_shop.state.audit.lines()}
    assert {"privacy_erase", "erasure_proof"} <= actions


def test_an_erasure_that_was_broken_off_goes_on_when_the_server_starts(
    small_shop: Workspace, customer: int
) -> None:
    erasure_id = small_shop.privacy.begin_erasing(customer, by="ann")
    with TestClient(create_app(small_shop, is_open=True)) as client:
        wait_until(lambda: small_shop.privacy.erasure(erasure_id).is_done)
        assert client.get(f"/erasures/{erasure_id}.json").json()["stages_done"] == 4


def test_the_access_file_holds_what_was_sent_allowed_and_written_down(
    small_shop: Workspace, reader: httpx.Client, customer: int, at: str
) -> None:
    email = somebody(small_shop)[1]
    noon = datetime(2026, 3, 1, 12)
    small_shop.state.campaigns.withdraw(customer, email, way="page", at=noon)
    small_shop.state.research.write_note(
        f"{email} wants it blue", language="en", moment="", by="ann", at=noon
    )
    content = reader.get(f"{at}/access.zip").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        facts = json.loads(archive.read("customer.json"))
        page = archive.read("customer.html").decode()
    assert facts["decided"]["withdrawals"][0]["way"] == "page"
    assert facts["decided"]["research_notes"][0]["text"] == f"{email} wants it blue"
    assert set(facts["held_out"]) == {"all_campaigns"}
    assert "wants it blue" in page


def test_a_table_with_pseudonyms_is_handed_out(small_shop: Workspace, reader: httpx.Client) -> None:
    asked = {"table": "customers", "recipient": "University"}
    answer = reader.get("/trust/pseudonymous.csv", params=asked)
    assert answer.status_code == 200
    assert "@" not in answer.text
    assert "birth_year" in answer.text
    assert small_shop.state.audit.lines(action="trust_export")


def test_the_page_says_how_long_things_are_kept(reader: httpx.Client) -> None:
    shown = reader.get("/trust?lang=en").text
    assert "versions_days = 30" in shown
    assert "for ever" in shown


def test_queues_are_told_to_a_monitor(small_shop: Workspace) -> None:
    key = small_shop.keys.make("monitor", "metrics", by="ann")
    client = TestClient(create_app(small_shop))
    text = client.get("/metrics", headers={"authorization": f"Bearer {key}"}).text
    for line in (
        'klantreis_outbox_messages{status="due"} 0',
        "klantreis_collected_waiting 0",
        "klantreis_erasures_pending 0",
    ):
        assert line in text
    assert re.search(r"^klantreis_published_age_seconds \d+$", text, re.MULTILINE)
    assert re.search(r"^klantreis_quarantine_rows \d+$", text, re.MULTILINE)
