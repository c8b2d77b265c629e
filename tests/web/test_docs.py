from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from klantreis.web.page import Page
from klantreis.web.pages import PAGES

DOCS = (Path(__file__).parents[2] / "docs" / "pages.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_its_twin_and_what_it_may_be_asked_are_documented(page: Page) -> None:
    row = next(line for line in DOCS.splitlines() if line.startswith(f"| {page.name} |"))
    assert f"`{page.path}`" in row
    assert f"`{page.twin}`" in row
    for field in dataclasses.fields(page.query):
        assert f"`{field.name}`" in DOCS, field.name


def test_no_page_is_documented_that_is_not_there() -> None:
    table = DOCS.split("|---|---|---|---|")[1].split("\n\n")[0]
    assert {line.split("|")[1].strip() for line in table.strip().splitlines()} == {
        page.name for page in PAGES
    }
