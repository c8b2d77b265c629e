from __future__ import annotations

from datetime import datetime

import pytest

from klantreis.errors import NotFoundError
from klantreis.runner.decisions import DECISIONS
from klantreis.state import IdentityDecision, State

NOON = datetime(2026, 3, 1, 12)


def told(left: str, right: str, verdict: str) -> IdentityDecision:
    return IdentityDecision(left, right, verdict, "", NOON, "ann")


def verdicts(state: State) -> dict[tuple[str, str], str]:
    return {one.pair: one.verdict for one in state.identity.in_force()}


def test_the_last_decision_of_a_pair_holds_and_the_one_before_it_when_it_is_taken_back(
    state: State,
) -> None:
    pair = ("crm:1", "shopify:a")
    first, second = (
        state.identity.add([told(*pair, verdict)])[0] for verdict in ("same", "different")
    )
    state.identity.add([told("crm:2", "shopify:b", "unsure")])
    assert verdicts(state) == {pair: "different", ("crm:2", "shopify:b"): "unsure"}

    state.identity.undo([second], by="bob", at=NOON)
    assert verdicts(state)[pair] == "same"
    state.identity.undo([first], by="bob", at=NOON)
    assert pair not in verdicts(state)
    kept = state.identity.about(["shopify:a"])
    assert [(one.verdict, one.undone_by) for one in kept] == [("different", "bob"), ("same", "bob")]


def test_what_was_taken_back_cannot_be_taken_back_again(state: State) -> None:
    one, other = state.identity.add(
        [told("crm:1", "crm:2", "different"), told("crm:3", "crm:4", "different")]
    )
    state.identity.undo([one], by="bob", at=NOON)
    with pytest.raises(NotFoundError):
        state.identity.undo([other, one], by="bob", at=NOON)
    newest = state.identity.newest()
    assert newest is not None
    assert newest.decision_id == other, "all are undone or none"


def test_a_run_is_handed_what_is_sure_in_a_fixed_order(state: State) -> None:
    state.identity.add(
        [
            told("crm:3", "crm:4", "same"),
            told("crm:1", "crm:2", "same"),
            told("crm:5", "crm:6", "unsure"),
            told("crm:7", "crm:8", "different"),
        ]
    )
    assert DECISIONS["own_decisions"](state) == {
        "same": (("crm:1", "crm:2"), ("crm:3", "crm:4")),
        "different": (("crm:7", "crm:8"),),
    }
