"""How customers are found."""

from __future__ import annotations

from functools import lru_cache, reduce
from operator import or_
from typing import Any

import ibis
import ibis.expr.types as ir

from klantreis.tables.vocabulary import CHANNELS
from klantreis.web.pages.customers.context import Customers, CustomersQuery, Found, Group
from klantreis.web.paging import Paging
from klantreis.workspace import Workspace

__all__ = ["customers"]

SIZE = 25
CITIES = 200
COLUMNS = (
    "customer_id", "is_known", "name", "email", "phone", "postcode", "city", "loyalty_card",
    "channels", "orders", "revenue_amount", "last_seen_at", "has_open_complaint",
    "open_basket_amount",
)  # fmt: skip


def customers(workspace: Workspace, query: CustomersQuery) -> Customers:
    """Answer the customers page."""
    published = workspace.published
    assert published is not None
    found = _filtered(workspace, query)
    groups, cities = _choices(workspace, published.publication_id)
    total = workspace.rows(found.aggregate(total=found.count()))[0]["total"]
    return Customers(
        query=query,
        as_of=published.as_of,
        total=published.tables["portraits"].rows,
        groups=groups,
        channels=CHANNELS,
        cities=cities,
        paging=Paging(query.page, SIZE, total),
        rows=_page(workspace, found, query),
    )


def _filtered(workspace: Workspace, query: CustomersQuery) -> ir.Table:
    scores = workspace.table("rfm").select(
        "customer_id", "segment", "recency_score", "frequency_score"
    )
    joined = _chosen(workspace, query).left_join(scores, "customer_id")
    table = joined.drop("customer_id_right")
    conditions = [
        *(_mentions(workspace, table, word) for word in query.q.split()),
        *([table["is_known"] == (query.known == "known")] if query.known else []),
        *([table["segment"] == query.segment] if query.segment else []),
        *([table["channels"].contains(query.channel)] if query.channel else []),
        *([table["city"] == query.city] if query.city else []),
        *([table["has_open_complaint"]] if query.only == "complaint" else []),
        *([table["open_basket_amount"] > 0] if query.only == "basket" else []),
        *([table["recency_score"] == query.recency] if query.recency else []),
        *([table["frequency_score"] == query.frequency] if query.frequency else []),
    ]
    return table.filter(*conditions) if conditions else table


def _chosen(workspace: Workspace, query: CustomersQuery) -> ir.Table:
    """Portraits of the customers of an audience and a rule, where these are asked for."""
    portraits, audiences = workspace.table("portraits").select(*COLUMNS), workspace.audiences
    saved = [audiences.one(query.audience).rule] if query.audience else []
    for rule in (*saved, *([query.rule] if query.rule else [])):
        portraits = portraits.semi_join(audiences.members(rule), "customer_id")
    return portraits


def _mentions(workspace: Workspace, table: ir.Table, word: str) -> ir.BooleanValue:
    wanted = word.lower()
    texts = (table["name"].lower(), table["email"].lower(), table["postcode"].lower())
    found = [text.contains(wanted) for text in texts]
    found += [table["loyalty_card"].contains(wanted), table["phone"].contains(wanted)]
    if "@" in wanted:
        found.append(table["customer_id"].isin(_who_stated(workspace, wanted)))
    if wanted.isdecimal() and len(wanted) <= 18:
        number = int(wanted)
        current = workspace.resolve(number)
        found.append(table["customer_id"] == (number if current is None else current))
    return reduce(or_, (part.fill_null(False) for part in found))


def _who_stated(workspace: Workspace, address: str) -> ir.IntegerColumn:
    """The customers of whom any record states such an e-mail address, also an earlier one."""
    stated, links = workspace.table("identifiers"), workspace.table("links")
    is_such = (stated["kind"] == "email") & stated["value"].lower().contains(address)
    owned = links.filter(links["customer_id"].notnull())
    owners: ir.IntegerColumn = owned.semi_join(stated.filter(is_such), "person_id")["customer_id"]
    return owners


def _page(workspace: Workspace, found: ir.Table, query: CustomersQuery) -> tuple[Found, ...]:
    first = {
        "revenue": found["revenue_amount"].desc(),
        "orders": found["orders"].desc(),
        "last_seen": found["last_seen_at"].desc(nulls_first=False),
        "name": found["name"].lower().asc(nulls_first=False),
    }[query.sort]
    rows = workspace.rows(
        found.select(
            "customer_id", "is_known", "name", "email", "city", "segment", "channels", "orders",
            "revenue_amount", "last_seen_at",
        )
        .order_by(first, "customer_id")
        .limit(SIZE, offset=(query.page - 1) * SIZE)
    )  # fmt: skip
    return tuple(_found(row) for row in rows)


def _found(row: dict[str, Any]) -> Found:
    return Found(
        customer_id=row["customer_id"],
        is_known=row["is_known"],
        name=row["name"] or "",
        email=row["email"] or "",
        city=row["city"] or "",
        segment=row["segment"] or "",
        channels=tuple(row["channels"]),
        orders=row["orders"],
        revenue_amount=float(row["revenue_amount"]),
        last_seen_at=row["last_seen_at"],
    )


@lru_cache(maxsize=2)
def _choices(
    workspace: Workspace, publication_id: int
) -> tuple[tuple[Group, ...], tuple[str, ...]]:
    # Asked for at every key stroke of a search, but only ever other after a run.
    return _groups(workspace), _cities(workspace)


def _groups(workspace: Workspace) -> tuple[Group, ...]:
    rfm = workspace.table("rfm")
    counts = rfm.group_by("segment").aggregate(customers=rfm.count())
    return tuple(Group(**row) for row in workspace.rows(counts.order_by(ibis.desc("customers"))))


def _cities(workspace: Workspace) -> tuple[str, ...]:
    portraits = workspace.table("portraits")
    named = portraits.filter(portraits["city"].notnull())
    counts = named.group_by("city").aggregate(customers=named.count())
    rows = workspace.rows(counts.order_by(ibis.desc("customers"), "city").limit(CITIES))
    return tuple(sorted(row["city"] for row in rows))
