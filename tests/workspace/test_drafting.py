from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.errors import ConflictError, InputError, NotFoundError
from klantreis.state import State
from klantreis.workspace.drafting import Drafting
from klantreis.workspace.past import Past, past


@pytest.fixture
def draft(tmp_path: Path) -> Drafting:
    return Drafting(State.in_folder(tmp_path).drafts, "plan", closing=("cycle_started",))


def put(draft: Drafting, text: str, what: str = "edited", by: str = "Ann") -> None:
    draft.change(lambda content: {**content, "text": text}, what, text, by)


def test_the_last_changes_are_taken_back_and_done_again(draft: Drafting) -> None:
    put(draft, "one")
    put(draft, "two", by="Bob")
    draft.undo(seen=2, by="Bob")
    assert draft.content == {"text": "one"}
    draft.undo(seen=3, by="Bob")
    assert draft.content == {}
    assert not draft.history().can_undo
    draft.redo(seen=4, by="Bob")
    assert draft.content == {"text": "one"}
    told = [(one.change, one.about, one.made_by) for one in draft.history().versions]
    assert told == [
        ("edited", "one", "Ann"),
        ("edited", "two", "Bob"),
        ("undo", "", "Bob"),
        ("undo", "", "Bob"),
        ("redo", "", "Bob"),
    ]


def test_what_changes_nothing_is_no_version(draft: Drafting) -> None:
    put(draft, "one")
    put(draft, "one")
    assert draft.history().number == 1


def test_nobody_takes_back_what_they_have_not_seen(draft: Drafting) -> None:
    put(draft, "one")
    put(draft, "two")
    with pytest.raises(ConflictError):
        draft.undo(seen=1, by="Bob")
    assert draft.content == {"text": "two"}


def test_what_is_closed_stands_for_ever(draft: Drafting) -> None:
    put(draft, "one")
    put(draft, "next cycle", "cycle_started")
    assert not draft.history().can_undo
    with pytest.raises(InputError, match="nothing to take back"):
        draft.undo(seen=2, by="Bob")
    put(draft, "two")
    draft.undo(seen=3, by="Bob")
    assert draft.content == {"text": "next cycle"}


def test_an_unknown_version_is_named(draft: Drafting) -> None:
    assert draft.content_of(0) == {}
    with pytest.raises(NotFoundError, match="got 7"):
        draft.content_of(7)


def test_nothing_can_be_taken_back_before_there_is_something() -> None:
    assert past([]) == Past(None, None)


def test_a_new_change_forgets_what_was_taken_back() -> None:
    versions = [("card_added", 1), ("card_added", 2), ("undo", 1), ("card_added", 4)]
    assert past(versions) == Past(1, None)


@given(st.lists(st.sampled_from(["change", "undo", "redo", "close"]), max_size=30))
def test_undo_and_redo_are_each_others_reverse(wishes: list[str]) -> None:
    versions: list[tuple[str, int]] = []
    for wish in wishes:
        now = past(versions, closing=("close",))
        goal = {"undo": now.earlier, "redo": now.later}.get(wish, len(versions) + 1)
        if goal is not None:
            versions.append((wish, goal))
            after = past(versions, closing=("close",))
            shown = versions[-2][1] if len(versions) > 1 else 0
            if wish == "undo":
                assert after.later == shown
            if wish == "redo":
                assert after.earlier == shown
            if wish == "close":
                assert after == Past(None, None)
