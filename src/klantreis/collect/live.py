"""What visitors are doing now, followed event by event as it is collected."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any

import msgspec

from klantreis.state import CollectedEvent
from klantreis.workspace import LiveVisitor

__all__ = ["LiveVisitors"]

VISITORS_AT_MOST = 1_000_000
SEEN_AT_MOST = 30
LOOKED = ("Product Viewed", "Product Added", "Product Clicked")
PAYMENTS = {
    "Payment Failed": "failed",
    "Payment Pending": "pending",
    "Payment Succeeded": "paid",
    "Order Completed": "paid",
}
EVENTS = {
    "Product Viewed": "view_item",
    "Product List Viewed": "view_item_list",
    "Products Searched": "search",
    "Product Added": "add_to_cart",
    "Product Removed": "remove_from_cart",
    "Cart Viewed": "view_cart",
    "Checkout Started": "begin_checkout",
    "Payment Info Entered": "add_payment_info",
    "Order Completed": "purchase",
}


class LiveVisitors:
    """The state of visitors by every id that they go by; who was not seen longest goes first."""

    def __init__(self) -> None:
        self._visitors: OrderedDict[str, LiveVisitor] = OrderedDict()
        self._lock = Lock()

    def follow(self, event: CollectedEvent) -> None:
        """Take one collected event into account."""
        if not event.is_fit:
            return
        call: dict[str, Any] = msgspec.json.decode(event.line)
        ids = [str(call[name]) for name in ("userId", "anonymousId") if call.get(name)]
        with self._lock:
            visitor = self._one(ids)
            _apply(visitor, call)

    def find(self, visitor_id: str) -> LiveVisitor | None:
        """The state of a visitor; None when nothing was seen of them."""
        with self._lock:
            visitor = self._visitors.get(visitor_id)
            return None if visitor is None else msgspec.structs.replace(visitor)

    def _one(self, ids: list[str]) -> LiveVisitor:
        """The state that all these ids share; who signs in takes the visit along."""
        known = [self._visitors[each] for each in reversed(ids) if each in self._visitors]
        visitor = known[0] if known else LiveVisitor()
        for each in ids:
            self._visitors[each] = visitor
            self._visitors.move_to_end(each)
        while len(self._visitors) > VISITORS_AT_MOST:
            self._visitors.popitem(last=False)
        return visitor


def _apply(visitor: LiveVisitor, call: Mapping[str, Any]) -> None:
    kind, properties = call["type"], call.get("properties") or {}
    if kind not in ("track", "page", "screen"):
        return
    channel = "app" if kind == "screen" or _is_app(call) else "web"
    name = str(call.get("event", ""))
    visitor.touchpoint = f"{channel}.{EVENTS.get(name, 'page_view' if kind != 'track' else name)}"
    product = str(properties.get("product_id") or "")
    if product and name in LOOKED:
        visitor.seen = [*(each for each in visitor.seen if each != product), product]
        del visitor.seen[:-SEEN_AT_MOST]
    if product and name == "Product Added":
        visitor.basket[product] = visitor.basket.get(product, 0) + _pieces(properties)
        visitor.has_bought = False
    if product and name == "Product Removed":
        visitor.basket.pop(product, None)
    if name in PAYMENTS:
        visitor.last_payment = PAYMENTS[name]
    if name == "Order Completed":
        visitor.bought.extend(visitor.basket)
        visitor.basket.clear()
        visitor.has_bought = True


def _is_app(call: Mapping[str, Any]) -> bool:
    context = call.get("context") or {}
    return isinstance(context, dict) and bool(context.get("app"))


def _pieces(properties: Mapping[str, Any]) -> int:
    quantity = properties.get("quantity", 1)
    return int(quantity) if isinstance(quantity, int | float) and 1 <= quantity < 1e6 else 1
