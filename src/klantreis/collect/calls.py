"""Reads calls in Segment's format: which events are in them, and what is wrong with the others.

The format is that of https://segment.com/docs/connections/spec/: `track`, `identify`, `page`,
`screen`, `group` and `alias`, alone or in a `batch`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec

from klantreis.errors import InputError, message
from klantreis.state import CollectedEvent

__all__ = ["KINDS", "Call", "Refusal", "read_call"]

KINDS = ("track", "identify", "page", "screen", "group", "alias")
EVENT_BYTES = 32 * 1024
BATCH_EVENTS = 2_500
ID_CHARACTERS = 256
NEEDED = {"track": "event", "group": "groupId", "alias": "previousId"}
TEXTS = ("messageId", "userId", "anonymousId", "previousId", "groupId", "event", "name")

Fields = dict[str, Any]


@dataclass(frozen=True)
class Refusal:
    """What is wrong with one event: where it stands in the call, and which field."""

    index: int
    message_id: str
    column: str
    reason: str


@dataclass(frozen=True)
class Call:
    """What a call brings: every event, fit or not, and what is wrong with those that are not."""

    events: tuple[CollectedEvent, ...]
    refused: tuple[Refusal, ...]


class NotFitError(ValueError):
    """An event that cannot be taken in: the field, and what is wrong with it."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


def read_call(kind: str, body: bytes, *, source: str, received_at: datetime) -> Call:
    """Read the body of a call.

    Args:
        kind: of the address: one of `KINDS`, or `batch`.
        body: JSON.
        source: what the key collects for.
        received_at: UTC, naive.

    Raises:
        InputError: the body as a whole cannot be read.
    """
    content = _decoded(body)
    given = _batch(content) if kind == "batch" else [content | {"type": kind}]
    sent_at = _moment(content.get("sentAt"))
    events, refused = [], []
    for index, one in enumerate(given):
        shared = {"context": content["context"]} if "context" in content else {}
        fields = shared | one if isinstance(one, dict) else {"value": one}
        try:
            event = _fit(fields, sent_at, source, received_at)
        except NotFitError as error:
            event = _unfit(fields, error, source, received_at)
            refused.append(Refusal(index, event.message_id, error.column, error.reason))
        events.append(event)
    return Call(tuple(events), tuple(refused))


def _decoded(body: bytes) -> Fields:
    try:
        content = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(message("The body is no JSON", got=str(error))) from error
    if not isinstance(content, dict):
        raise InputError(message("The body is no object", allowed='{"userId": ..., ...}'))
    content.pop("writeKey", None)  # a secret is never kept
    return content


def _batch(content: Mapping[str, Any]) -> list[Any]:
    batch = content.get("batch")
    if not isinstance(batch, list):
        raise InputError(message("A batch needs its events", where="batch", allowed="a list"))
    if len(batch) > BATCH_EVENTS:
        raise InputError(
            message(
                "The batch is too large",
                got=f"{len(batch):,} events",
                allowed=f"{BATCH_EVENTS:,}",
                next_step="send it in parts",
            )
        )
    return batch


def _fit(
    fields: Fields, sent_at: datetime | None, source: str, received_at: datetime
) -> CollectedEvent:
    """The event as it is kept: with its id, the moment of receipt and a corrected timestamp."""
    _check(fields)
    message_id = str(fields.get("messageId") or uuid4())
    stated = _moment(fields.get("timestamp") or fields.get("originalTimestamp"))
    happened_at = stated or received_at
    own_sent_at = _moment(fields.get("sentAt")) or sent_at
    if stated and own_sent_at:
        # The sender's clock may be wrong; how long it was on its way is right.
        happened_at = received_at - (own_sent_at - stated)
    kept = fields | {
        "messageId": message_id,
        "originalTimestamp": fields.get("timestamp"),
        "timestamp": _text(happened_at),
        "receivedAt": _text(received_at),
    }
    line = msgspec.json.encode({name: kept[name] for name in kept if kept[name] is not None})
    if len(line) > EVENT_BYTES:
        raise NotFitError("", f"{len(line):,} bytes, at most {EVENT_BYTES:,} are taken")
    return CollectedEvent(source, message_id, received_at, True, line)


def _check(fields: Fields) -> None:
    kind = fields.get("type")
    if kind not in KINDS:
        raise NotFitError("type", f"{kind!r} is none of {', '.join(KINDS)}")
    for name in TEXTS:
        value = fields.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            fields[name] = str(value)
        elif value is not None and not isinstance(value, str):
            raise NotFitError(name, f"{value!r} is no text")
        if len(fields.get(name) or "") > ID_CHARACTERS:
            raise NotFitError(name, f"longer than {ID_CHARACTERS} characters")
    if not (fields.get("userId") or fields.get("anonymousId")):
        raise NotFitError("userId", "neither userId nor anonymousId says who it was")
    needed = NEEDED.get(str(kind))
    if needed and not fields.get(needed):
        raise NotFitError(needed, f"{kind} needs it")
    for name in ("properties", "traits", "context"):
        if not isinstance(fields.get(name) or {}, dict):
            raise NotFitError(name, f"{type(fields[name]).__name__} is no object")
    stated = fields.get("timestamp")
    if stated is not None and _moment(stated) is None:
        raise NotFitError("timestamp", f"{stated!r} is no moment such as 2026-01-31T12:00:00Z")


def _unfit(
    fields: Fields, error: NotFitError, source: str, received_at: datetime
) -> CollectedEvent:
    """What the import will put aside: a line that is no JSON and begins with what is wrong."""
    given = fields.get("messageId")
    message_id = given if isinstance(given, str) and given else str(uuid4())
    where = f"{error.column}: " if error.column else ""
    told = f"refused by the collection API: {where}{error.reason} | ".encode()
    raw = msgspec.json.encode(fields)[: EVENT_BYTES // 8]
    # A repair has the same id: the refused event must not count as the first of a pair.
    return CollectedEvent(
        source, f"refused:{message_id}"[:ID_CHARACTERS], received_at, False, told + raw
    )


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds") + "Z"
