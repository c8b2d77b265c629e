"""A customer's moments told as visits, and drawn as marks on a timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from klantreis.web.pages.portrait.context import LaneMark, Moment, Visit

__all__ = ["PASSIVE", "SAID", "TROUBLE", "kind_of", "marks", "visits"]

Row = dict[str, Any]
SAID = frozenset({"review", "ticket", "chat", "mention", "survey"})
# What happens to a customer, not what a customer does.
PASSIVE = frozenset(
    {
        "sent",
        "opened",
        "bounced",
        "shipped",
        "delivered",
        "delivery_delayed",
        "cancelled",
        "refund",
        "note",
    }
)
TROUBLE = frozenset({"payment_failed", "out_of_stock", "delivery_delayed", "cancelled"})
NAMES_SHOWN = 3
PLACES = 110  # on the timeline: marks closer than this share of its length become one


def visits(moments: Sequence[Row], names: Mapping[str, str]) -> list[Visit]:
    """The visits that these moments are of, the newest first."""
    by_visit = groupby(moments, key=lambda row: row["session"])
    return [_visit(number, list(rows), names) for number, rows in by_visit][::-1]


def _visit(number: int, rows: Sequence[Row], names: Mapping[str, str]) -> Visit:
    told = [
        _moment(list(same), names)
        for _, same in groupby(rows, key=lambda row: (row["channel"], row["event"]))
    ]
    return Visit(
        number=number,
        started_at=rows[0]["occurred_at"],
        ended_at=rows[-1]["occurred_at"],
        channels=tuple(dict.fromkeys(row["channel"] for row in rows)),
        moments=tuple(told),
    )


def _moment(rows: Sequence[Row], names: Mapping[str, str]) -> Moment:
    about = dict.fromkeys(name for row in rows if (name := _about(row, names)))
    texts = dict.fromkeys(row["text"] for row in rows if row["text"])
    amounts = [float(row["amount"]) for row in rows if row["amount"] is not None]
    return Moment(
        at=rows[0]["occurred_at"],
        channel=rows[0]["channel"],
        event=rows[0]["event"],
        times=len(rows),
        about=tuple(about)[:NAMES_SHOWN],
        text=" · ".join(list(texts)[:NAMES_SHOWN]),
        amount=sum(amounts) if amounts else None,
        first=rows[0]["position"],
        last=rows[-1]["position"],
    )


def _about(row: Row, names: Mapping[str, str]) -> str:
    if row["product_id"]:
        return names.get(row["product_id"], row["product_id"])
    return row["campaign"] or row["store_id"] or row["page"] or ""


def marks(moments: Sequence[Row]) -> tuple[LaneMark, ...]:
    """One mark for what lies close together in one channel and is of one kind."""
    if not moments:
        return ()
    start, end = moments[0]["occurred_at"], moments[-1]["occurred_at"]
    length = (end - start).total_seconds() or 1.0

    def place(row: Row) -> tuple[str, str, int]:
        at = (row["occurred_at"] - start).total_seconds() / length
        return row["channel"], kind_of(row["event"]), int(at * PLACES)

    # Within a visit the telling kind wins: one purchase, not a purchase beside three views.
    ranked = sorted(moments, key=place)
    return tuple(_mark(key, list(rows)) for key, rows in groupby(ranked, key=place))


def _mark(key: tuple[str, str, int], rows: Sequence[Row]) -> LaneMark:
    amounts = [float(row["amount"]) for row in rows if row["amount"] is not None]
    return LaneMark(
        channel=key[0],
        kind=key[1],
        first_at=min(row["occurred_at"] for row in rows),
        last_at=max(row["occurred_at"] for row in rows),
        moments=len(rows),
        visits=len({row["session"] for row in rows}),
        visit=max(row["session"] for row in rows),
        amount=sum(amounts) if amounts and key[1] in ("purchase", "return") else None,
    )


def kind_of(event: str) -> str:
    """The kind of mark that an event is."""
    if event in ("purchase", "return"):
        return event
    if event == "refund":
        return "return"
    if event in SAID:
        return "said"
    return "trouble" if event in TROUBLE else "visit"
