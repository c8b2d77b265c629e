from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

import pytest
from fastapi import FastAPI, Form
from fastapi.testclient import TestClient

from klantreis import Workspace
from klantreis.web import create_app
from klantreis.web.action import Action
from klantreis.web.actors import Actor
from klantreis.web.download import Download, DownloadedFile
from klantreis.web.page import NoQuery
from klantreis.web.routes import add_action, add_download
from klantreis.words import Translator


@dataclass(frozen=True)
class Renaming:
    number: int
    name: Annotated[str, Form(max_length=10)]


class Asked:
    """An application with one action and one download, and what the action was asked."""

    def __init__(self, workspace: Workspace) -> None:
        self.made: list[tuple[int, str, str]] = []
        self.app: FastAPI = create_app(workspace, is_open=True)
        add_action(self.app, Action("t_rename", "/t/{number}/name", Renaming, self._rename))
        add_download(self.app, Download("t_text", "/t.txt", NoQuery, self._text, role="admin"))

    def _rename(self, workspace: Workspace, form: Renaming, actor: Actor) -> str:
        self.made.append((form.number, form.name, actor.name))
        return "/definitions"

    def _text(self, workspace: Workspace, query: Any, words: Translator) -> DownloadedFile:
        return DownloadedFile("café.txt", "text/plain", words.text("Customers").encode())

    def client(self, actor: Actor | None = None) -> TestClient:
        if actor:

            @self.app.middleware("http")
            async def as_actor(request: Any, following: Any) -> Any:
                request.state.actor = actor
                return await following(request)

        return TestClient(self.app, follow_redirects=False)


@pytest.fixture
def asked(shop: Workspace) -> Asked:
    return Asked(shop)


def token(client: TestClient) -> str:
    found = re.search(r'"X-CSRF-Token": "([^"]+)"', client.get("/definitions").text)
    assert found
    return found[1]


def test_an_action_is_made_once_and_shows_its_page(asked: Asked) -> None:
    client = asked.client()
    answer = client.post("/t/3/name", data={"name": "Ann", "csrf": token(client)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/definitions")
    assert asked.made == [(3, "Ann", "owner")]


def test_the_token_may_come_in_a_header(asked: Asked) -> None:
    client = asked.client()
    headers = {"x-csrf-token": token(client)}
    assert client.post("/t/3/name", data={"name": "Ann"}, headers=headers).status_code == 303


@pytest.mark.parametrize("given", ["", "forged"])
def test_a_forged_action_is_refused(asked: Asked, given: str) -> None:
    client = asked.client()
    token(client)
    assert client.post("/t/3/name", data={"name": "Ann", "csrf": given}).status_code == 403
    assert asked.made == []


def test_without_our_cookie_nothing_is_changed(asked: Asked) -> None:
    assert asked.client().post("/t/3/name", data={"name": "Ann", "csrf": ""}).status_code == 403


def test_a_wrong_form_is_refused_and_changes_nothing(asked: Asked) -> None:
    client = asked.client()
    data = {"name": "far too long a name", "csrf": token(client)}
    assert client.post("/t/3/name", data=data).status_code == 422
    assert asked.made == []


def test_a_viewer_changes_nothing(asked: Asked) -> None:
    client = asked.client(Actor("Vic", "viewer"))
    data = {"name": "Ann", "csrf": token(client)}
    assert client.post("/t/3/name", data=data).status_code == 403
    assert asked.made == []


def test_a_download_comes_in_the_readers_language(asked: Asked) -> None:
    answer = asked.client().get("/t.txt", params={"lang": "nl"})
    assert answer.text == "Klanten"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''caf%C3%A9.txt"


def test_a_download_beyond_the_role_is_refused(asked: Asked) -> None:
    assert asked.client(Actor("Ed", "editor")).get("/t.txt").status_code == 403
