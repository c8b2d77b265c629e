from __future__ import annotations

import pytest

from klantreis.cli import console


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A screen on which every table fits, however wide the one is that tests are run on."""
    for screen in (console.out, console.errors):
        monkeypatch.setattr(screen, "width", 400)
