"""How well identity did, measured against a known truth."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine

__all__ = ["IdentityQuality", "identity_quality"]


@dataclass(frozen=True)
class IdentityQuality:
    """Precision and recall of a grouping of records, over pairs and per record.

    Attributes:
        records: records that were judged.
        pairwise_precision: part of the pairs that were put together that belong together.
        pairwise_recall: part of the pairs that belong together that were put together.
        b_cubed_precision: for the average record, the part of its group that is the same human.
        b_cubed_recall: for the average record, the part of its human's records in its group.
    """

    records: int
    pairwise_precision: float
    pairwise_recall: float
    b_cubed_precision: float
    b_cubed_recall: float

    @property
    def pairwise_f1(self) -> float:
        return _harmonic_mean(self.pairwise_precision, self.pairwise_recall)

    @property
    def b_cubed_f1(self) -> float:
        return _harmonic_mean(self.b_cubed_precision, self.b_cubed_recall)


def identity_quality(links: ir.Table, truth: ir.Table, *, engine: Engine) -> IdentityQuality:
    """Score links against the truth, over the records that are in both.

    Pairs weigh large groups heavily; B-cubed (Bagga and Baldwin, Algorithms for Scoring
    Coreference Chains, LREC 1998) weighs every record alike. Where there are no pairs at all,
    nothing was done wrong: the share is 1.

    Args:
        links: `person_id` and `customer_id`; a record that is nobody counts as one by itself.
        truth: `person_id` and `human_id`, one row a record.
    """
    alone = -1 - ibis.row_number().over(order_by="person_id")
    owned = links.select("person_id", customer_id=ibis.coalesce(links["customer_id"], alone))
    judged = owned.join(truth.select("person_id", "human_id"), "person_id")
    cells = engine.keep(
        judged.group_by("customer_id", "human_id").aggregate(records=judged.count())
    )
    groups = cells.group_by("customer_id").aggregate(in_group=cells["records"].sum())
    humans = cells.group_by("human_id").aggregate(in_human=cells["records"].sum())
    sized = cells.join(groups, "customer_id").join(humans, "human_id")
    squared = sized["records"] * sized["records"].cast("float64")
    sums = {
        "records": sized["records"].sum(),
        "pairs_right": _pairs(sized["records"]).sum(),
        "precise": (squared / sized["in_group"]).sum(),
        "recalled": (squared / sized["in_human"]).sum(),
    }
    row = engine.fetch(sized.aggregate(**sums)).to_pylist()[0]
    made = engine.fetch(groups.aggregate(pairs=_pairs(groups["in_group"]).sum()))["pairs"][0]
    real = engine.fetch(humans.aggregate(pairs=_pairs(humans["in_human"]).sum()))["pairs"][0]
    return IdentityQuality(
        records=int(row["records"] or 0),
        pairwise_precision=_share(row["pairs_right"], made.as_py()),
        pairwise_recall=_share(row["pairs_right"], real.as_py()),
        b_cubed_precision=_share(row["precise"], row["records"]),
        b_cubed_recall=_share(row["recalled"], row["records"]),
    )


def _pairs(records: ir.Value) -> ir.FloatingValue:
    return records.cast("float64") * (records.cast("float64") - 1) / 2


def _share(part: float | None, whole: float | None) -> float:
    return float(part or 0) / float(whole) if whole else 1.0


def _harmonic_mean(one: float, other: float) -> float:
    return 2 * one * other / (one + other) if one + other else 0.0
