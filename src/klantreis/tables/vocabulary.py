"""Words that several contracts share: channels, and the names of what happens."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["CHANNELS", "EVENTS", "ONLINE_CHANNELS"]

CHANNELS = (
    "web",
    "app",
    "store",
    "mail",
    "ads",
    "social",
    "service",
    "survey",
    "review",
    "leaflet",
    "phone",
    "other",
)
ONLINE_CHANNELS = ("web", "app")

# Names that the stages understand; a source may bring others, they are kept and shown as they are.
EVENTS: Mapping[str, str] = {
    "ad_click": "came in through an advertisement",
    "page_view": "saw a page or screen that has no name of its own below",
    "view_item_list": "saw a list of products",
    "view_item": "saw a product",
    "view_promotion": "saw a promotion",
    "search": "searched in the shop",
    "store_locator": "looked up a store",
    "add_to_wishlist": "put a product on the wish list",
    "add_to_cart": "put a product in the basket",
    "remove_from_cart": "took a product out of the basket",
    "view_cart": "looked at the basket",
    "begin_checkout": "started to check out",
    "add_shipping_info": "chose a delivery",
    "add_payment_info": "chose a payment method",
    "out_of_stock": "met a product that was out of stock",
    "payment_failed": "a payment failed, expired or was cancelled",
    "sign_up": "made an account",
    "login": "signed in",
    "purchase": "bought",
    "cancelled": "the order was cancelled",
    "shipped": "the parcel left the warehouse",
    "delivered": "the parcel arrived",
    "delivery_delayed": "the parcel came later than was promised",
    "return": "brought something back",
    "refund": "got money back",
    "sent": "was sent a message",
    "opened": "opened a message",
    "clicked": "clicked in a message",
    "bounced": "a message could not be delivered",
    "unsubscribed": "unsubscribed",
    "complained": "marked a message as spam",
    "review": "wrote a review",
    "ticket": "contacted the service desk",
    "chat": "chatted with the service desk",
    "appointment": "had an appointment",
    "appointment_missed": "did not come to an appointment",
    "appointment_cancelled": "an appointment was called off",
    "mention": "mentioned us in public",
    "note": "an employee wrote something down",
    "survey": "filled in a survey",
}
