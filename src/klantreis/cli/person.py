"""`klantreis person`: what is known of one customer, what they allow, and erasing them."""

from __future__ import annotations

import getpass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import errors, grid, noted, out
from klantreis.errors import InputError, message

NAME = "person"


def command(
    folder: Folder,
    who: Annotated[
        str,
        typer.Argument(
            help="Number of the customer, or an e-mail address, card or other identifier.",
            metavar="CUSTOMER",
        ),
    ],
    access: Annotated[
        Path | None, typer.Option(help="Write everything about them into this zip file.")
    ] = None,
    language: Annotated[str, typer.Option(help="Language of that file: nl or en.")] = "nl",
    allows: Annotated[
        str, typer.Option(help="Write down that they said yes to this purpose.", metavar="PURPOSE")
    ] = "",
    refuses: Annotated[
        str, typer.Option(help="Write down that they said no to this purpose.", metavar="PURPOSE")
    ] = "",
    heard_by: Annotated[str, typer.Option(help="How you know: by telephone, by letter ...")] = "",
    on: Annotated[str, typer.Option(help="Day on which they said so; today by default.")] = "",
    note: Annotated[str, typer.Option(help="What else there is to say about that.")] = "",
    erase: Annotated[
        bool, typer.Option("--erase", help="Erase them everywhere, and prove it.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before erasing.")] = False,
) -> None:
    """Show a customer's consents, write one down, hand out all that is known, or erase it.

    Backups made before an erasure still hold the customer.
    """
    with klantreis.Workspace.open(folder) as workspace:
        # Digits are a number here, never a card or telephone number: this command erases.
        customer = workspace.customer(int(who) if who.isdecimal() else who).number
        subject = f"/customers/{customer}"
        if access:
            access.write_bytes(workspace.privacy.access(customer, language=language))
            noted(workspace, "access", subject)
            errors.print(f"Written: {access}", highlight=False)
        elif allows or refuses:
            workspace.privacy.state_consent(
                customer,
                allows or refuses,
                bool(allows),
                on=_day(on),
                heard_by=heard_by,
                note=note,
                by=getpass.getuser(),
            )
            noted(workspace, "consent", subject)
            _show_consents(workspace, customer)
        elif erase:
            if not yes:
                typer.confirm(
                    f"Erase customer {customer} from exports, tables and state?", abort=True
                )
            _erase(workspace, customer, subject)
        else:
            _show_consents(workspace, customer)


def _day(text: str) -> date:
    if not text:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            message("Not a day", where="--on", got=repr(text), allowed="2026-01-31")
        ) from error


def _show_consents(workspace: klantreis.Workspace, customer: int) -> None:
    rows = [
        (
            one.purpose,
            "yes" if one.is_granted else "no",
            f"{one.stated_at:%Y-%m-%d}",
            f"{one.source} {one.heard_by}".strip(),
        )
        for one in workspace.privacy.consents(customer)
    ]
    out.print(grid(("purpose", "", "stated", "source"), rows))


def _erase(workspace: klantreis.Workspace, customer: int, subject: str) -> None:
    erased = workspace.privacy.erase(customer, by=getpass.getuser())
    noted(workspace, "erase", subject)
    proof = erased.proof
    out.print(
        f"{len(erased.exports)} files and {erased.parts} parts rewritten, "
        f"{erased.state_rows} rows of the state",
        highlight=False,
    )
    out.print(
        f"Looked for {proof.identifiers} identifiers in {proof.files:,} files "
        f"({proof.bytes:,} bytes): found in {len(proof.found)}",
        highlight=False,
    )
    for path in proof.found:
        errors.print(f"Still in {path}", style="red", markup=False)
    if not proof.is_clean:
        raise typer.Exit(1)
