"""`klantreis who`: which customer a record is, and why."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import grid, out, words_of
from klantreis.errors import InputError, message

if TYPE_CHECKING:
    from klantreis.words import Translator
    from klantreis.workspace import FoundCustomer

NAME = "who"


def command(
    folder: Folder,
    email: Annotated[str, typer.Option(help="E-mail address.")] = "",
    phone: Annotated[str, typer.Option(help="Telephone number.")] = "",
    card: Annotated[str, typer.Option(help="Loyalty card.")] = "",
    number: Annotated[str, typer.Option(help="Customer number of a source, as crm:1001.")] = "",
    user_id: Annotated[str, typer.Option(help="User id of the webshop.")] = "",
    cookie: Annotated[str, typer.Option(help="Cookie.")] = "",
    name: Annotated[
        str, typer.Option(help="Given and family name; the first word is the given name.")
    ] = "",
    born: Annotated[str, typer.Option(help="Birth date, as 1980-05-31.")] = "",
    street: Annotated[str, typer.Option(help="Street, with house number or without.")] = "",
    house_number: Annotated[str, typer.Option(help="House number.")] = "",
    postcode: Annotated[str, typer.Option(help="Postcode.")] = "",
    town: Annotated[str, typer.Option(help="Town.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    language: Language = "",
) -> None:
    """Look up which customer a record is, with what it rests on.

    The first time after a run this lays ready what records are looked up in.
    """
    from klantreis.workspace import SoughtRecord

    first, _, last = name.strip().partition(" ")
    sought = SoughtRecord(
        email=email,
        phone=phone,
        loyalty_card=card,
        customer_number=number,
        user_id=user_id,
        cookie=cookie,
        first_name=first,
        last_name=last,
        birth_on=_day(born),
        street=street,
        house_number=house_number,
        postcode=postcode,
        city=town,
    )
    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        found = workspace.identity.lookup(sought)
    if as_json:
        out.print_json(msgspec.json.encode(found).decode())
    else:
        _show(found, words)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InputError(
            message("Not a day", where="--born", got=repr(text), allowed="1980-05-31")
        ) from error


def _show(found: FoundCustomer, words: Translator) -> None:
    from klantreis.words.who import found_told, other_told

    out.print(found_told(words, found), highlight=False)
    stated = [
        (words.code("identifier", one.kind), words.code("stated", one.verdict), one.customer_id)
        for one in found.identifiers
    ]
    if stated:
        headings = (words.text("Identifier"), "", words.text("Customer"))
        out.print(grid(headings, stated, right=(2,)))
    if found.fields and found.prior is not None:
        _show_fields(found, found.prior, words)
    for other in found.others:
        out.print(other_told(words, other), highlight=False)


def _show_fields(found: FoundCustomer, prior: float, words: Translator) -> None:
    beside = words.text("Beside %(record)s, in bits:", record=found.person_id)
    out.print(beside, highlight=False, markup=False)
    rows = [(words.code("match_field", "prior"), "", words.number(prior, 1))]
    for one in found.fields:
        weight = "" if one.weight is None else words.number(one.weight, 1)
        # What is taken off for two who may live together compares nothing of its own.
        level = one.level or ("lacking" if one.weight is None else "")
        rows.append(
            (
                words.code("match_field", one.field),
                words.code("match_level", level) if level else "",
                weight,
            )
        )
    headings = (words.text("Field"), words.text("Agreement"), words.text("Weight"))
    out.print(grid(headings, rows, right=(2,)))
