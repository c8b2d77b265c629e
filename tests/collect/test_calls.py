from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.collect.calls import KINDS, Call, read_call
from klantreis.errors import InputError

NOON = datetime(2026, 3, 1, 12)


def call(kind: str, content: object) -> Call:
    return read_call(kind, json.dumps(content).encode(), source="shop", received_at=NOON)


def kept(read: Call, index: int = 0) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(read.events[index].line)
    return fields


def test_a_call_is_kept_with_its_kind_id_and_moments() -> None:
    read = call("track", {"userId": 7, "event": "Product Added", "messageId": "m1"})
    assert read.refused == ()
    assert read.events[0].message_id == "m1"
    assert kept(read) == {
        "userId": "7",
        "event": "Product Added",
        "messageId": "m1",
        "type": "track",
        "timestamp": "2026-03-01T12:00:00.000Z",
        "receivedAt": "2026-03-01T12:00:00.000Z",
    }


def test_a_wrong_clock_is_corrected_by_the_time_on_the_way() -> None:
    read = call(
        "page",
        {
            "anonymousId": "a",
            "timestamp": "2030-01-01T00:00:00Z",
            "sentAt": "2030-01-01T01:00:10+01:00",
        },
    )
    assert kept(read)["timestamp"] == "2026-03-01T11:59:50.000Z"
    assert kept(read)["originalTimestamp"] == "2030-01-01T00:00:00Z"


def test_a_write_key_in_the_body_is_not_kept() -> None:
    assert b"secret" not in call("page", {"anonymousId": "a", "writeKey": "secret"}).events[0].line


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown kind": ({"type": "tracks", "userId": "7"}, "type"),
    "nobody": ({"type": "page"}, "userId"),
    "a track without an event": ({"type": "track", "userId": "7"}, "event"),
    "an alias of nobody": ({"type": "alias", "userId": "7"}, "previousId"),
    "a group without its id": ({"type": "group", "userId": "7"}, "groupId"),
    "a name that is a list": ({"type": "page", "userId": ["7"]}, "userId"),
    "traits that are no object": ({"type": "identify", "userId": "7", "traits": "x"}, "traits"),
    "an impossible day": (
        {"type": "page", "userId": "7", "timestamp": "2026-02-31T00:00:00Z"},
        "timestamp",
    ),
    "an endless id": ({"type": "page", "userId": "7" * 257}, "userId"),
    "too much": ({"type": "page", "userId": "7", "properties": {"x": "x" * 33_000}}, ""),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_event_in_a_batch_is_named_and_the_others_are_kept(name: str) -> None:
    bad, column = BAD[name]
    good = {"type": "page", "userId": "7", "messageId": "good"}
    read = call("batch", {"batch": [good, bad | {"messageId": "bad"}, good]})
    assert [(r.index, r.column) for r in read.refused] == [(1, column)]
    assert [event.is_fit for event in read.events] == [True, False, True]
    told = read.events[1].line
    assert told.startswith(b"refused by the collection API: ")
    assert read.refused[0].reason.encode() in told


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"{", "no JSON"),
        (b"\xff", "no JSON"),
        (b"[]", "no object"),
        (b'{"batch": {}}', "needs its events"),
        (json.dumps({"batch": [{}] * 2_501}).encode(), "too large"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        read_call("batch", body, source="shop", received_at=NOON)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
names = st.sampled_from(
    ["type", "userId", "anonymousId", "event", "messageId", "timestamp", "traits", "context", "x"]
)
events = st.dictionaries(names, json_values | st.sampled_from(KINDS), max_size=6) | json_values


@given(st.lists(events, max_size=8))
def test_whatever_comes_every_event_is_kept_or_named_on_one_line(batch: list[Any]) -> None:
    read = call("batch", {"batch": batch})
    assert len(read.events) == len(batch)
    assert [r.index for r in read.refused] == [n for n, e in enumerate(read.events) if not e.is_fit]
    assert all(event.line and b"\n" not in event.line for event in read.events)
