"""Joined measures of the made-up shop: who comes from the app brings back more; the rest is alike."""

from __future__ import annotations

from collections.abc import Iterator

from tests.web.shop.people import Row

__all__ = ["best_differences", "joined_measures"]

MONTHS = [f"2025-{month:02}" for month in range(4, 13)]
CUSTOMERS = 400
RETURNED = {"web": 0.05, "app": 0.16, "store": 0.05}
GROUPS = {"no_stock": 0.5, "stock": 0.2, "price": 0.2}


def joined_measures() -> list[Row]:
    """Shares of customers with one occasion each, so that the sums are plain counts."""
    return [
        *_everywhere("returned_purchases", RETURNED),
        *_everywhere("nps_after_purchase", {"web": 8.0, "store": 8.0}, square=60.0),
        *(_row("returned_purchases", CUSTOMERS, 0.07, month=month) for month in MONTHS),
        _row("review_after_store_purchase", 12, 0.25),
        *(
            _row(
                "search_before_purchase",
                CUSTOMERS,
                share,
                segmentation="target_group",
                segment=code,
            )
            for code, share in GROUPS.items()
        ),
        _row("search_before_purchase", 3 * CUSTOMERS, 0.3),
    ]


def _everywhere(measure: str, channels: dict[str, float], square: float = 1.0) -> Iterator[Row]:
    for channel, value in channels.items():
        yield _row(measure, CUSTOMERS, value, at_channel=channel, square=square)
    mean = sum(channels.values()) / len(channels)
    yield _row(measure, CUSTOMERS * len(channels), mean, square=square)


def _row(measure: str, customers: int, value: float, square: float = 1.0, **place: str) -> Row:
    everywhere = {"segmentation": "all", "segment": "all", "at_channel": "all", "month": "all"}
    top = customers * value
    return {
        "measure": measure, **everywhere, **place, "customers": customers, "top": top,
        "bottom": float(customers), "top_squared": top * square, "bottom_squared": float(customers),
        "cross": top,
    }  # fmt: skip


def best_differences() -> list[Row]:
    """The best click in mails more, and stop in the same phases; of pages too little is known."""
    look = {"customers": 200, "rest_customers": 800}
    told = {
        "verdict": "told", "value": 0.3, "rest": 0.2, "difference": 0.1, "low": 0.03, "high": 0.17,
        "effect": 0.3, "p_value": 0.0001, "q_value": 0.001, **look,
    }  # fmt: skip
    few = {"verdict": "too_few", "value": 0.1, "rest": 0.1, "sure_effect": 0.0, **look}
    return [
        {"aspect": "channel", "item": "mail", "sure_effect": 0.1, **told},
        {"aspect": "touchpoint", "item": "mail.clicked", "sure_effect": 0.09, **told},
        {"aspect": "path", "item": "mail.clicked>web.view_item", "sure_effect": 0.08, **told},
        {"aspect": "category", "item": "Tuin", "sure_effect": 0.07, **told},
        {"aspect": "stop", "item": "see_think_do_care.think", "sure_effect": 0.06, **told},
        {
            "aspect": "stop",
            "item": "inspiration_to_feedback.orientation",
            "sure_effect": 0.06,
            **told,
        },
        {"aspect": "page", "item": "/inspiratie", **few},
    ]
