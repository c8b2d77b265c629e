"""Names in a rule that nobody has: told with those that they may have been meant as."""

from __future__ import annotations

import httpx
import pytest

from klantreis.errors import RuleError
from klantreis.words import translator
from klantreis.words.strangers import nobody_has
from klantreis.workspace import Workspace


@pytest.mark.parametrize(
    ("rule", "asked"),
    [
        ("segment('kampioenen')", ["segment('kampioenen')"]),
        ("segment('champions') or segment('champion')", ["segment('champion')"]),
        ("city = 'utrecht' and not source('kasssa')", ["city = 'utrecht'", "source('kasssa')"]),
        ("city in ('Utrecht', 'Utrehct')", ["city = 'Utrehct'"]),
        ("city = 'Utrecht' and orders > 2", []),
        ("email = 'nobody@voorbeeld.nl' or city != 'x'", []),
    ],
)
def test_a_name_that_nobody_has_is_told(shop: Workspace, rule: str, asked: list[str]) -> None:
    assert [one.asked for one in shop.audiences.strangers(rule)] == asked


def test_the_names_that_are_most_alike_come_first(shop: Workspace) -> None:
    (one,) = shop.audiences.strangers("segment('championns')")
    assert one.known[0] == "champions"


def test_the_name_of_a_group_as_pages_call_it_leads_to_its_name_in_rules() -> None:
    known = ("lost", "new", "promising", "loyal", "at_risk", "hibernating", "champions")
    told = nobody_has(translator("nl"), "segment('Kampioenen')", "segment", "Kampioenen", known)
    assert told.startswith("Niemand heeft segment('Kampioenen'): die naam staat niet in")
    assert "Wel: 'champions' (Kampioenen), 'lost' (Verloren)" in told
    none = nobody_has(translator("en"), "persona('x')", "persona", "x", ())
    assert none == "Nobody has persona('x'): there are no such names in the data yet."


@pytest.mark.parametrize(("language", "told"), [("nl", "Niemand heeft"), ("en", "Nobody has")])
def test_the_page_tells_it_beside_the_count(client: httpx.Client, language: str, told: str) -> None:
    page = client.get("/audiences", params={"rule": "segment('kampioenen')", "lang": language})
    assert told in page.text
    assert "champions" in page.text


def test_a_rule_of_more_conditions_than_a_person_writes_is_refused(shop: Workspace) -> None:
    pasted = " or ".join(f"city = '{n}'" for n in range(1_500))
    with pytest.raises(RuleError, match="at most 500 conditions; a list of values stands in"):
        shop.audiences.count(pasted)
