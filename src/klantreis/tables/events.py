"""The contract of `events`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column
from klantreis.tables.vocabulary import CHANNELS

__all__ = ["TABLE"]

TABLE = Table(
    name="events",
    room="sources",
    meaning="Something that happened at a time, in a channel.",
    key=("event_id",),
    columns=(
        column(
            "event_id",
            "string",
            "unique in all sources; a hash of the source's own fields where it has no id",
            required=True,
        ),
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
            "person_id",
            "string",
            "the person record that it belongs to; empty when the source does not know who",
        ),
        column("channel", "string", "where it happened", required=True, allowed=CHANNELS),
        column(
            "name",
            "string",
            "what happened, as GA4's e-commerce names where there is one: `page_view`, `view_item`, `add_to_cart`, `delivered` ...",
            required=True,
        ),
        column("occurred_at", "timestamp(6)", "when it happened", unit="UTC", required=True),
        column("session_id", "string", "visit that it belongs to, unique per person"),
        column("page", "string", "path of the page or name of the screen"),
        column("product_id", "string", "product that it is about"),
        column("order_id", "string", "order that it is about"),
        column("store_id", "string", "store where it happened"),
        column("traffic_source", "string", "where the visit came from: `google`, `newsletter` ..."),
        column("traffic_medium", "string", "how the visit came: `cpc`, `organic`, `email` ..."),
        column("campaign", "string", "campaign that brought the visit"),
        column("device", "string", "kind of device: `desktop`, `mobile`, `tablet`"),
        column("search_term", "string", "what was searched for"),
        column("amount", "money", "value of the event", unit="EUR"),
    ),
    period="occurred_at",
)
