"""Which tables a guess fills, and each of their columns from what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from klantreis.sources.guessing.filling import IDENTIFIERS, Filling
from klantreis.sources.guessing.totals import FIRST, of_side, sides_told
from klantreis.tables import contract

__all__ = ["tables_of"]

TableText: TypeAlias = dict[str, Any]


def tables_of(filling: Filling) -> Iterator[tuple[str, TableText]]:
    """The tables that a guess fills, that of its rows first."""
    shape = filling.guess.shape
    if shape is None:
        return
    tables = list(BUILDERS[shape.name](filling))
    if shape.name not in ("product", "spend", "stock", "offer"):
        tables += _people(filling, is_of_persons=shape.name == "person")
    for name, table in tables:
        given = {key: value for key, value in table["columns"].items() if value is not None}
        yield name, {**table, "columns": given}


def _straight(filling: Filling, table: str, but: tuple[str, ...] = ()) -> Mapping[str, Any]:
    """The columns of a table that a column of the file fills as it stands."""
    shape = filling.guess.shape
    assert shape is not None
    found = {}
    for means, target in shape.targets.items():
        own, _, column = target.partition(".")
        if own != table or column in but or not filling.has(means):
            continue
        kind = contract(table).column(column).type
        if kind in ("date", "timestamp(6)"):
            found[column] = filling.moment(means, is_date=kind == "date", bad="value")
        else:
            found[column] = filling.plain(means)
    return found


def _orders(filling: Filling) -> Iterator[tuple[str, TableText]]:
    is_lines = filling.guess.row_is == "order_line"
    yield (
        "orders",
        {
            **({"combine_rows": True} if is_lines else {}),
            "columns": {
                **_straight(filling, "orders"),
                "order_id": _order_id(filling),
                "person_id": filling.person_id(),
                "kind": {"sign_of": "total_amount", "negative": "return", "positive": "sale"},
                "channel": filling.happened(),
                "ordered_at": filling.moment("occurred_at"),
                "status": filling.code("order_status") or {"value": "completed"},
                "total_amount": _total(filling, is_lines=is_lines),
                **_positive_discount(filling, is_lines=is_lines),
            },
        },
    )


def _order_id(filling: Filling) -> Any:
    return filling.id_of("order_id") if filling.has("order_id") else filling.digest("orders")


def _total(filling: Filling, *, is_lines: bool) -> Any:
    if filling.has("total_amount") or not is_lines:
        amount = filling.plain("total_amount") or filling.plain("unit_amount")
        return amount or (None if filling.guess.lacks else {"value": "0"})
    line = _line_amount(filling)
    if line is None:
        return None
    return {**({"from": line} if isinstance(line, str) else line), "combine": "sum"}


def _line_amount(filling: Filling) -> Any:
    if filling.has("line_amount"):
        return filling.plain("line_amount")
    if not filling.has("unit_amount"):
        return filling.plain("total_amount")
    if filling.has("quantity"):
        return {"calculate": f"{filling.hole('quantity')} * {filling.hole('unit_amount')}"}
    return filling.plain("unit_amount")


def _positive_discount(filling: Filling, *, is_lines: bool) -> Mapping[str, Any]:
    if not filling.has("discount_amount"):
        return {}
    calculation: dict[str, Any] = {
        "calculate": f"abs({filling.hole('discount_amount')[:-1]}?}})",
    }
    return {"discount_amount": {**calculation, **({"combine": "sum"} if is_lines else {})}}


def _order_lines(filling: Filling) -> Iterator[tuple[str, TableText]]:
    yield from _orders(filling)
    has_number = filling.has("line_number")
    number = filling.hole("line_number") if has_number else "{number}"
    lines: TableText = {
        **({} if has_number else {"number_within": filling.hole("order_id")}),
        "columns": {
            **_straight(filling, "order_lines", but=("order_line_id", "discount_amount")),
            "order_line_id": f"{filling.id_of('order_id')}:{number}",
            "order_id": filling.id_of("order_id"),
            "quantity": filling.plain("quantity") or {"value": "1"},
            "line_amount": _line_amount(filling),
            **_positive_discount(filling, is_lines=False),
        },
    }
    yield "order_lines", lines
    if filling.has("product_id"):
        yield (
            "products",
            {
                "skip_empty": "product_id",
                "combine_rows": True,
                "columns": {
                    "product_id": filling.plain("product_id"),
                    "name": filling.plain("product_name"),
                    **_straight(filling, "products"),
                },
            },
        )


def _products(filling: Filling) -> Iterator[tuple[str, TableText]]:
    yield "products", {"columns": {**_straight(filling, "products")}}


def _payments(filling: Filling) -> Iterator[tuple[str, TableText]]:
    yield (
        "payments",
        {
            "columns": {
                **_straight(filling, "payments"),
                "payment_id": filling.id_of("payment_id")
                if filling.has("payment_id")
                else filling.digest("payments"),
                "person_id": filling.person_id(),
                "order_id": filling.id_of("order_id") if filling.has("order_id") else None,
                "status": filling.code("payment_status"),
                "created_at": filling.moment("occurred_at"),
            }
        },
    )


def _events(filling: Filling) -> Iterator[tuple[str, TableText]]:
    yield (
        "events",
        {
            "columns": {
                **_straight(filling, "events"),
                "event_id": filling.digest("events"),
                "person_id": filling.person_id(),
                "channel": filling.happened(),
                "occurred_at": filling.moment("occurred_at"),
            }
        },
    )


def _messages(filling: Filling) -> Iterator[tuple[str, TableText]]:
    yield (
        "messages",
        {
            "columns": {
                **_straight(filling, "messages"),
                "message_id": filling.digest("messages"),
                "person_id": filling.person_id(),
                "channel": {"value": filling.guess.channel},
                "action": filling.code("message_action"),
                "occurred_at": filling.moment("occurred_at"),
            }
        },
    )


def _feedback(filling: Filling) -> Iterator[tuple[str, TableText]]:
    is_ticket = filling.guess.channel in ("service", "phone")
    yield (
        "feedback",
        {
            "columns": {
                **_straight(filling, "feedback"),
                "feedback_id": filling.id_of("feedback_id")
                if filling.has("feedback_id")
                else filling.digest("feedback"),
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


def _answers(filling: Filling) -> Iterator[tuple[str, TableText]]:
    response = (
        filling.id_of("response_id") if filling.has("response_id") else filling.person_id()
    ) or filling.digest()
    yield (
        "survey_answers",
        {
            "columns": {
                **_straight(filling, "survey_answers"),
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


def _spend(filling: Filling) -> Iterator[tuple[str, TableText]]:
    yield (
        "spend",
        {
            "columns": {
                **_straight(filling, "spend"),
                "spend_id": filling.digest("spend"),
                "channel": filling.hole("spend_channel", "|slug")
                if filling.has("spend_channel")
                else "{source}",
                "spent_on": filling.moment("occurred_at", is_date=True),
            }
        },
    )


def _offers(filling: Filling) -> Iterator[tuple[str, TableText]]:
    yield (
        "offers",
        {
            "columns": {
                **_straight(filling, "offers"),
                "offer_id": filling.id_of("offer_id")
                if filling.has("offer_id")
                else filling.digest("offers"),
                "medium": {"value": filling.guess.channel},
            }
        },
    )


def _stock(filling: Filling) -> Iterator[tuple[str, TableText]]:
    yield (
        "stock_levels",
        {
            "columns": {
                **_straight(filling, "stock_levels"),
                "location_id": filling.plain("location_id") or "{source}",
                "counted_on": filling.moment("occurred_at", is_date=True),
            }
        },
    )


def _totals(filling: Filling) -> Iterator[tuple[str, TableText]]:
    """How often and for how much each bought, where the list tells that: of each side apart."""
    for side in sides_told(filling.column_of.keys()):
        yield (
            "order_totals",
            {
                "skip_empty": "last_ordered_at",
                "columns": {
                    "person_id": filling.person_id(),
                    "channel": {"value": side} if side else filling.happened(),
                    "orders": filling.plain(of_side(side, "orders_count")),
                    "total_amount": filling.plain(of_side(side, "orders_amount")),
                    # That of all sides lies before the first of each.
                    FIRST: filling.moment(of_side(side, FIRST), FIRST, bad="value"),
                    "last_ordered_at": filling.moment(of_side(side, "last_ordered_at")),
                },
            },
        )


def _people(filling: Filling, *, is_of_persons: bool) -> Iterator[tuple[str, TableText]]:
    """Who the rows are about: persons, what points to them, and whether they may be mailed."""
    person = filling.person_id() or (filling.digest() if is_of_persons else None)
    if person is None:
        return
    skipped: TableText = {} if is_of_persons else {"skip_empty": "person_id"}
    since = filling.moment("registered_at", "occurred_at", bad="value")
    yield (
        "persons",
        {
            **skipped,
            "combine_rows": True,
            "columns": {
                "person_id": person,
                **_person_columns(filling),
                "created_at": since,
                "updated_at": filling.moment("changed_at", "occurred_at", bad="value"),
            },
        },
    )
    labels = {means: filling.plain(means) for means in IDENTIFIERS if filling.has(means)}
    if labels:
        yield (
            "identifiers",
            {
                "skip_empty": "person_id",
                "combine_rows": True,
                "unpivot": labels,
                "columns": {
                    "person_id": person,
                    "kind": {"text": "{label}", "values": {"mobile": "phone"}},
                    "value": "{value}",
                    "first_seen_at": since,
                    "last_seen_at": filling.moment(
                        "changed_at", "registered_at", "occurred_at", bad="value"
                    ),
                },
            },
        )
    yield from _consents(filling)


def _person_columns(filling: Filling) -> Mapping[str, Any]:
    columns = {**_straight(filling, "persons", but=("birth_on",)), "birth_on": filling.birth()}
    if filling.has("full_name"):
        is_split = filling.has("first_name") or filling.has("last_name")
        ways = ("|first_word", "|after_first_word")
        if filling.puts_last_name_first():
            ways = ("|after_comma", "|before_comma")
        name = tuple(filling.hole("full_name", way) for way in ways)
        if not is_split:
            columns |= {"first_name": name[0], "last_name": name[1]}
        elif filling.has("last_name"):
            columns["last_name"] = filling.plain("last_name")
        else:
            columns.pop("last_name", None)
    if filling.has("phone", "mobile"):
        columns["phone"] = [filling.plain("mobile"), filling.plain("phone")]
    if filling.has("house_suffix"):
        suffix = f"{filling.hole('house_suffix')[:-1]}?}}"
        number = filling.hole("house_number") if filling.has("house_number") else ""
        columns["house_number"] = f"{number}{suffix}"
    if filling.has("gender"):
        gender = filling.code("gender")
        columns["gender"] = {**gender, "values": {**gender["values"], "*": ""}}
    if filling.has("country"):
        columns["country"] = filling.code("country")
    if filling.has("language"):
        columns["language"] = filling.hole("language", "|lower")
    return columns


def _consents(filling: Filling) -> Iterator[tuple[str, TableText]]:
    """Whether they may be mailed; only where the file tells since when that holds."""
    stated = filling.moment("changed_at", "registered_at", "occurred_at")
    if not filling.has("newsletter") or stated is None:
        return
    yield (
        "consents",
        {
            "when": {filling.column_of["newsletter"]: "*"},
            "skip_empty": "person_id",
            "combine_rows": True,
            "columns": {
                "consent_id": filling.person_id(":email_marketing"),
                "person_id": filling.person_id(),
                "purpose": {"value": "email_marketing"},
                "is_granted": filling.plain("newsletter"),
                "stated_at": stated,
            },
        },
    )


BUILDERS: Mapping[str, Callable[[Filling], Iterator[tuple[str, TableText]]]] = {
    "order_line": _order_lines,
    "order": _orders,
    "payment": _payments,
    "event": _events,
    "message": _messages,
    "feedback": _feedback,
    "answer": _answers,
    "spend": _spend,
    "offer": _offers,
    "stock": _stock,
    "product": _products,
    "person": _totals,
}
