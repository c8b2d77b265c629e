from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from klantreis import Workspace
from klantreis.web import create_app
from klantreis.web.actors import ROLES
from klantreis.web.gate import ANYBODY
from klantreis.web.limits import Limits
from tests.web.forms import token
from tests.web.shop import make_workspace

PASSWORD = "vier paarse fietsen"
SOME = {"customer_id": "1", "name": "ann", "key_id": "0", "secret": "none"}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A shop with a user of each role, who has the role as name."""
    workspace = make_workspace(tmp_path_factory.mktemp("guarded") / "shop", customers=40)
    for role in ROLES:
        workspace.accounts.use_link(workspace.accounts.add(role, role), PASSWORD)
    yield workspace
    workspace.close()


@pytest.fixture(scope="module")
def app(guarded: Workspace) -> FastAPI:
    return create_app(guarded)


def browser(app: FastAPI, *, https: bool = False) -> TestClient:
    base = "https://testserver" if https else "http://testserver"
    return TestClient(app, base_url=base, follow_redirects=False, raise_server_exceptions=False)


def sign_in(
    client: httpx.Client, name: str, password: str = PASSWORD, **more: str
) -> httpx.Response:
    form = {"name": name, "password": password, "csrf": token(client), **more}
    return client.post("/sign-in", data=form)


def signed_in(app: FastAPI, role: str, *, https: bool = False) -> TestClient:
    client = browser(app, https=https)
    if role:
        assert sign_in(client, role).status_code == 303
    return client


def routes(app: FastAPI) -> list[APIRoute]:
    return [route for route in app.routes if isinstance(route, APIRoute)]


def method_of(route: APIRoute) -> str:
    assert route.methods
    return next(iter(route.methods))


def address(route: APIRoute) -> str:
    return re.sub(r"\{(\w+)\}", lambda part: SOME.get(part[1], "1"), route.path)


def test_every_route_states_its_role(app: FastAPI) -> None:
    roles = app.state.rules.roles
    assert {route.name for route in routes(app)} == set(roles)
    assert set(roles.values()) <= {*ROLES, ANYBODY}
    others = {getattr(route, "path", "") for route in app.routes} - {r.path for r in routes(app)}
    assert others == {"/static"}, "what is no route of ours does not pass the gate"


def test_only_signing_in_monitors_and_unsubscribing_are_for_anybody(app: FastAPI) -> None:
    roles = app.state.rules.roles
    assert {name for name, role in roles.items() if role == ANYBODY} == {
        "healthz",
        "metrics",
        "password_form",
        "set_password",
        "sign_in",
        "sign_in_form",
        "unsubscribe",
        "unsubscribe_page",
    }


def test_changes_take_an_editor_save_those_of_ones_own_account(app: FastAPI) -> None:
    roles = app.state.rules.roles
    changes = {r.name: roles[r.name] for r in routes(app) if method_of(r) == "POST"}
    own = {"sign_out", "sign_out_everywhere", "change_password"}
    assert {name for name, role in changes.items() if role == "viewer"} == own


@pytest.mark.parametrize("role", ["", *ROLES])
def test_each_route_lets_in_who_may_and_nobody_else(
    app: FastAPI, guarded: Workspace, role: str
) -> None:
    client = signed_in(app, role)
    for route in routes(app):
        wanted = app.state.rules.roles[route.name]
        method = method_of(route)
        # Without a token no change is made, but the gate speaks first.
        answer = client.request(method, address(route))
        is_refused = answer.status_code in (401, 403) and "token" not in answer.text
        if route.name == "metrics":
            assert answer.status_code == 401, "this machine or a key; no role is enough"
        elif wanted == ANYBODY:
            assert answer.status_code != 401, route.path
        elif not role:
            to_sign_in = answer.headers.get("location", "").startswith("/sign-in?next=")
            assert (
                to_sign_in
                if method == "GET" and ".json" not in route.path
                else (answer.status_code == 401)
            ), route.path
        elif ROLES.index(role) < ROLES.index(wanted):
            assert answer.status_code == 403, route.path
            assert f"role {wanted}" in answer.text, route.path
        else:
            assert not is_refused or "form has expired" in answer.text, route.path


def test_a_route_without_a_rule_lets_nobody_in(guarded: Workspace) -> None:
    app = create_app(guarded)
    app.get("/new")(lambda: "secret")
    answer = signed_in(app, "admin").get("/new")
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_signing_in_leads_back_to_the_page_that_was_asked_for(app: FastAPI) -> None:
    client = browser(app)
    asked = client.get("/customers?q=de+vries")
    assert asked.headers["location"] == "/sign-in?next=%2Fcustomers%3Fq%3Dde%2Bvries"
    answer = sign_in(client, "viewer", next="/customers?q=de+vries")
    assert answer.headers["location"] == "/customers?q=de+vries"
    assert client.get("/customers").status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_signing_in_leads_nowhere_else(app: FastAPI, elsewhere: str) -> None:
    assert sign_in(browser(app), "viewer", next=elsewhere).headers["location"] == "/"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(app: FastAPI) -> None:
    plain = sign_in(browser(app), "viewer").headers["set-cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=lax" in plain
    safe = sign_in(browser(app, https=True), "viewer").headers["set-cookie"]
    assert safe.startswith("__Host-klantreis_session=")
    assert "Secure" in safe
    assert "Domain" not in safe


def test_https_is_remembered(app: FastAPI) -> None:
    header = "strict-transport-security"
    assert "max-age=31536000" in browser(app, https=True).get("/sign-in").headers[header]
    assert header not in browser(app).get("/sign-in").headers


def test_a_failed_sign_in_says_so_and_does_not_tell_which(app: FastAPI) -> None:
    client = browser(app)
    for name in ("viewer", "nobody"):
        answer = sign_in(client, name, "not the password")
        assert answer.headers["location"].startswith("/sign-in?problem=wrong")
    page = client.get("/sign-in?problem=wrong&lang=en").text
    assert "The name or the password is not right." in page
    assert sign_in(client, "viewer").headers["location"] == "/"


def test_a_form_of_another_session_does_not_count(app: FastAPI) -> None:
    one, two = signed_in(app, "admin"), signed_in(app, "admin")
    form = {"csrf": token(one, "/users"), "name": "eve", "role": "admin"}
    assert two.post("/users", data=form).status_code == 403
    two.cookies.set("klantreis_csrf", form["csrf"])
    assert two.post("/users", data=form).status_code == 403, "a planted cookie does not help"


def test_signing_out_ends_the_session_itself(app: FastAPI, guarded: Workspace) -> None:
    client = signed_in(app, "viewer")
    secret = client.cookies["klantreis_session"]
    client.post("/sign-out", data={"csrf": token(client, "/account")})
    assert guarded.accounts.who(secret) is None
    assert client.get("/account").status_code == 303


def test_a_user_is_added_comes_in_by_the_link_and_is_shut_out(
    app: FastAPI, guarded: Workspace
) -> None:
    admin = signed_in(app, "admin")
    form = {"csrf": token(admin, "/users"), "name": "Zoë", "role": "editor"}
    shown = admin.post("/users", data=form, params={"lang": "en"})
    link = re.search(r"http://testserver(/welcome/[\w-]+)", shown.text)
    assert link
    zoe = browser(app)
    password = {"password": PASSWORD, "again": PASSWORD, "csrf": token(zoe, link[1])}
    assert zoe.post(link[1], data=password | {"again": "x"}).headers["location"].endswith("differs")
    assert zoe.post(link[1], data=password).headers["location"] == "/sign-in?done=set"
    assert zoe.get(link[1]).status_code == 404
    assert sign_in(zoe, "zoë").headers["location"] == "/"
    assert zoe.get("/segments").status_code == 200
    admin.post("/users/zoë/shut-out", data={"csrf": token(admin, "/users")})
    assert zoe.get("/segments").status_code == 303


def test_a_program_reads_twins_with_a_key_and_nothing_more(
    app: FastAPI, guarded: Workspace
) -> None:
    secret = guarded.keys.make("dashboard", "read", by="admin")
    program = browser(app)
    program.headers["authorization"] = f"Bearer {secret}"
    assert program.get("/segments.json").status_code == 200
    assert program.get("/users.json").status_code == 403
    collecting = guarded.keys.make("till", "collect", source="till", by="admin")
    program.headers["authorization"] = f"Bearer {collecting}"
    assert program.get("/segments.json").status_code == 401
    assert program.get("/segments").status_code == 401


def test_a_program_that_asks_too_often_waits() -> None:
    moment = [0.0]
    limits = Limits(burst=3, per_second=2, clock=lambda: moment[0])
    assert [limits.take("key:a") for _ in range(4)] == [True, True, True, False]
    assert limits.take("key:b")
    moment[0] = 0.5
    assert [limits.take("key:a") for _ in range(2)] == [True, False]


def test_what_is_done_is_written_down_and_secrets_are_not(app: FastAPI, guarded: Workspace) -> None:
    admin = signed_in(app, "admin")
    mistyped = "my password by mistake"
    sign_in(browser(app), mistyped, "x")
    form = {"csrf": token(admin, "/users"), "name": "board", "purpose": "read"}
    key = re.search(r"klantreis_[\w-]+", admin.post("/keys", data=form).text)
    assert key
    lines = guarded.state.audit.lines(limit=1000)
    assert {"sign_in", "sign_in_wrong", "users_make_key"} <= {line.action for line in lines}
    made = next(line for line in lines if line.action == "users_make_key")
    assert (made.actor, made.address, made.subject) == ("admin", "testclient", "/keys")
    assert not any(text in str(lines) for text in (key[0], mistyped, "welcome", PASSWORD))
    page = admin.get("/audit", params={"what": "users_make_key", "lang": "en"}).text
    assert "users make key" in page


def test_an_open_server_says_so_on_every_page_and_a_guarded_one_shows_nothing(
    guarded: Workspace,
) -> None:
    said = "Open on this machine only"
    is_open = TestClient(create_app(guarded, is_open=True))
    for page in ("/?lang=en", "/customers", "/users", "/nowhere"):
        assert said in is_open.get(page).text
    closed = browser(create_app(guarded)).get("/nowhere?lang=en").text
    assert said not in closed
    assert "/customers" not in closed


def test_the_first_start_prints_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from klantreis.cli.app import app as cli

    monkeypatch.setattr("uvicorn.run", lambda *_, **__: None)
    Workspace.create(tmp_path / "shop").close()
    said = CliRunner().invoke(cli, ["serve", str(tmp_path / "shop")]).output
    link = re.search(r"http://127\.0\.0\.1:8350/welcome/([\w-]+)", said)
    assert link
    with Workspace.open(tmp_path / "shop") as workspace:
        workspace.accounts.use_link(link[1], PASSWORD)
    assert "/welcome/" not in CliRunner().invoke(cli, ["serve", str(tmp_path / "shop")]).output
    refused = CliRunner().invoke(
        cli, ["serve", str(tmp_path / "shop"), "--open", "--host", "0.0.0.0"]
    )
    assert "--open" in str(refused.exception)


def test_the_way_back_in_from_the_command_line(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from klantreis.cli.app import app as cli

    Workspace.create(tmp_path / "shop").close()
    shop = str(tmp_path / "shop")
    link = re.search(
        r"/welcome/([\w-]+)",
        CliRunner().invoke(cli, ["users", shop, "--add", "ann", "--role", "admin"]).output,
    )
    assert link
    listed = CliRunner().invoke(cli, ["users", shop]).output
    assert "ann" in listed
    assert "heeft nog geen wachtwoord ingesteld" in listed
    english = CliRunner().invoke(cli, ["users", shop, "--language", "en"]).output
    assert "has not set a password yet" in english
    with Workspace.open(shop) as workspace:
        workspace.accounts.use_link(link[1], PASSWORD)
        assert workspace.state.audit.lines()[0].action == "users_add"
