"""The contract of `offers`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="offers",
    room="sources",
    meaning="A promotion of a product in a channel, for a period.",
    key=("offer_id",),
    columns=(
        column("offer_id", "string", "unique in all sources", required=True),
        column(
            "source", "string", "name of the source folder that the record came from", required=True
        ),
        column(
            "file_id",
            "string",
            "import file that the record came from; see the import log",
            required=True,
        ),
        column(
            "medium",
            "string",
            "where it is shown",
            required=True,
            allowed=("leaflet", "web", "store", "mail", "app", "other"),
        ),
        column("product_id", "string", "product, where the source knows it"),
        column("product_name", "string", "name as it is shown"),
        column("offer_amount", "money", "price in the offer", unit="EUR"),
        column("normal_amount", "money", "price without the offer, as it is shown", unit="EUR"),
        column("mechanic", "string", "as written: `2e halve prijs`, `1+1 gratis`"),
        column("placement", "string", "page, shelf or position: `front page`"),
        column("store_id", "string", "store that it holds for; empty for all"),
        column("starts_on", "date", "first day"),
        column("ends_on", "date", "last day"),
    ),
    period="starts_on",
)
