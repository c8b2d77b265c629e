"""The joined measures that come with the product, a function each; their meanings are in `joined.toml`.

A function gets the rows of its occasions (see `occasions.py`) and gives two numbers of each. Only
occasions count of which enough was seen before or after: a purchase of yesterday has had no time
to come back.
"""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from klantreis.patterns.joined_measure import (
    JoinedMeasure,
    Parts,
    mean,
    meanings,
    quotient,
    share,
)
from klantreis.tables.vocabulary import ONLINE_CHANNELS

__all__ = ["JOINED_MEASURES"]

MILLISECONDS_PER_DAY = 86_400_000
ALWAYS = ibis.literal(True)
JOINED_MEASURES: dict[str, JoinedMeasure] = {}


def _of(
    occasions: str, *, known_days: int = 0
) -> Callable[[Callable[[ir.Table], Parts]], Callable[[ir.Table], Parts]]:
    """Register a function as the measure of its name, taken of these occasions."""

    def registered(parts: Callable[[ir.Table], Parts]) -> Callable[[ir.Table], Parts]:
        code = parts.__name__
        JOINED_MEASURES[code] = JoinedMeasure(meanings()[code], occasions, parts, known_days)
        return parts

    return registered


@_of("purchases")
def ropo_share(bought: ir.Table) -> Parts:
    return share(
        _since(bought, "visit_before", 14), _in_store(bought) & (bought["days_seen_online"] >= 14)
    )


@_of("purchases")
def ropo_days(bought: ir.Table) -> Parts:
    counts = _in_store(bought) & _since(bought, "visit_before", 14)
    waited = _days(bought["occurred_at"], bought["visit_before"])
    # Who still looks at the shop's site after the till waited no time at all.
    return mean(ibis.greatest(waited, 0.0), counts & (bought["days_seen_online"] >= 14))


@_of("purchases")
def mail_before_store_purchase(bought: ir.Table) -> Parts:
    return share(
        _since(bought, "mail_before", 7), _in_store(bought) & (bought["days_seen_mail"] >= 7)
    )


@_of("purchases")
def leaflet_in_basket(bought: ir.Table) -> Parts:
    return share(bought["has_leaflet_offer"], _in_store(bought))


@_of("purchases")
def search_before_purchase(bought: ir.Table) -> Parts:
    return share(_since(bought, "search_before", 14), bought["days_seen_online"] >= 14)


@_of("purchases")
def promotion_before_purchase(bought: ir.Table) -> Parts:
    return share(_since(bought, "promotion_before", 7), bought["days_seen_online"] >= 7)


@_of("purchases")
def oriented_online_bought_in_store(bought: ir.Table) -> Parts:
    return share(_in_store(bought), bought["orientation_channel"].isin(ONLINE_CHANNELS))


@_of("purchases", known_days=30)
def returned_purchases(bought: ir.Table) -> Parts:
    is_last = bought["later_at"].isnull() | (bought["later_at"] > bought["return_after"])
    came_back = _until(bought, "return_after", 30) & is_last
    return share(bought["is_returned"] | came_back.fill_null(False), ALWAYS)


@_of("purchases")
def discount_given(bought: ir.Table) -> Parts:
    discount = bought["discount_amount"].fill_null(0.0)
    return quotient(discount, bought["paid_amount"] + discount, bought["paid_amount"] > 0)


@_of("purchases", known_days=14)
def contact_after_purchase(bought: ir.Table) -> Parts:
    return share(_until(bought, "contact_after", 14), ALWAYS)


@_of("purchases")
def contact_before_second_purchase(bought: ir.Table) -> Parts:
    return share(
        (bought["contact_before"] > bought["earlier_at"]).fill_null(False), bought["number"] == 2
    )


@_of("purchases")
def second_purchase_elsewhere(bought: ir.Table) -> Parts:
    return share(
        _side(bought["earlier_channel"]) != _side(bought["at_channel"]), bought["number"] == 2
    )


@_of("purchases")
def channel_switch_days(bought: ir.Table) -> Parts:
    switched = _side(bought["earlier_channel"]) != _side(bought["at_channel"])
    return mean(_days(bought["occurred_at"], bought["earlier_at"]), switched)


@_of("purchases", known_days=30)
def review_after_store_purchase(bought: ir.Table) -> Parts:
    return share(_until(bought, "review_after", 30), _in_store(bought))


@_of("purchases", known_days=30)
def review_after_online_purchase(bought: ir.Table) -> Parts:
    online = bought["at_channel"].isin(ONLINE_CHANNELS)
    return share(_until(bought, "review_after", 30), online)


@_of("purchases", known_days=180)
def online_first_to_store(bought: ir.Table) -> Parts:
    is_online_first = (bought["number"] == 1) & bought["at_channel"].isin(ONLINE_CHANNELS)
    return share(_until(bought, "store_after", 180), is_online_first)


