"""`klantreis who`: which customer a record is, and why."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import grid, out
from klantreis.errors import InputError, message
from klantreis.workspace import FoundCustomer, SoughtRecord

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
) -> None:
    """Look up which customer a record is, with what it rests on.

    The first time after a run this lays ready what records are looked up in.
    """
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
        found = workspace.identity.lookup(sought)
    if as_json:
        out.print_json(msgspec.json.encode(found).decode())
    else:
        _show(found)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InputError(
            message("Not a day", where="--born", got=repr(text), allowed="1980-05-31")
        ) from error


def _show(found: FoundCustomer) -> None:
    told = "nobody" if found.customer_id is None else f"customer {found.customer_id}"
    rule = "name and address" if found.rule == "matched" else found.rule.replace("_", " ")
    by = f" by {rule}" if rule else ""
    sure = "" if found.probability is None else f", probability {found.probability:.1%}"
    out.print(f"{found.band}: {told}{by}{sure}", highlight=False)
    stated = [(one.kind, one.verdict, one.customer_id) for one in found.identifiers]
    if stated:
        out.print(grid(("identifier", "", "customer"), stated, right=(2,)))
    if found.fields and found.prior is not None:
        out.print(f"Beside {found.person_id}, in bits:", highlight=False, markup=False)
        rows = [("any two records", "", f"{found.prior:.1f}")]
        for one in found.fields:
            weight = "" if one.weight is None else f"{one.weight:.1f}"
            level = one.level if weight else "lacking"
            rows.append((one.field.replace("_", " "), level.replace("_", " "), weight))
        out.print(grid(("field", "agreement", "weight"), rows, right=(2,)))
    for other in found.others:
        chance = f"{other.probability:.1%}" if other.probability is not None else other.stopped_by
        out.print(f"It may be customer {other.customer_id} too {chance}".rstrip(), highlight=False)
