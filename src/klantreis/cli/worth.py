"""`klantreis worth`: what customers are worth, and how far that may be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import grid, out, words_of
from klantreis.errors import NotFoundError, message

if TYPE_CHECKING:
    from klantreis.words import Translator
    from klantreis.workspace import CustomerWorth, ValueVerdict, Worth

NAME = "worth"


def command(
    folder: Folder,
    customer: Annotated[int, typer.Option(help="Only this customer.")] = 0,
    top: Annotated[int, typer.Option(help="How many customers to list.")] = 10,
    check: Annotated[
        str,
        typer.Option(help="Show a part of the test, such as reliability, lift or score."),
    ] = "",
    language: Language = "",
) -> None:
    """Show who will be worth what in the next twelve months, with the model and its test."""

    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        worth = workspace.worth
        if check:
            _show_check(worth, check, words)
            return
        if customer:
            shown = [_found(worth, customer)]
        else:
            _show_verdict(worth, words)
            shown = list(worth.best(top))
    headings = (
        words.text("Customer"),
        words.text("So far"),
        words.text("Expected"),
        words.text("At least eight of ten"),
        words.text("Purchases"),
        words.text("Churn risk"),
        words.text("Next purchase"),
    )
    rows = [_line(one, words) for one in shown]
    out.print(grid(headings, rows, right=(1, 2, 3, 4, 5), whole=(0, 6)))


def _found(worth: Worth, customer: int) -> CustomerWorth:
    found = worth.of(customer)
    if found is None:
        raise NotFoundError(
            message(
                "No such customer who bought",
                got=str(customer),
                allowed="a number of the table customer_values",
                next_step="look the customer up with klantreis person or klantreis who",
            )
        )
    return found


def _show_verdict(worth: Worth, words: Translator) -> None:
    verdict, totals = worth.verdict(), worth.totals()
    out.print(
        f"{words.code('value_model', verdict.order_model)}: "
        f"{words.code('value_verdict', verdict.reason)}",
        highlight=False,
    )
    if verdict.later_days:
        out.print(
            words.text(
                "Tested on %(later)s days after %(learning)s days, %(customers)s",
                later=words.number(verdict.later_days),
                learning=words.number(verdict.learning_days),
                customers=words.units(verdict.customers, "customers"),
            ),
            style="dim",
            highlight=False,
        )
    _show_accuracy(verdict, words)
    so_far = words.text(
        "%(customers)s: %(history)s so far",
        customers=words.units(totals.customers, "customers"),
        history=words.money(totals.history_amount),
    )
    if totals.expected_orders is None:
        out.print(so_far, highlight=False)
        return
    purchases = words.units(round(totals.expected_orders), "orders")
    later = words.text(
        "%(expected)s expected in twelve months, in %(orders)s",
        expected=words.money(totals.expected_amount),
        orders=purchases,
    )
    if not totals.expected_amount:  # of exports without amounts
        later = words.text("%(orders)s expected in twelve months", orders=purchases)
    out.print(f"{so_far}, {later}", highlight=False)


def _show_accuracy(verdict: ValueVerdict, words: Translator) -> None:
    """What of it came true, in as many lines, and what it may therefore be used for."""
    from klantreis.words.worth import accuracy_told

    for one in verdict.accuracy:
        heading = words.code("value_accuracy", f"{one.item}_{one.outcome}")
        out.print(f"- {heading}. {accuracy_told(words, one)}", highlight=False)
    if verdict.accuracy:
        out.print(words.code("value_use", verdict.use), highlight=False)


def _show_check(worth: Worth, check: str, words: Translator) -> None:
    rows = [
        (one.model, one.item, *map(_number, (one.expected, one.measured, one.low, one.high)),
         words.number(one.customers), one.outcome or "")
        for one in worth.checks(check)
    ]  # fmt: skip
    headings = (
        words.text("Model"),
        check,
        words.text("Expected"),
        words.text("Measured"),
        words.text("Low"),
        words.text("High"),
        words.text("Customers"),
        words.text("Outcome"),
    )
    out.print(grid(headings, rows, right=(2, 3, 4, 5, 6), whole=(0,)))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.4g}"


def _line(one: CustomerWorth, words: Translator) -> tuple[str, ...]:
    low, high = one.expected_amount_low, one.expected_amount_high
    ends = "" if low is None or high is None else words.interval(low, high, "money")
    return (
        f"{one.customer_id} {one.name}".strip(),
        words.money(one.history_amount),
        words.money(one.expected_amount),
        ends,
        words.number(one.expected_orders, 1),
        words.percent(one.churn_risk),
        words.day(one.next_order_on),
    )
