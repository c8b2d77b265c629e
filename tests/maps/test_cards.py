from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.errors import ConflictError, InputError, NotFoundError
from klantreis.maps import (
    LANES,
    Cards,
    Ground,
    Stamp,
    added,
    commented,
    edited,
    from_stored,
    grounded,
    moved,
    removed,
    shifted,
    to_stored,
    ungrounded,
)

NOON = datetime(2026, 1, 1, 12)
PHASES = ("see", "think", "do")


def stamp(number: int = 1, by: str = "Ann") -> Stamp:
    return Stamp(number, by, NOON)


def two_pains() -> Cards:
    cards = added(Cards(), "a", "pain", "see", "Waits long", stamp())
    return added(cards, "b", "pain", "see", "No sizes", stamp(2))


def places(cards: Cards) -> list[tuple[str, str, str]]:
    return [(card.card_id, card.lane, card.phase) for card in cards.cards]


def test_a_new_card_comes_at_the_foot_of_its_cell() -> None:
    assert [card.card_id for card in two_pains().cell("pain", "see")] == ["a", "b"]


def test_a_card_takes_one_line_of_writable_text() -> None:
    card = added(Cards(), "a", "pain", "see", " no\n size\ttable\x00 ", stamp()).cards[0]
    assert card.text == "no size table"


@pytest.mark.parametrize("text", ["", " \n", "x" * 1001])
def test_a_text_that_a_card_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="1 to 1000 letters"):
        added(Cards(), "a", "pain", "see", text, stamp())


def test_a_lane_that_there_is_not_is_refused() -> None:
    with pytest.raises(InputError, match="opportunity"):
        added(Cards(), "a", "kitchen", "see", "x", stamp())


def test_who_saw_an_older_card_overwrites_nothing() -> None:
    cards = edited(two_pains(), "a", "Waits an hour", seen=2, stamp=stamp(3, "Bob"))
    with pytest.raises(ConflictError, match="version 3, by Bob"):
        edited(cards, "a", "Waits a day", seen=2, stamp=stamp(4))
    with pytest.raises(ConflictError):
        moved(cards, "a", "gain", "do", 0, seen=2, stamp=stamp(4))
    with pytest.raises(ConflictError):
        removed(cards, "a", seen=2)


def test_another_card_is_nobodys_business() -> None:
    cards = edited(two_pains(), "a", "Waits an hour", seen=2, stamp=stamp(3, "Bob"))
    assert edited(cards, "b", "No shoe sizes", seen=2, stamp=stamp(4)).cards[1].text == (
        "No shoe sizes"
    )


def test_a_card_that_was_taken_off_is_named() -> None:
    with pytest.raises(NotFoundError, match="taken off"):
        edited(removed(two_pains(), "a", seen=2), "a", "x", seen=2, stamp=stamp(3))


def test_a_card_goes_where_it_is_dropped() -> None:
    cards = added(two_pains(), "c", "gain", "do", "Fits", stamp(3))
    cards = moved(cards, "a", "gain", "do", 0, seen=3, stamp=stamp(4))
    assert [card.card_id for card in cards.cell("gain", "do")] == ["a", "c"]
    cards = moved(cards, "b", "gain", "do", 99, seen=4, stamp=stamp(5))
    assert [card.card_id for card in cards.cell("gain", "do")] == ["a", "c", "b"]


def test_buttons_bring_a_card_through_cell_lane_and_phase() -> None:
    cards = shifted(two_pains(), "b", "up", PHASES, seen=2, stamp=stamp(3))
    assert [card.card_id for card in cards.cell("pain", "see")] == ["b", "a"]
    cards = shifted(cards, "b", "up", PHASES, seen=3, stamp=stamp(4))
    assert places(cards)[-1] == ("b", "response", "see")
    assert shifted(cards, "b", "up", PHASES, seen=4, stamp=stamp(5)) == cards
    cards = shifted(cards, "b", "right", PHASES, seen=4, stamp=stamp(5))
    assert cards.cell("response", "think")[0].card_id == "b"


def test_comments_never_stand_in_each_others_way() -> None:
    cards = commented(two_pains(), "a", "Really?", stamp=stamp(3, "Bob"))
    cards = commented(cards, "a", "Yes", stamp=stamp(4))
    assert [(c.by, c.text) for c in cards.cards[0].comments] == [("Bob", "Really?"), ("Ann", "Yes")]
    assert edited(cards, "a", "Waits", seen=2, stamp=stamp(5)).cards[0].comments


def test_a_card_rests_on_a_thing_once_and_lets_it_go() -> None:
    ground = Ground("quote", "trustpilot:7")
    cards = grounded(grounded(two_pains(), "a", ground), "a", ground)
    assert cards.cards[0].grounds == (ground,)
    assert ungrounded(cards, "a", ground).cards[0].grounds == ()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "left", "right", "up", "down", "move", "remove", "comment"]),
        st.integers(0, 5),
        st.sampled_from(LANES),
        st.sampled_from(PHASES),
    ),
    max_size=25,
)


@given(STEPS)
def test_no_change_ever_loses_or_doubles_a_card_and_all_are_kept_whole(
    steps: list[tuple[str, int, str, str]],
) -> None:
    cards = Cards()
    there: list[str] = []
    for number, (what, which, lane, phase) in enumerate(steps, start=1):
        if what == "add" or not there:
            there.append(f"c{number}")
            cards = added(cards, there[-1], lane, phase, f"text {number}", stamp(number))
            continue
        own = there[which % len(there)]
        if what == "remove":
            there.remove(own)
            cards = removed(cards, own, seen=number)
        elif what == "comment":
            cards = commented(cards, own, "so", stamp=stamp(number))
        elif what == "move":
            cards = moved(cards, own, lane, phase, which, seen=number, stamp=stamp(number))
        else:
            cards = shifted(cards, own, what, PHASES, seen=number, stamp=stamp(number))
    assert sorted(card.card_id for card in cards.cards) == sorted(there)
    assert from_stored(to_stored(cards)) == cards
