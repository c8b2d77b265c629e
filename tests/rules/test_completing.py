"""What an editor offers at the cursor."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.errors import RuleError
from klantreis.rules import Rule, completions, parse, text_of
from tests.rules.strategies import rules


def names(kind: str, of: str) -> tuple[str, ...]:
    return {
        ("segment", ""): ("champions", "lost"),
        ("value", "city"): ("Utrecht", "'s-Hertogenbosch"),
        ("consent", ""): ("email", "post"),
    }.get((kind, of), ())


def offered(text: str) -> list[str]:
    """Texts that are offered at the mark."""
    before, _, after = text.partition("|")
    found = completions(before + after, len(before), values=names)
    return [one.text for one in found]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("|", "not"),
        ("ord|", "orders"),
        ("is_known and champ|", None),
        ("segment('|", "'champions'"),
        ("segment(champ|", "'champions'"),
        ("city = 'ut|", "'Utrecht'"),
        ("city = '|", "'Utrecht'"),
        ("did '|", "'ad_click'"),
        ("did 'add_to_c|art'", "'add_to_cart'"),
        ("did 'purchase' in last 3 |", "days"),
        ("did 'purchase' where am|", "amount"),
        ("did 'purchase' via |", "'web'"),
        ("did 'purchase' then |", "not"),
        ("orders >= |", None),
        ("orders 'x' |", None),
        ("did 'purchase' in |", "last"),
    ],
)
def test_what_is_offered_first(text: str, first: str | None) -> None:
    assert next(iter(offered(text)), None) == first


def test_a_consent_is_offered_for_what_was_stated_and_without_any_for_all_that_is_known() -> None:
    assert offered("consent('|") == ["'email'", "'post'"]
    assert [one.name for one in completions("consent('", 9)] == [
        "email", "sms", "post", "profiling", "analytics"
    ]  # fmt: skip


def test_behind_a_whole_condition_come_its_limits_and_what_joins() -> None:
    assert offered("did 'purchase' |") == [
        "via", "where", "in last", "from", "until", "then", "and", "or"
    ]  # fmt: skip
    assert {"in last", "is known", ">="} <= set(offered("orders |"))


def test_what_is_chosen_takes_the_place_of_what_was_begun() -> None:
    (one,) = completions("did 'add_to_c' and is_known", 13)
    assert (one.text, one.kind, one.name) == ("'add_to_cart'", "event", "add_to_cart")
    assert (one.start, one.end) == (4, 14)


def mistake(text: str, audiences: Mapping[str, Rule]) -> int:
    """Where a rule is wrong; its end for one that is right."""
    try:
        parse(text, audiences=audiences)
    except RuleError as error:
        return error.position
    return len(text)


@given(rules, st.data())
def test_what_is_offered_anywhere_in_a_rule_may_stand_there(
    rule: Rule, data: st.DataObject
) -> None:
    text = text_of(rule)
    at = data.draw(st.integers(0, len(text)))
    audiences = {"regulars": parse("is_known")}
    for one in completions(text, at, audiences=audiences, values=names):
        chosen = text[: one.start] + one.text
        # What is offered may leave the rule unfinished, but is never wrong itself.
        assert mistake(chosen, audiences) >= len(chosen)
