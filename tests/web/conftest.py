from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from starlette.testclient import TestClient

from klantreis.web import create_app
from klantreis.workspace import Workspace
from tests.web.shop import make_workspace


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The made-up shop, published."""
    workspace = make_workspace(tmp_path_factory.mktemp("shop") / "huis-en-haard")
    yield workspace
    workspace.close()


@pytest.fixture
def client(shop: Workspace) -> httpx.Client:
    """A reader who states no language; cookies are kept as a browser does."""
    return TestClient(create_app(shop, is_open=True), follow_redirects=False)
