"""Questions asked on demand of needs and emotions: per topic, phase, touchpoint and group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import ibis
import ibis.expr.types as ir

__all__ = ["emotion_by", "needs_by", "recoveries", "searched_about"]

WENT_WRONG, CAME_RIGHT = -1.0, 0.5


def needs_by(questions: ir.Table, *, by: Sequence[str], groups: ir.Table | None = None) -> ir.Table:
    """How many ask after each topic.

    Args:
        questions: as in its contract, with any further columns that are counted by.
        by: columns beside `topic`, as `phase`, `kind` or `segment`.
        groups: `customer_id` and `segment`; only its customers are counted then.

    Returns:
        `topic`, the columns of `by`, `statements`, `customers` (who said so, as far as known) and
        `speakers` (customers of the segment, or of all, who said anything).
    """
    told = questions
    if groups is not None:
        told = told.join(groups.select("customer_id", "segment"), "customer_id")
    own = ["segment"] if groups is not None else []
    keys = ["topic", *dict.fromkeys([*own, *by])]
    counts = told.group_by(keys).aggregate(
        statements=told["statement_id"].nunique(), customers=told["customer_id"].nunique()
    )
    if own:
        speakers = told.group_by(own).aggregate(speakers=told["customer_id"].nunique())
        return counts.join(speakers, own)
    speakers = told.aggregate(speakers=told["customer_id"].nunique())
    return counts.cross_join(speakers)


def searched_about(searches: ir.Table) -> ir.Table:
    """How often was searched for each topic, and how many terms that were.

    Args:
        searches: as in its contract.

    Returns:
        `place`, `topic` (empty for terms about none), `terms`, `times` and `clicks`.
    """
    return searches.group_by("place", "topic").aggregate(
        terms=searches.count(), times=searches["times"].sum(), clicks=searches["clicks"].sum()
    )


def emotion_by(
    emotions: ir.Table, *, by: Sequence[str], groups: ir.Table | None = None
) -> ir.Table:
    """Mean emotion with what its interval needs.

    Args:
        emotions: as in its contract, with any further columns that are counted by.
        by: columns, as `touchpoint`, `phase`, `kind`, `topic` or `segment`.
        groups: `customer_id` and `segment`; only its customers are counted then.

    Returns:
        The columns of `by`, `n`, `mean`, `deviation` (sample), `negative` and `positive` (how many
        lie at or below -0.5, at or above 0.5).
    """
    felt = emotions
    if groups is not None:
        felt = felt.join(groups.select("customer_id", "segment"), "customer_id")
    emotion = felt["emotion"]
    return felt.group_by(list(by)).aggregate(
        n=felt.count(),
        mean=emotion.mean(),
        deviation=emotion.std(),
        negative=felt.count(where=emotion <= -CAME_RIGHT),
        positive=felt.count(where=emotion >= CAME_RIGHT),
    )


def recoveries(emotions: ir.Table, *, within_days: int, groups: ir.Table | None = None) -> ir.Table:
    """What went wrong, and how often it came right: the customer told something positive later.

    A moment went wrong at -1 or lower. It came right when the same customer gave a score or wrote
    a text of 0.5 or higher within the window after it. Who stays silent is not counted as right.

    Args:
        emotions: as in its contract.
        within_days: the window.
        groups: `customer_id` and `segment`; only its customers are counted then.

    Returns:
        `event`, `went_wrong`, `spoke` (of those, who said anything in the window), `came_right`
        and `days` (mean time until it came right).
    """
    felt = emotions.filter(emotions["customer_id"].notnull())
    if groups is not None:
        felt = felt.semi_join(groups, "customer_id")
    wrong = felt.filter(felt["emotion"] <= WENT_WRONG)
    # One moment may show twice, as a score and as a text: it went wrong once.
    wrong = wrong.group_by("customer_id", "event", "record_table", "record_id").aggregate(
        felt_at=wrong["felt_at"].min()
    )
    told = felt.filter(felt["kind"] != "behaviour").select(
        told_by="customer_id", told_at="felt_at", told="emotion", told_record="record_id"
    )
    pairs = wrong.left_join(
        told,
        [
            wrong["customer_id"] == told["told_by"],
            told["told_at"] > wrong["felt_at"],
            told["told_at"] <= wrong["felt_at"] + ibis.interval(days=within_days),
            told["told_record"] != wrong["record_id"],
        ],
    )
    is_right = pairs["told"] >= CAME_RIGHT
    waited = pairs["told_at"].delta(pairs["felt_at"], unit="second")
    each = pairs.group_by("customer_id", "event", "record_table", "record_id").aggregate(
        spoke=pairs["told_at"].notnull().any(),
        came_right=is_right.fill_null(False).any(),
        seconds=waited.min(where=is_right),
    )
    return each.group_by("event").aggregate(
        went_wrong=each.count(),
        spoke=each.count(where=each["spoke"]),
        came_right=each.count(where=each["came_right"]),
        days=each["seconds"].mean() / timedelta(days=1).total_seconds(),
    )
