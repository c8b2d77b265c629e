"""What rows fill that tell of other things than purchases: visits, messages, opinions, cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from klantreis.sources.guessing.filling import Filling, NamedTable

__all__ = ["answers", "appointments", "events", "feedback", "messages", "offers", "spend", "stock"]

APPOINTMENT = "appointment"


def events(filling: Filling) -> Iterator[NamedTable]:
    """`events`, where rows tell what somebody did."""
    yield (
        "events",
        {
            "columns": {
                **filling.straight("events"),
                "event_id": filling.digest("events"),
                "person_id": filling.person_id(),
                "channel": filling.happened(),
                "occurred_at": filling.moment("occurred_at"),
            }
        },
    )


def appointments(filling: Filling) -> Iterator[NamedTable]:
    """`events`, where rows are appointments: on the day of the appointment, not of making it."""
    # A status that nobody knows takes no appointment away.
    status = filling.code("appointment_status")
    yield (
        "events",
        {
            "columns": {
                **filling.straight("events", but=("event_id", "name")),
                "event_id": f"{{source}}:appointment:{filling.hole('appointment_id')}"
                if filling.tells_apart("appointment_id")
                else filling.digest("events"),
                "person_id": filling.person_id(),
                "channel": filling.happened(),
                "name": {
                    **status,
                    "values": {**status["values"], "*": APPOINTMENT},
                    "default": APPOINTMENT,
                }
                if status
                else {"value": APPOINTMENT},
                "occurred_at": filling.moment("appointment_at", "occurred_at"),
            }
        },
    )


def messages(filling: Filling) -> Iterator[NamedTable]:
    """`messages`, where rows tell what was sent and what became of it."""
    yield (
        "messages",
        {
            "columns": {
                **filling.straight("messages"),
                "message_id": filling.digest("messages"),
                "person_id": filling.person_id(),
                "channel": {"value": filling.guess.channel},
                "action": filling.code("message_action"),
                "occurred_at": filling.moment("occurred_at"),
            }
        },
    )


def feedback(filling: Filling) -> Iterator[NamedTable]:
    """`feedback`: reviews, or tickets where it came in through service or phone."""
    is_ticket = filling.guess.channel in ("service", "phone")
    yield (
        "feedback",
        {
            "columns": {
                **filling.straight("feedback"),
                "feedback_id": filling.own_id(
                    "ticket_id" if filling.has("ticket_id") else "feedback_id", "feedback"
                ),
                "person_id": filling.person_id(),
                "kind": {"value": "ticket" if is_ticket else "review"},
                "channel": filling.happened(),
                "occurred_at": filling.moment("occurred_at"),
                "score_max": _highest(filling),
            }
        },
    )


def _highest(filling: Filling) -> Any:
    """The top of the scale: 5 or 10, whichever the scores that were seen stay within."""
    if not filling.has("score"):
        return None
    seen = filling.guess.sample.columns[filling.column_of["score"]]
    numbers = [_number(value) for value in seen if value]
    return {"value": "5" if max(numbers, default=0.0) <= 5 else "10"}


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return 0.0


def answers(filling: Filling) -> Iterator[NamedTable]:
    """`survey_answers`, one row an answer."""
    response = (
        filling.id_of("response_id") if filling.has("response_id") else filling.person_id()
    ) or filling.digest()
    yield (
        "survey_answers",
        {
            "columns": {
                **filling.straight("survey_answers"),
                "answer_id": filling.digest("survey_answers"),
                "person_id": filling.person_id(),
                "survey_id": filling.id_of("survey_id")
                if filling.has("survey_id")
                else "{source}:{file}",
                "response_id": response,
                "question_id": filling.hole("question", "|slug"),
                "kind": {"value": "open" if filling.has("answer") else "number"},
                "answered_at": filling.moment("occurred_at"),
            }
        },
    )


def spend(filling: Filling) -> Iterator[NamedTable]:
    """`spend`: what advertising cost, by channel and day."""
    yield (
        "spend",
        {
            "columns": {
                **filling.straight("spend"),
                "spend_id": filling.digest("spend"),
                "channel": filling.hole("spend_channel", "|slug")
                if filling.has("spend_channel")
                else "{source}",
                "spent_on": filling.moment("occurred_at", is_date=True),
            }
        },
    )


def offers(filling: Filling) -> Iterator[NamedTable]:
    """`offers`, of printed and other promotions."""
    yield (
        "offers",
        {
            "columns": {
                **filling.straight("offers"),
                "offer_id": filling.own_id("offer_id", "offers"),
                "medium": {"value": filling.guess.channel},
            }
        },
    )


def stock(filling: Filling) -> Iterator[NamedTable]:
    """`stock_levels`: pieces by product, place and day."""
    yield (
        "stock_levels",
        {
            "columns": {
                **filling.straight("stock_levels"),
                "location_id": filling.plain("location_id") or "{source}",
                "counted_on": filling.moment("occurred_at", is_date=True),
            }
        },
    )
