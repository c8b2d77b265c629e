"""Who lives at the same address."""

from __future__ import annotations

from typing import Any

from klantreis.web.pages.portrait.context import Household, Housemate
from klantreis.workspace import Workspace

__all__ = ["household"]


def household(workspace: Workspace, row: dict[str, Any]) -> Household | None:
    """The others of a customer's household; nothing where no whole address is known."""
    if row["household_id"] is None:
        return None
    if row["household_customers"] == 1:
        return Household(customers=1, others=())
    homes, portraits = workspace.table("households"), workspace.table("portraits")
    same = homes.filter(
        (homes["household_id"] == row["household_id"])
        & (homes["customer_id"] != row["customer_id"])
    )
    named = same.join(portraits.select("customer_id", "name", "email"), "customer_id")
    others = workspace.rows(named.order_by("customer_id"))
    return Household(
        customers=row["household_customers"],
        others=tuple(
            Housemate(
                customer_id=other["customer_id"],
                name=other["name"] or other["email"] or "",
                shares_name=other["shares_name"],
                shares_phone=other["shares_phone"],
            )
            for other in others
        ),
    )
