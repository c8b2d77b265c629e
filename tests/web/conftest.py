from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect, sync_playwright
from starlette.testclient import TestClient

from klantreis.web import create_app
from klantreis.workspace import Workspace
from tests.web.shop import make_workspace

ARGUMENTS = (
    "--no-sandbox", "--headless=new", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
)  # fmt: skip
# A machine that does other things too may take its time.
expect.set_options(timeout=20_000)
Serving = Callable[..., AbstractContextManager[str]]


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The made-up shop, published."""
    workspace = make_workspace(tmp_path_factory.mktemp("shop") / "huis-en-haard")
    yield workspace
    workspace.close()


@pytest.fixture(scope="session")
def shop_app(shop: Workspace) -> FastAPI:
    """The pages of the made-up shop; to read only."""
    return create_app(shop, is_open=True)


@pytest.fixture
def client(shop_app: FastAPI) -> httpx.Client:
    """A reader who states no language; cookies are kept as a browser does."""
    return TestClient(shop_app, follow_redirects=False)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Workspace]:
    """A small shop of this test alone, to change."""
    with make_workspace(tmp_path / "shop", customers=80) as workspace:
        yield workspace


@pytest.fixture
def editor(own: Workspace) -> httpx.Client:
    """Who may change everything in it."""
    return TestClient(create_app(own, is_open=True))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine (scripts/install-test-tools.sh installs it)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def serving() -> Serving:
    """Serves a workspace to who sits at this machine; gives its address."""

    @contextmanager
    def serve(workspace: Workspace, *, port: int = 0) -> Iterator[str]:
        app = create_app(workspace, is_open=True)
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=10)

    return serve


@pytest.fixture(scope="session")
def site(shop: Workspace, serving: Serving) -> Iterator[str]:
    with serving(shop) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on which nothing may be complained of in the console."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
    )
    yield opened
    context.close()
    assert [text for text in complaints if "404 (Not Found)" not in text] == []
