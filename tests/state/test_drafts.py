from __future__ import annotations

from datetime import datetime

import pytest

from klantreis.errors import ConflictError
from klantreis.state import Draft, Drafts, State

NOON = datetime(2026, 3, 1, 12)


@pytest.fixture
def drafts(state: State) -> Drafts:
    return state.drafts


def write(drafts: Drafts, after: int, text: str, name: str = "map/a") -> Draft:
    return drafts.write(
        name, {"text": text}, after=after, change="edited", about=text, by="Ann", at=NOON
    )


def test_a_draft_is_empty_until_someone_writes_in_it(drafts: Drafts) -> None:
    assert drafts.newest("map/a") == Draft("map/a", 0, {})
    assert drafts.versions("map/a") == ()


def test_every_version_stays_with_who_and_when(drafts: Drafts) -> None:
    write(drafts, 0, "one")
    write(drafts, 1, "two")
    assert drafts.newest("map/a") == Draft(
        "map/a", 2, {"text": "two"}, "edited", "two", 2, "Ann", NOON
    )
    first = drafts.version("map/a", 1)
    assert first is not None
    assert first.content == {"text": "one"}
    assert [v.number for v in drafts.versions("map/a")] == [1, 2]
    assert drafts.version("map/a", 3) is None


def test_who_saw_an_earlier_version_overwrites_nothing(drafts: Drafts) -> None:
    write(drafts, 0, "one")
    with pytest.raises(ConflictError, match="allowed: a change of version 1"):
        write(drafts, 0, "other")
    with pytest.raises(ConflictError):
        write(drafts, 5, "other")
    assert drafts.newest("map/a").content == {"text": "one"}


def test_drafts_are_found_by_the_start_of_their_name(drafts: Drafts) -> None:
    for name in ("map/b", "map/a", "plan", "map_c"):
        write(drafts, 0, "x", name)
    assert drafts.names("map/") == ("map/a", "map/b")
