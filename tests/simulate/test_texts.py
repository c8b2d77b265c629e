"""The grammar of what customers write."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.simulate.texts import MOODS, write
from klantreis.simulate.voices import TOPICS

SLOTS = dict.fromkeys(
    ("product", "product_en", "noun", "noun_en", "days", "weeks", "day", "town", "name",
     "category", "amount", "method", "room", "room_en", "order"),
    "word",
)  # fmt: skip


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("emotion", range(-2, 3))
def test_every_topic_can_be_written_in_every_mood(language: str, topic: str, emotion: int) -> None:
    for seed in range(40):
        subject, body = write(language, topic, emotion, seed, SLOTS)
        assert body
        assert not {"{", "}"} & set(subject + body)
        assert "  " not in body
        assert all(word[1:].islower() for word in body.split() if word.startswith("#"))


@given(st.integers(0, 2**63 - 1))
def test_the_same_seed_writes_the_same_text(seed: int) -> None:
    first = write("nl", "ticket.damaged", -2, seed, SLOTS)
    assert first == write("nl", "ticket.damaged", -2, seed, SLOTS)


def test_texts_hardly_repeat_even_without_names_and_products() -> None:
    bodies = [write("nl", "ticket.late_parcel", -1, seed, SLOTS)[1] for seed in range(2_000)]
    assert len(set(bodies)) > 1_900


def test_moods_sound_different() -> None:
    said = [
        {write("nl", "review.product", emotion, seed, SLOTS)[1] for seed in range(200)}
        for emotion in range(len(MOODS) - 3, 3)
    ]
    for one, other in itertools.combinations(said, 2):
        assert len(one & other) < 10


def test_an_unknown_slot_stays_to_be_filled_later() -> None:
    slots = {name: word for name, word in SLOTS.items() if name != "order"}
    subjects = {write("nl", "ticket.cancelled", -1, seed, slots)[0] for seed in range(50)}
    assert any("{order}" in subject for subject in subjects)
