"""`klantreis person`: what is known of one customer, what they allow, and erasing them."""

from __future__ import annotations

import getpass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import errors, grid, noted, out, words_of
from klantreis.errors import InputError, message

if TYPE_CHECKING:
    from klantreis.words import Translator
    from klantreis.workspace import Consent, Erased

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
    language: Annotated[
        str,
        typer.Option(
            help="Language of what is told and of that file: nl or en; by default the workspace's."
        ),
    ] = "",
) -> None:
    """Show a customer's consents, write one down, hand out all that is known, or erase it.

    Backups made before an erasure still hold the customer.
    """
    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        # Digits are a number here, never a card or telephone number: this command erases.
        customer = workspace.customer(int(who) if who.isdecimal() else who).number
        if access:
            _hand_out(workspace, customer, access, words)
            return
        if erase and not (allows or refuses):
            _erase(workspace, customer, words, is_sure=yes)
            return
        if allows or refuses:
            workspace.privacy.state_consent(
                customer,
                allows or refuses,
                bool(allows),
                on=_day(on),
                heard_by=heard_by,
                note=note,
                by=getpass.getuser(),
            )
            noted(workspace, "consent", _subject(customer))
        _show_consents(workspace, customer, words)


def _subject(customer: int) -> str:
    """How the audit log names a customer: by number, never by name or address."""
    return f"/customers/{customer}"


def _hand_out(workspace: klantreis.Workspace, customer: int, file: Path, words: Translator) -> None:
    file.write_bytes(workspace.privacy.access(customer, language=words.language))
    noted(workspace, "access", _subject(customer))
    told = words.text("Written: %(file)s", file=file)
    errors.print(told, highlight=False, soft_wrap=True)


def _day(text: str) -> date:
    if not text:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            message("Not a day", where="--on", got=repr(text), allowed="2026-01-31")
        ) from error


def _show_consents(workspace: klantreis.Workspace, customer: int, words: Translator) -> None:
    rows = [
        (
            one.purpose,
            words.code("consent", one.purpose),
            words.text("yes") if one.is_granted else words.text("no"),
            words.day(one.stated_at),
            _heard(one, words),
        )
        for one in workspace.privacy.consents(customer)
    ]
    headings = (
        words.text("Purpose"),
        words.text("Meaning"),
        "",
        words.text("Stated"),
        words.text("Source"),
    )
    out.print(grid(headings, rows, whole=(0,)))


def _heard(one: Consent, words: Translator) -> str:
    """By which source a consent was stated, or who wrote it down and how they know."""
    if one.entered_by:
        by = words.text("written down by %(name)s", name=one.entered_by)
        return f"{one.heard_by} · {by}"
    return words.text("a click in a mail") if one.source == "unsubscribe" else one.source


def _erase(
    workspace: klantreis.Workspace, customer: int, words: Translator, *, is_sure: bool
) -> None:
    if not is_sure:
        asked = words.text(
            "Erase customer %(number)s from exports, tables and state?", number=customer
        )
        typer.confirm(asked, abort=True)
    erased = workspace.privacy.erase(customer, by=getpass.getuser())
    noted(workspace, "erase", _subject(customer))
    _show_erased(erased, words)
    if not erased.proof.is_clean:
        raise typer.Exit(1)


def _show_erased(erased: Erased, words: Translator) -> None:
    proof = erased.proof
    rewritten = words.text(
        "Rewritten: %(files)s files, %(parts)s parts of imports, %(rows)s rows of what people "
        "decided.",
        files=words.number(len(erased.exports)),
        parts=words.number(erased.parts),
        rows=words.number(erased.state_rows),
    )
    out.print(rewritten, highlight=False, soft_wrap=True)
    searched = words.text(
        "Looked for %(identifiers)s identifiers in %(files)s (%(size)s bytes): found in %(found)s",
        identifiers=words.number(proof.identifiers),
        files=words.units(proof.files, "files"),
        size=words.number(proof.bytes),
        found=words.number(len(proof.found)),
    )
    out.print(searched, highlight=False, soft_wrap=True)
    for path in proof.found:
        told = words.text("Still found in %(file)s", file=path)
        errors.print(told, style="red", markup=False, soft_wrap=True)
