"""`klantreis person`: what is known of one customer, and erasing it."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import errors, grid, out

NAME = "person"


def command(
    folder: Folder,
    customer: Annotated[int, typer.Argument(help="Number of the customer.", metavar="CUSTOMER")],
    access: Annotated[
        Path | None, typer.Option(help="Write everything about them into this zip file.")
    ] = None,
    language: Annotated[str, typer.Option(help="Language of that file: nl or en.")] = "nl",
    erase: Annotated[
        bool, typer.Option("--erase", help="Erase them everywhere, and prove it.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before erasing.")] = False,
) -> None:
    """Show a customer's consents, hand out all that is known, or erase it.

    Backups made before an erasure still hold the customer.
    """
    with klantreis.Workspace.open(folder) as workspace:
        subject = f"/customers/{customer}"
        if access:
            access.write_bytes(workspace.privacy.access(customer, language=language))
            workspace.note(getpass.getuser(), "access", subject, address="command line")
            errors.print(f"Written: {access}", highlight=False)
        elif erase:
            if not yes:
                typer.confirm(
                    f"Erase customer {customer} from exports, tables and state?", abort=True
                )
            erased = workspace.privacy.erase(customer)
            workspace.note(getpass.getuser(), "erase", subject, address="command line")
            proof = erased.proof
            out.print(
                f"{len(erased.exports)} files of exports and {erased.parts} parts rewritten, "
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
        else:
            rows = [
                (
                    one.purpose,
                    "yes" if one.is_granted else "no",
                    f"{one.stated_at:%Y-%m-%d}",
                    one.source,
                )
                for one in workspace.privacy.consents(customer)
            ]
            out.print(grid(("purpose", "", "stated", "source"), rows))
