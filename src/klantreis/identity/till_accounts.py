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
    is_card = (stated["kind"] == "loyalty_card") & ~stated["is_junk"]
    cards = stated.filter(is_card).select("person_id", *NAMES_OF)
    # A record may have written one card in two ways.
    buying = cards.join(bought, "person_id").distinct()
    used = buying.group_by(NAMES_OF).aggregate(orders=buying["orders"].sum())
    registered = cards.semi_join(named_records(persons), "person_id").select(NAMES_OF).distinct()
    told = used.left_join(registered.mutate(is_registered=True), NAMES_OF)
    buyers = told.filter(told["is_registered"].notnull())
    usual = buyers.aggregate(
        buyers=buyers.count(), most=buyers["orders"].quantile(BUSIEST_REGISTERED)
    )
    judged = told.filter(told["is_registered"].isnull()).cross_join(usual)
    is_busy = judged["orders"] > judged["most"] * MARGIN
    return judged.filter((judged["buyers"] >= ENOUGH_REGISTERED) & is_busy).select(NAMES_OF)
