from __future__ import annotations

from klantreis import Workspace
from klantreis.workspace import Identity


def test_what_was_taken_out_and_brought_back_leaves_a_number_that_leads_on(
    small_shop: Workspace,
) -> None:
    links = small_shop.table("links")
    customer = links.group_by("customer_id").having(links.count() > 1).aggregate()
    rows = small_shop.rows(links.semi_join(customer, "customer_id").order_by("customer_id"))
    number = rows[0]["customer_id"]
    records = [row["person_id"] for row in rows if row["customer_id"] == number]
    identity: Identity = small_shop.identity
    identity.take_out(number, records[-1:], by="ann")
    small_shop.run()
    numbers = {identity.why(one, one).left.customer_id for one in (records[0], records[-1])}
    (fresh,) = numbers - {number}
    assert fresh is not None
    assert small_shop.resolve(fresh) == fresh

    identity.undo(by="ann")
    small_shop.run()
    assert identity.why(records[0], records[-1]).is_one
    assert small_shop.resolve(fresh) == number, "a number that was once given leads on for ever"
