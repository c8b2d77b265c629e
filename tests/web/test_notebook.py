from __future__ import annotations

from xml.etree import ElementTree

import pytest

from klantreis.errors import NotFoundError
from klantreis.web import drawings
from klantreis.workspace import Workspace


def test_a_notebook_gets_the_charts_of_a_page(shop: Workspace) -> None:
    drawn = drawings(shop, "segments", language="en")
    assert set(drawn) == {"grid", "groups", "treemap"}
    for drawing in drawn.values():
        assert ElementTree.fromstring(drawing._repr_svg_()).tag.endswith("svg")
    assert "Champions" in drawn["groups"]
    assert "Kampioenen" in drawings(shop, "segments")["groups"]


def test_a_notebook_asks_what_an_address_may_ask(shop: Workspace) -> None:
    assert (
        "Advocacy"
        in drawings(shop, "journey", language="en", model="awareness_to_advocacy")["phases"]
    )
    old, new = (drawings(shop, "portrait", customer_id=number) for number in (901, 1))
    assert old == new
    assert set(new) == {"emotion", "timeline"}


def test_an_unknown_page_is_named_with_those_that_there_are(shop: Workspace) -> None:
    with pytest.raises(
        NotFoundError, match=r"'maps'; allowed: .*customers, definitions, .*journey"
    ):
        drawings(shop, "maps")
