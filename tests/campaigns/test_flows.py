from __future__ import annotations

import pytest

from klantreis.campaigns import SHIPPED, Send, read_flow, shipped
from klantreis.channels import CHANNEL_NAMES, Letter, check_letter
from klantreis.errors import InputError, RuleError
from klantreis.workspace import LETTER_NAMES

SMALL = """
name = "small"
[trigger]
event = "purchase"
[[steps]]
send = "a"
[letters.a.nl]
subject = "s"
text = "t"
"""


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_flow_is_complete_in_both_languages(name: str) -> None:
    flow = read_flow(shipped(name), channels=CHANNEL_NAMES)
    assert flow.name == name
    assert set(flow.title) == {"nl", "en"}
    sends = [step for step in flow.steps if isinstance(step, Send)]
    assert sends
    for letter in flow.letters:
        assert set(flow.letters[letter]) == {"nl", "en"}
        for texts in flow.letters[letter].values():
            check_letter(Letter(**texts), LETTER_NAMES)


def test_an_abandoned_basket_mail_has_a_service_letter_in_its_place() -> None:
    flow = read_flow(shipped("abandoned_basket"), channels=CHANNEL_NAMES)
    assert all(step.instead for step in flow.steps if isinstance(step, Send))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('name = "small"', 'name = "Sm all"', "name in the flow.*small letters"),
        ("[trigger]", "colour = 1\n[trigger]", "Unknown field in the flow: got colour"),
        ('event = "purchase"', 'event = "bought"', "event in \\[trigger\\].*purchase"),
        ('event = "purchase"', "", "neither event nor rule"),
        ('send = "a"', 'send = "b"', "send in step 1: got b; allowed: a"),
        ('send = "a"', 'send = "a"\nstop = true', "step in step 1.*one of wait_hours, send, stop"),
        ('send = "a"', "wait_hours = -1", "wait_hours in step 1.*from 0"),
        ('send = "a"', 'sned = "a"', "one of wait_hours"),
        ("[[steps]]", "exits = 3\n[[steps]]", "exits"),
        ('name = "small"', 'name = "small"\nholdout = 2', "holdout.*0 to 0.9"),
        ('name = "small"', 'name = "small"\nchannel = "pigeon"', "email, file, webhook"),
        ('subject = "s"', "subject = 5", "subject in letter a.nl"),
        ("[trigger]", "[trigger", "Not valid TOML"),
    ],
)
def test_a_wrong_field_is_named_with_what_is_allowed(old: str, new: str, words: str) -> None:
    assert old in SMALL
    with pytest.raises(InputError, match=words):
        read_flow(SMALL.replace(old, new), channels=CHANNEL_NAMES)


def test_a_wrong_rule_is_shown_at_its_place() -> None:
    wrong = SMALL.replace('event = "purchase"', 'rule = "order > 1"')
    with pytest.raises(RuleError, match="line 1, column 1"):
        read_flow(wrong, channels=CHANNEL_NAMES)
