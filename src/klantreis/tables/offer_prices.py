"""The contract of `offer_prices`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="offer_prices",
    room="journeys",
    meaning="What an offer really comes to, its mechanic read from the text.",
    key=("offer_id",),
    columns=(
        column("offer_id", "string", "as in `offers`", required=True),
        column(
            "kind",
            "string",
            "`multi_buy` pays for fewer units than are bought, `nth_price` has a price of its own for the last of them, `bundle_price` is a price for several together, `measure_price` one of an amount of weight or volume, `up_to` a largest discount, `extra` a gift or a service; `unread` was not understood",
            required=True,
            allowed=(
                "none",
                "price",
                "share_off",
                "amount_off",
                "multi_buy",
                "nth_price",
                "bundle_price",
                "measure_price",
                "up_to",
                "extra",
                "unread",
            ),
        ),
        column("buys", "int64", "units that have to be bought", unit="units", required=True),
        column("pays", "float64", "units of them that are paid, of a multi-buy", unit="units"),
        column("share_off", "float64", "part that goes off the price, as written"),
        column(
            "unit_amount",
            "money",
            "effective price of one unit; empty where it cannot be told",
            unit="EUR",
        ),
        column("saved_share", "float64", "part of the normal price that is saved on each unit"),
    ),
)
