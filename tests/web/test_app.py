from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from klantreis.errors import InputError
from klantreis.web import create_app
from klantreis.web.answers import Answers
from klantreis.web.security import CONTENT_SECURITY_POLICY
from klantreis.workspace import Workspace
from tests.web.shop import AS_OF

ROOT = Path(__file__).parents[2]
WEB = ROOT / "src" / "klantreis" / "web"
LOCK = json.loads((ROOT / "vendor.lock.json").read_text(encoding="utf-8"))


def test_the_address_wins_over_the_cookie_and_the_cookie_over_the_browser(
    client: httpx.Client,
) -> None:
    english = {"accept-language": "en-GB,en;q=0.9"}
    assert '<html lang="nl">' in client.get("/definitions").text
    assert '<html lang="en">' in client.get("/definitions", headers=english).text
    chosen = client.get("/definitions?lang=nl", headers=english)
    assert '<html lang="nl">' in chosen.text
    assert "HttpOnly" in chosen.headers["set-cookie"]
    assert '<html lang="nl">' in client.get("/definitions", headers=english).text
    assert '<html lang="en">' in client.get("/definitions?lang=en").text


def test_a_language_that_we_do_not_speak_is_passed_over(client: httpx.Client) -> None:
    answer = client.get("/definitions?lang=fr", headers={"accept-language": "fr, x;q=oops"})
    assert '<html lang="nl">' in answer.text
    assert "klantreis_language" not in answer.headers["set-cookie"]


def test_switching_language_stays_on_the_page(client: httpx.Client) -> None:
    html = client.get("/customers?segment=at_risk&lang=nl").text
    assert 'href="/customers?segment=at_risk&amp;lang=en"' in html


def test_the_default_language_is_checked(shop: Workspace) -> None:
    with pytest.raises(InputError, match="allowed: nl, en"):
        create_app(shop, locale_default="de")
    client = TestClient(create_app(shop, locale_default="en", is_open=True))
    assert '<html lang="en">' in client.get("/definitions").text


@pytest.mark.parametrize("address", ["/", "/customers/1.json", "/nowhere", "/static/htmx.min.js"])
def test_every_answer_carries_the_headers_that_keep_strangers_out(
    client: httpx.Client, address: str
) -> None:
    headers = client.get(address).headers
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    kept = "immutable" if address.startswith("/static/") else "no-store"
    assert kept in headers["cache-control"]


def test_health_tells_what_is_published(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {
        "status": "ok",
        "is_ready": True,
        "publication": 1,
        "published_at": "2026-01-01T12:00:00",
        "as_of": "2026-01-01T12:00:00",
    }


def test_the_twins_are_described_for_programs(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert "/customers/{customer_id}.json" in paths
    assert "/segments.json" in paths
    assert client.get("/docs").status_code == 404


def test_an_answer_is_computed_once_for_a_publication() -> None:
    asked: list[str] = []
    answers = Answers(limit=2)

    def answer(question: str, publication: int = 1) -> str:
        def compute() -> str:
            asked.append(question)
            return question.upper()

        return str(answers.get(publication, question, compute))

    assert [answer("a"), answer("a"), answer("b")] == ["A", "A", "B"]
    assert asked == ["a", "b"]
    answer("c")
    answer("a")
    assert asked == ["a", "b", "c", "a"]
    answer("a", publication=2)
    assert asked == ["a", "b", "c", "a", "a"]


def test_a_new_publication_shows_at_the_next_request(tmp_path: Path) -> None:
    from tests.web.shop import make_workspace

    with make_workspace(tmp_path / "shop", customers=40) as workspace:
        client = TestClient(create_app(workspace, is_open=True))
        assert client.get("/overview.json").json()["as_of"].startswith("2026-01-01")
        published = workspace.published
        assert published is not None
        later = AS_OF + timedelta(days=3)
        workspace.state.publish(published.tables, as_of=later, at=later)
        assert client.get("/overview.json").json()["as_of"].startswith("2026-01-04")
        assert client.get("/healthz").json()["publication"] == 2


@pytest.mark.parametrize("package", LOCK["packages"], ids=lambda package: package["name"])
def test_what_browsers_get_from_others_is_what_the_lock_says(package: dict[str, object]) -> None:
    assert package["licence"] in ("0BSD", "ISC", "MIT", "OFL-1.1")
    files = package["files"]
    assert isinstance(files, list)
    for file in files:
        content = (ROOT / file["path"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"], file["path"]


def test_every_icon_and_static_file_is_locked_or_ours() -> None:
    locked = {file["path"] for package in LOCK["packages"] for file in package["files"]}
    ours = {"klantreis.css", "klantreis.js", "map.js", "rules.js", "icon.svg"}
    for folder in ("icons", "static"):
        for file in (WEB / folder).rglob("*"):
            if file.is_file() and file.name not in ours:
                assert file.relative_to(ROOT).as_posix() in locked


def test_every_icon_that_is_used_is_there_and_none_is_idle() -> None:
    sources = [*WEB.rglob("*.html"), *WEB.rglob("*.py")]
    text = "\n".join(file.read_text(encoding="utf-8") for file in sources)
    named = set(re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)*)"', text))
    held = {file.stem for file in (WEB / "icons").glob("*.svg")}
    assert held <= named
    called = set(re.findall(r'icon\("([a-z0-9-]+)"\)', text))
    assert called <= held


def test_nothing_is_fetched_from_elsewhere(client: httpx.Client) -> None:
    for address in ("/", "/customers/1", "/journey", "/segments"):
        html = client.get(address).text
        loaded = re.findall(r'(?:src|href)="(https?:[^"]+)"', html)
        assert loaded == []
    css = (WEB / "static" / "klantreis.css").read_text(encoding="utf-8")
    assert "http" not in css
