"""How the records behind a customer are found."""

from __future__ import annotations

from collections import defaultdict

from klantreis.errors import NotFoundError, message
from klantreis.web.page import Moved
from klantreis.web.pages.records.context import (
    Identifier,
    Merge,
    Record,
    Records,
    RecordsQuery,
)
from klantreis.web.pages.records.raw import raw_records
from klantreis.workspace import Workspace

__all__ = ["records"]


def records(workspace: Workspace, query: RecordsQuery) -> Records | Moved:
    """Answer the page with the records; an old number leads to the customer who took it over."""
    customers = workspace.table("customers")
    own = workspace.rows(customers.filter(customers["customer_id"] == query.customer_id))
    if not own:
        current = workspace.resolve(query.customer_id)
        if current is None:
            raise NotFoundError(message("Unknown customer", got=str(query.customer_id)))
        return Moved({"customer_id": current})
    merges = workspace.identity.merges(query.customer_id)
    return Records(
        customer_id=query.customer_id,
        name=own[0]["name"] or "",
        first=query.first,
        last=query.last,
        raw=raw_records(workspace, query),
        records=_records(workspace, query.customer_id),
        merges=tuple(Merge(one.old_customer_id, one.merged_at, one.persons) for one in merges),
    )


def _records(workspace: Workspace, customer_id: int) -> tuple[Record, ...]:
    links = workspace.table("links")
    own = workspace.rows(links.filter(links["customer_id"] == customer_id).order_by("person_id"))
    stated = _identifiers(workspace, [row["person_id"] for row in own])
    return tuple(
        Record(row["person_id"], row["rule"], tuple(stated[row["person_id"]])) for row in own
    )


def _identifiers(workspace: Workspace, persons: list[str]) -> dict[str, list[Identifier]]:
    table = workspace.table("identifiers")
    rows = workspace.rows(
        table.filter(table["person_id"].isin(persons)).order_by("person_id", "kind", "value")
    )
    found: dict[str, list[Identifier]] = defaultdict(list)
    for row in rows:
        found[row["person_id"]].append(
            Identifier(row["kind"], row["value"], row["first_seen_at"], row["last_seen_at"])
        )
    return found
