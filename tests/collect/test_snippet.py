"""The snippet in a real page of a real browser: nothing before consent, nothing under Do Not Track."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from klantreis import Workspace
from tests.collect.serving import Server

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><title>Winter</title>
<script src="{url}/klantreis.js" data-key="{key}" {consent} defer></script>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine (scripts/install-test-tools.sh installs it)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield opened
        opened.close()


class Shop:
    """Web pages with the snippet at one address, and the collection server at another."""

    def __init__(self, folder: Path) -> None:
        with Workspace.create(folder / "shop") as workspace:
            key = workspace.keys.make("webshop", "collect", source="webshop", by="owner")
        self.server = Server(folder / "shop")
        self.server.start()
        site = folder / "site"
        site.mkdir()
        for name, consent in (("asks", ""), ("asked", 'data-consent="given"')):
            html = PAGE.format(url=self.server.url, key=key, consent=consent)
            (site / f"{name}.html").write_text(html, encoding="utf-8")
        handler = partial(_Quiet, directory=str(site))
        self.pages = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.pages.serve_forever, daemon=True).start()

    def address(self, page: str) -> str:
        return f"http://127.0.0.1:{self.pages.server_port}/{page}.html"

    def lines(self) -> list[str]:
        with Workspace.open(self.server.folder) as workspace:
            return [event.line.decode() for _, event in workspace.collecting.log.since(0)]

    def close(self) -> None:
        self.pages.shutdown()
        self.server.stop()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None: ...


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    yield shop
    shop.close()


def test_nothing_is_sent_or_kept_before_consent_and_then_it_is(
    shop: Shop, browser: Browser
) -> None:
    page = browser.new_page()
    page.goto(f"{shop.address('asks')}?utm_source=newsletter&mc_eid=26408FFA70&token=secret")
    page.evaluate("klantreis.track('Product Added', {product_id: 'P1'}); klantreis.flush()")
    page.wait_for_timeout(300)
    assert shop.lines() == []
    assert page.evaluate("localStorage.length") == 0

    page.evaluate("klantreis.consent(true); klantreis.identify(901, {email: 'ann@post.nl'})")
    with page.expect_response("**/v1/batch") as answered:
        page.evaluate("klantreis.track('Product Added', {product_id: 'P1'}); klantreis.flush()")
    assert answered.value.json() == {"success": True}
    told = "\n".join(shop.lines())
    assert '"userId":"901"' in told
    assert '"source":"newsletter"' in told
    assert '"search":"?mc_eid=26408FFA70"' in told
    assert "secret" not in told
    assert "klantreis_" not in told  # the key is not among what is kept

    page.evaluate("klantreis.consent(false); klantreis.page(); klantreis.flush()")
    page.wait_for_timeout(300)
    assert len(shop.lines()) == 2
    assert page.evaluate("localStorage.getItem('klantreis_id')") is None


def test_a_page_that_asked_itself_sends_its_view_when_it_is_left(
    shop: Shop, browser: Browser
) -> None:
    page = browser.new_page()
    page.goto(shop.address("asked"))
    page.wait_for_function("window.klantreis")
    page.goto("about:blank")
    for _ in range(50):
        if lines := shop.lines():
            break
        page.wait_for_timeout(100)
    assert ['"title":"Winter"' in line for line in lines] == [True]


@pytest.mark.parametrize(
    "wish", ["doNotTrack', {value: '1'", "globalPrivacyControl', {value: true"]
)
def test_nothing_is_ever_sent_under_do_not_track(shop: Shop, browser: Browser, wish: str) -> None:
    page = browser.new_page()
    page.add_init_script(f"Object.defineProperty(Navigator.prototype, '{wish}}})")
    page.goto(shop.address("asked"))
    page.evaluate("klantreis.consent(true); klantreis.track('x'); klantreis.flush()")
    page.wait_for_timeout(300)
    assert shop.lines() == []
