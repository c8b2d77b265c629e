from __future__ import annotations

from pathlib import Path

import pytest

from klantreis.errors import ConflictError, InputError, NotFoundError
from klantreis.state import State
from klantreis.value import STRATEGY_PARTS, StrategyText, strategy_texts, with_strategy_text
from klantreis.workspace import Strategy


@pytest.fixture
def strategy(tmp_path: Path) -> Strategy:
    return Strategy(State.in_folder(tmp_path).drafts)


def test_every_part_is_there_also_when_nobody_wrote_it() -> None:
    assert [one.part for one in strategy_texts({})] == [*STRATEGY_PARTS]
    assert {one.text for one in strategy_texts({})} == {""}


def test_who_rewrites_one_part_leaves_the_others_to_their_writers(strategy: Strategy) -> None:
    strategy.write({"identity": "A shop for homes", "goal": "First in town"}, seen=0, by="Ann")
    strategy.write({"identity": "A shop for homes", "goal": "First of all"}, seen=1, by="Bob")
    now = strategy.read()
    assert [(one.text, one.by) for one in now.texts[:2]] == [
        ("A shop for homes", "Ann"),
        ("First of all", "Bob"),
    ]
    assert now.told("goal").at > now.told("identity").at
    assert [one.about for one in strategy.history().versions] == ["identity, goal", "goal"]


def test_what_someone_else_wrote_is_not_overwritten_and_can_be_taken_back(
    strategy: Strategy,
) -> None:
    strategy.write({"goal": "One"}, seen=0, by="Ann")
    with pytest.raises(ConflictError):
        strategy.write({"goal": "Two"}, seen=0, by="Bob")
    assert strategy.read().told("goal").text == "One"
    strategy.undo(seen=1, by="Bob")
    assert strategy.read().told("goal").text == ""
    strategy.redo(seen=2, by="Bob")
    assert strategy.read().told("goal").text == "One"


def test_wrong_parts_and_long_texts_are_refused() -> None:
    with pytest.raises(NotFoundError, match="identity, goal"):
        with_strategy_text({}, StrategyText("mission", "x"))
    with pytest.raises(InputError, match="at most 2000"):
        with_strategy_text({}, StrategyText("goal", "x" * 2001))
