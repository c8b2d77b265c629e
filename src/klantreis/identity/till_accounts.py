"""Cards that a till scans for whoever shows none: known by buying more than any customer does."""

from __future__ import annotations

import ibis.expr.types as ir

from klantreis.identity.statements import NAMES_OF, named_records

__all__ = ["till_accounts"]

ENOUGH_REGISTERED = 1_000
BUSIEST_REGISTERED = 0.999
MARGIN = 1.5


def till_accounts(stated: ir.Table, persons: ir.Table, orders: ir.Table) -> ir.Table:
    """Cards that nobody registered, and that buy more than registered ones do.

    A card is registered when a record with a name states it. A till's account has half as many
    purchases again as 999 of 1,000 registered cards that buy. With fewer than a thousand of those
    nothing is known about what is usual, and no card is judged.

    Args:
        stated: as `statements` returns them.

    Returns:
        `kind` and `value`.
    """
    sales = orders.filter((orders["kind"] == "sale") & orders["person_id"].notnull())
    bought = sales.group_by("person_id").aggregate(orders=sales.count())
    registered = named_records(persons).select("person_id").mutate(is_registered=True)
    is_card = (stated["kind"] == "loyalty_card") & ~stated["is_junk"]
    cards = stated.filter(is_card).select("person_id", *NAMES_OF).distinct()
    cards = cards.left_join(bought, "person_id").drop("person_id_right")
    cards = cards.left_join(registered, "person_id").drop("person_id_right")
    used = cards.group_by(NAMES_OF).aggregate(
        orders=cards["orders"].sum().fill_null(0),
        is_registered=cards["is_registered"].any().fill_null(False),
    )
    buyers = used.filter(used["is_registered"] & (used["orders"] > 0))
    usual = buyers.aggregate(
        buyers=buyers.count(), most=buyers["orders"].quantile(BUSIEST_REGISTERED)
    )
    judged = used.filter(~used["is_registered"]).cross_join(usual)
    is_busy = judged["orders"] > judged["most"] * MARGIN
    return judged.filter((judged["buyers"] >= ENOUGH_REGISTERED) & is_busy).select(NAMES_OF)
