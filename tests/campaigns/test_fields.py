"""Text and fields are two views of one flow."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.campaigns import (
    SHIPPED,
    FlowFields,
    changed,
    fields_of,
    flow_text,
    raw_of,
    read_flow,
    shipped,
)
from klantreis.channels import CHANNEL_NAMES
from klantreis.errors import FieldError

EVENTS = st.sampled_from(["purchase", "add_to_cart", "review", "delivered"])
RULES = st.sampled_from(["orders >= 2", "did 'purchase' in last 3 days", "city = 'Utrecht'"])
HOURS = st.integers(1, 2000) | st.floats(1, 2000, allow_nan=False)
TEXTS = st.text(max_size=60)
LETTERS = ("one", "two")


@st.composite
def steps(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(["wait", "send", "stop"]))
    when = draw(st.none() | RULES)
    more = {"when": when} if when else {}
    if kind == "wait":
        return {"wait_hours": draw(HOURS), **more}
    if kind == "stop":
        return {"stop": True, **more}
    instead = draw(st.sampled_from(["", *LETTERS]))
    sent = {"send": draw(st.sampled_from(LETTERS)), "service": draw(st.booleans())}
    return {**sent, **({"instead": instead} if instead else {}), **more}


@st.composite
def raws(draw: st.DrawFn) -> dict[str, Any]:
    """Flows as TOML has them, with texts of any signs."""

    def letter() -> dict[str, str]:
        texts = {name: draw(TEXTS) for name in ("subject", "text", "preview", "button", "link")}
        return {**texts, "subject": texts["subject"] or "s"}

    languages = draw(st.sampled_from([("nl",), ("en", "nl"), ("nl", "en"), ("nl", "fr")]))
    trigger = {
        "event": draw(EVENTS),
        "within_hours": draw(HOURS),
        "rule": draw(RULES),
        **({"score_at_most": -0.5} if draw(st.booleans()) else {}),
    }
    return {
        "name": "small",
        "kind": draw(st.sampled_from(["small", "basket"])),
        "channel": draw(st.sampled_from(CHANNEL_NAMES)),
        "holdout": draw(st.floats(0, 0.9)),
        "reentry_days": draw(st.integers(0, 400) | st.floats(0, 400)),
        "exits": draw(st.lists(EVENTS, max_size=3, unique=True)),
        "title": {"nl": draw(TEXTS), "en": draw(TEXTS)},
        "trigger": trigger,
        "steps": [*draw(st.lists(steps(), max_size=4)), {"send": "one"}],
        "letters": {name: {one: letter() for one in languages} for name in LETTERS},
    }


@given(raws())
def test_a_flow_written_as_text_reads_as_the_same(raw: dict[str, Any]) -> None:
    assert tomllib.loads(flow_text(raw)) == raw


@given(raws())
def test_a_flow_shown_as_fields_and_saved_again_is_the_same(raw: dict[str, Any]) -> None:
    flow = read_flow(flow_text(raw), channels=CHANNEL_NAMES)
    again = read_flow(flow_text(raw_of(fields_of(raw))), channels=CHANNEL_NAMES)
    assert again == flow
    orders = [list(one.letters["one"]) for one in (flow, again)]
    assert orders[0] == orders[1]  # who speaks neither gets the first
    assert fields_of(raw_of(fields_of(raw))) == fields_of(raw)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_flow_loses_nothing_by_its_fields(name: str) -> None:
    raw = tomllib.loads(shipped(name))
    again = read_flow(flow_text(raw_of(fields_of(raw))), channels=CHANNEL_NAMES)
    assert again == read_flow(shipped(name), channels=CHANNEL_NAMES)


def basket() -> FlowFields:
    return fields_of(tomllib.loads(shipped("abandoned_basket")))


def test_fields_speak_of_days_and_per_cents() -> None:
    fields = basket()
    assert (fields.within, fields.within_unit) == ("3", "days")
    assert (fields.holdout_percent, fields.reentry_days) == ("10", "14")
    assert [(step.length, step.unit) for step in fields.steps if step.kind == "wait"] == [
        ("4", "hours"),
        ("44", "hours"),
    ]


def test_steps_are_added_moved_and_removed() -> None:
    fields = basket()
    kinds = [step.kind for step in changed(fields, "down:0").steps]
    assert kinds == ["send", "wait", "wait", "send"]
    assert changed(changed(fields, "down:0"), "up:1") == fields
    assert changed(changed(fields, "add:stop"), "remove:4") == fields
    for wish in ("up:0", "down:3", "remove:9", "nonsense", "up:", "letter"):
        assert changed(fields, wish) == fields


def test_letters_are_added_and_removed() -> None:
    fields = changed(basket(), "letter", "extra")
    assert [one.language for one in fields.letters if one.name == "extra"] == ["nl", "en"]
    assert changed(fields, "letter", "extra") == fields
    assert changed(fields, "unletter:extra") == basket()


@pytest.mark.parametrize("number", ["four", "", "1e999999", "nan", "-1"])
def test_a_number_that_is_none_stays_as_typed_and_is_refused_at_its_field(number: str) -> None:
    raw = tomllib.loads(shipped("abandoned_basket"))
    fields = fields_of({**raw, "steps": [{"wait_hours": number}, *raw["steps"]]})
    assert fields.steps[0].length == number
    with pytest.raises(FieldError) as refused:
        read_flow(flow_text(raw_of(fields)), channels=CHANNEL_NAMES)
    assert refused.value.field == "steps.0.wait_hours"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["title", "steps", "nl", "send", "letters"]), inner)
        ),
        max_leaves=8,
    )
)
def test_any_toml_can_be_shown_as_fields(value: object) -> None:
    for name in ("title", "trigger", "steps", "letters", "exits", "holdout", "reentry_days"):
        fields_of({"name": "small", name: value})