@_of("purchases", known_days=180)
def first_store_days(bought: ir.Table) -> Parts:
    is_online_first = (bought["number"] == 1) & bought["at_channel"].isin(ONLINE_CHANNELS)
    counts = is_online_first & _until(bought, "store_after", 180)
    return mean(_days(bought["store_after"], bought["occurred_at"]), counts)


@_of("purchases")
def category_breadth(bought: ir.Table) -> Parts:
    return mean(bought["categories"], bought["number"] == 2)


@_of("purchases", known_days=30)
def mail_read_before_return(bought: ir.Table) -> Parts:
    came_back = _until(bought, "return_after", 30)
    return share(bought["mail_after"] < bought["return_after"], came_back)


@_of("moments", known_days=30)
def contact_after_return(moments: ir.Table) -> Parts:
    return share(_until(moments, "contact_after", 30), _is(moments, "return"))


@_of("moments", known_days=60)
def purchase_after_return(moments: ir.Table) -> Parts:
    return share(_until(moments, "purchase_after", 60), _is(moments, "return"))


@_of("moments", known_days=7)
def store_purchase_after_mail(moments: ir.Table) -> Parts:
    return share(_until(moments, "store_after", 7), _is(moments, "opened_mail"))


@_of("moments", known_days=30)
def purchase_after_ad(moments: ir.Table) -> Parts:
    return share(_until(moments, "purchase_after", 30), _is(moments, "ad_click"))


@_of("moments", known_days=30)
def store_purchase_after_ad(moments: ir.Table) -> Parts:
    return share(_until(moments, "store_after", 30), _is(moments, "ad_click"))


@_of("moments", known_days=7)
def store_purchase_after_failed_payment(moments: ir.Table) -> Parts:
    return share(_until(moments, "store_after", 7), _is(moments, "failed_payment"))


@_of("moments", known_days=7)
def purchase_after_failed_payment(moments: ir.Table) -> Parts:
    return share(_until(moments, "purchase_after", 7), _is(moments, "failed_payment"))


@_of("moments", known_days=7)
def contact_after_late_parcel(moments: ir.Table) -> Parts:
    return share(_until(moments, "contact_after", 7), _is(moments, "late_parcel"))


@_of("moments", known_days=90)
def purchase_after_late_parcel(moments: ir.Table) -> Parts:
    return share(_until(moments, "purchase_after", 90), _is(moments, "late_parcel"))


@_of("moments", known_days=7)
def store_purchase_after_no_stock(moments: ir.Table) -> Parts:
    return share(_until(moments, "store_after", 7), moments["met_no_stock"])


@_of("moments", known_days=7)
def store_purchase_after_locator(moments: ir.Table) -> Parts:
    return share(_until(moments, "store_after", 7), moments["looked_up_store"])


@_of("moments", known_days=30)
def ad_to_purchase_days(moments: ir.Table) -> Parts:
    is_followed = _until(moments, "purchase_after", 30)
    waited = _days(moments["purchase_after"], moments["occurred_at"])
    return mean(waited, _is(moments, "ad_click") & is_followed)


@_of("recommendations")
def nps_after_purchase(answers: ir.Table) -> Parts:
    score = answers["score"]
    points = ibis.cases((score >= 9, 100.0), (score <= 6, -100.0), else_=0.0)
    return mean(points, score.notnull())


@_of("first_contacts", known_days=90)
def spend_after_contact(contacts: ir.Table) -> Parts:
    return quotient(contacts["spent_after"], contacts["spent_before"], contacts["days_seen"] >= 90)


def _is(moments: ir.Table, kind: str) -> ir.BooleanValue:
    return moments["kind"] == kind


def _in_store(bought: ir.Table) -> ir.BooleanValue:
    return bought["at_channel"] == "store"


def _side(channel: ir.StringValue) -> ir.StringValue:
    """Webshop and app are one side, for who changes between them stays online."""
    return ibis.ifelse(channel.isin(ONLINE_CHANNELS), "online", channel)


def _since(rows: ir.Table, before: str, days: int) -> ir.BooleanValue:
    """Whether something happened in so many days before."""
    return (_days(rows["occurred_at"], rows[before]) <= days).fill_null(False)


def _until(rows: ir.Table, after: str, days: int) -> ir.BooleanValue:
    """Whether something happened in so many days after."""
    return (_days(rows[after], rows["occurred_at"]) <= days).fill_null(False)


def _days(later: ir.TimestampValue, earlier: ir.TimestampValue) -> ir.FloatingValue:
    return later.delta(earlier, unit="millisecond") / MILLISECONDS_PER_DAY
