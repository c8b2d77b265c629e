"""What each offer really comes to: a multi-buy leaves the price on the shelf as it is."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.journeys.mechanics import read_mechanic

__all__ = ["offer_prices"]

# A price that is shown below the normal one has the discount in it already.
ROUNDING = 0.005
READ = pa.schema(
    [
        ("mechanic", pa.string()),
        ("kind", pa.string()),
        ("buys", pa.int64()),
        ("pays", pa.float64()),
        ("share_off", pa.float64()),
        ("amount", pa.float64()),
    ]
)


def offer_prices(offers: ir.Table, *, engine: Engine) -> ir.Table:
    """Read the mechanic of every offer, and work out the effective price of one unit.

    Args:
        offers: with `mechanic`, `offer_amount` and `normal_amount`.

    Returns:
        As in the contract of `offer_prices`. The price is empty where it cannot be told: of a
        mechanic that was not understood while no lower price is shown, of a price per weight, of
        "up to" a discount, and where no price is known at all.
    """
    texts = engine.fetch(offers.select("mechanic").filter(offers["mechanic"].notnull()).distinct())
    read = [
        {"mechanic": text, **vars(read_mechanic(text))} for text in texts["mechanic"].to_pylist()
    ]
    mechanics = engine.table(pa.Table.from_pylist(read, schema=READ))
    offer = offers.left_join(mechanics, "mechanic").select(
        "offer_id",
        "pays",
        "share_off",
        "amount",
        kind=ibis.coalesce(ibis._["kind"], "none"),
        buys=ibis.coalesce(ibis._["buys"], 1),
        shown=ibis._["offer_amount"].cast("float64"),
        normal=ibis._["normal_amount"].cast("float64"),
    )
    priced = offer.mutate(unit=_unit_amount(offer))
    return priced.select(
        "offer_id",
        "kind",
        "buys",
        "pays",
        "share_off",
        unit_amount=priced["unit"].round(4).cast("decimal(18, 4)"),
        saved_share=ibis.ifelse(
            (priced["normal"] > 0) & (priced["unit"] <= priced["normal"]),
            1 - priced["unit"] / priced["normal"],
            ibis.null("float64"),
        ),
    )


def _unit_amount(offer: ir.Table) -> ir.Value:
    shown, normal = offer["shown"], offer["normal"]
    is_lower = (shown < normal - ROUNDING).fill_null(False)
    usual = ibis.coalesce(normal, shown)
    nothing = ibis.null("float64")
    return ibis.cases(
        (offer["kind"] == "multi_buy", usual * offer["pays"] / offer["buys"]),
        (
            (offer["kind"] == "nth_price") & (offer["amount"] <= usual),
            (usual * (offer["buys"] - 1) + offer["amount"]) / offer["buys"],
        ),
        (offer["kind"] == "nth_price", nothing),
        (offer["kind"] == "bundle_price", offer["amount"] / offer["buys"]),
        (offer["kind"] == "price", offer["amount"]),
        (offer["kind"] == "measure_price", nothing),
        (is_lower, shown),
        (offer["kind"].isin(("none", "extra")), usual),
        (normal.isnull() & (offer["kind"].isin(("share_off", "amount_off"))), shown),
        (offer["kind"] == "share_off", normal * (1 - offer["share_off"])),
        (offer["kind"] == "amount_off", normal - offer["amount"]),
        else_=nothing,
    )
