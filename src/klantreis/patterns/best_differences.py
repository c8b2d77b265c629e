"""What the best customers do differently: on their ways, in what they look at, and where they stop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.patterns.estimates import Difference, Sums, difference, is_enough
from klantreis.patterns.judging import judged
from klantreis.tables import contract
from klantreis.tables.vocabulary import ONLINE_CHANNELS

__all__ = ["best_differences"]

BEST, OTHERS = "top_20", ("middle_60", "low_20")
MOST_ITEMS = 40  # of an aspect: the more is looked at, the surer each must be
RECEIVED = ("sent", "delivered", "shipped")  # nobody's own doing
# What belongs to a purchase online tells where was bought, which is a look of its own.
BUYING = ("add_to_cart", "view_cart", "remove_from_cart", "begin_checkout", "add_shipping_info",
          "add_payment_info", "payment_failed", "purchase")  # fmt: skip
PAGES = ("page_view", "view_item_list")


def best_differences(
    memberships: ir.Table,
    steps: ir.Table,
    journeys: ir.Table,
    phase_visits: ir.Table,
    timeline: ir.Table,
    products: ir.Table,
    *,
    engine: Engine,
) -> ir.Table:
    """Hold the fifth of the buyers who brought in most against all other buyers.

    Nothing that is counted grows with how often somebody buys: channels, touchpoints and
    successions are parts of the ways to a purchase (those of which something was seen), pages and
    categories parts of what was looked at, stops parts of the ways that ended without a purchase.

    Args:
        memberships: as in its contract; segmentation `value`.
        steps, journeys, phase_visits: ways, as in their contracts.
        timeline, products: what was looked at.

    Returns:
        As in the contract of `best_differences`: one row a look.
    """
    buyers = engine.keep(_buyers(memberships))
    sold = journeys.filter(journeys["purchased_at"].notnull()).semi_join(buyers, "customer_id")
    own = sold.filter(sold["orientation_channel"].notnull())
    whole = _counted(own)
    ways = engine.keep(_ways(steps, own))
    categories, pages = map(engine.keep, _attention(timeline, products, buyers))
    stops = engine.keep(_stops(phase_visits, journeys, buyers))
    aspects = {
        "channel": (_distinct(ways, ways["channel"]), whole),
        "touchpoint": (_distinct(ways, ways["touchpoint"]), whole),
        "path": (_distinct(ways, _succession(ways)), whole),
        "entry": (_itemised(own, own["entry_touchpoint"]), whole),
        "purchase": (_itemised(sold, sold["purchase_channel"]), _counted(sold)),
        "category": (categories, _whole(categories)),
        "page": (pages, _whole(pages)),
        "stop": (stops, _counted(_stopped(journeys).semi_join(buyers, "customer_id"))),
    }
    found = [
        (aspect, item, sums)
        for aspect, (hits, wholes) in aspects.items()
        for item, sums in _sums(hits, wholes, buyers, engine)
    ]
    rows = list(_rows(found))
    schema = contract("best_differences").schema.to_pyarrow()
    return engine.table(pa.Table.from_pylist(rows, schema=schema))


def _buyers(memberships: ir.Table) -> ir.Table:
    own = memberships.filter(
        (memberships["segmentation"] == "value") & memberships["segment"].isin((BEST, *OTHERS))
    )
    return own.select("customer_id", is_best=own["segment"] == BEST)


def _attention(
    timeline: ir.Table, products: ir.Table, buyers: ir.Table
) -> tuple[ir.Table, ir.Table]:
    """How often each buyer looked at products of each category, and at each page."""
    seen = timeline.filter(timeline["channel"].isin(ONLINE_CHANNELS))
    seen = seen.semi_join(buyers, "customer_id")
    viewed = seen.filter(seen["event"] == "view_item")
    viewed = viewed.join(products.select("product_id", "category"), "product_id")
    viewed = viewed.filter(viewed["category"].notnull())
    pages = seen.filter(seen["event"].isin(PAGES) & seen["page"].notnull())
    return _itemised(viewed, viewed["category"]), _itemised(pages, pages["page"])


def _ways(steps: ir.Table, journeys: ir.Table) -> ir.Table:
    """What customers did themselves before the purchase of these journeys."""
    is_own = ~steps["event"].isin((*RECEIVED, *BUYING))
    own = steps.filter((steps["moment"] == "before") & is_own).semi_join(journeys, "journey_id")
    return own.select("customer_id", "journey_id", "channel", "touchpoint", "next_touchpoint")


def _succession(ways: ir.Table) -> ir.StringValue:
    """Two touchpoints directly after each other; empty where the purchase itself begins."""
    following = ways["next_touchpoint"]
    is_purchase = following.split(".")[1].isin(BUYING)
    return ibis.ifelse(is_purchase, ibis.null("string"), ways["touchpoint"] + ">" + following)


def _distinct(ways: ir.Table, item: ir.StringValue) -> ir.Table:
    """In how many ways of each customer something is."""
    each = ways.select("customer_id", "journey_id", item=item)
    each = each.filter(each["item"].notnull()).distinct()
    return _itemised(each, each["item"])


def _itemised(rows: ir.Table, item: ir.StringValue) -> ir.Table:
    own = rows.select("customer_id", item=item)
    return own.group_by(["customer_id", "item"]).aggregate(top=own.count().cast("float64"))


def _stopped(journeys: ir.Table) -> ir.Table:
    return journeys.filter(journeys["outcome"] == "lapsed")


def _stops(phase_visits: ir.Table, journeys: ir.Table, buyers: ir.Table) -> ir.Table:
    """The last phase of ways that ended without a purchase, in each phase model."""
    last = phase_visits.filter(phase_visits["next_phase"].isnull())
    own = last.semi_join(_stopped(journeys), "journey_id").semi_join(buyers, "customer_id")
    return _itemised(own, own["phase_model"] + "." + own["phase"])


def _counted(rows: ir.Table) -> ir.Table:
    return rows.group_by("customer_id").aggregate(bottom=rows.count().cast("float64"))


def _whole(hits: ir.Table) -> ir.Table:
    return hits.group_by("customer_id").aggregate(bottom=hits["top"].sum())


def _sums(
    hits: ir.Table, wholes: ir.Table, buyers: ir.Table, engine: Engine
) -> Iterator[tuple[str, Mapping[bool, Sums]]]:
    """Sums of the best and of the others, for the items that most customers have."""
    owned = wholes.join(buyers, "customer_id")
    bottom = owned["bottom"]
    groups = owned.group_by("is_best").aggregate(
        customers=owned.count(), bottom=bottom.sum(), bottom_squared=(bottom * bottom).sum()
    )
    all_of = {row["is_best"]: row for row in engine.fetch(groups).to_pylist()}
    if len(all_of) < 2:
        return
    both = hits.join(owned, "customer_id")
    top = both["top"]
    each = both.group_by(["item", "is_best"]).aggregate(
        having=both.count(), top=top.sum(), top_squared=(top * top).sum(),
        cross=(top * both["bottom"]).sum(),
    )  # fmt: skip
    found: dict[str, dict[bool, Mapping[str, float]]] = defaultdict(dict)
    for row in engine.fetch(each).to_pylist():
        found[row["item"]][row["is_best"]] = row
    for item in _commonest(found):
        yield (
            item,
            {
                is_best: _of_group(found[item].get(is_best, {}), all_of[is_best])
                for is_best in (True, False)
            },
        )


def _commonest(found: Mapping[str, Mapping[bool, Mapping[str, float]]]) -> Sequence[str]:
    having = {item: sum(row["having"] for row in rows.values()) for item, rows in found.items()}
    return sorted(having, key=lambda item: (-having[item], item))[:MOST_ITEMS]


def _of_group(hit: Mapping[str, float], whole: Mapping[str, float]) -> Sums:
    return Sums(
        customers=int(whole["customers"]),
        top=hit.get("top", 0.0),
        bottom=whole["bottom"],
        top_squared=hit.get("top_squared", 0.0),
        bottom_squared=whole["bottom_squared"],
        cross=hit.get("cross", 0.0),
    )


def _rows(found: Sequence[tuple[str, str, Mapping[bool, Sums]]]) -> Iterator[dict[str, object]]:
    differences = [_difference(sums[True], sums[False]) for _, _, sums in found]
    for (aspect, item, sums), one, judgement in zip(
        found, differences, judged(differences), strict=True
    ):
        yield {
            "aspect": aspect,
            "item": item,
            "value": sums[True].value,
            "rest": sums[False].value,
            "difference": one.value if one else None,
            "effect": one.effect if one else None,
            "p_value": one.p_value if one else None,
            **asdict(judgement),
            "customers": sums[True].customers,
            "rest_customers": sums[False].customers,
        }


def _difference(best: Sums, others: Sums) -> Difference | None:
    if not is_enough(best, others, is_share=True):
        return None
    return difference(best, others, is_share=True)
