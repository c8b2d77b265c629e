"""How the pairs in doubt, and all around them, are found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from klantreis.web.figures import share
from klantreis.web.pages.identity.context import (
    BarredCount,
    IdentityPage,
    IdentityQuery,
    MergeShown,
)
from klantreis.words import Evidence, Figure
from klantreis.workspace import Merge, Workspace

__all__ = ["identity"]

LISTED = 12


def identity(workspace: Workspace, query: IdentityQuery) -> IdentityPage:
    """Answer the page of who is who; after the last pair it begins again with the first."""
    published = workspace.published
    assert published is not None
    asked = workspace.identity
    told = asked.reviewing(skipped=query.skip)
    skip = query.skip if told.doubts else 0
    if query.skip and not told.doubts:
        told = asked.reviewing()
    doubt = told.doubts[0] if told.doubts else None
    counts = Counter(asked.barred_counts())
    return IdentityPage(
        as_of=published.as_of,
        doubt=asked.why(doubt.left_person_id, doubt.right_person_id) if doubt else None,
        moments=doubt.moments if doubt else 0,
        skip=skip,
        remaining=told.remaining,
        same=told.verdicts["same"],
        different=told.verdicts["different"],
        unsure=told.verdicts["unsure"],
        compared=told.compared,
        expected_same=_expected(told.expected_same, told.remaining),
        expected_right=_expected(told.expected_right, told.used),
        agreed=share(told.agreed, told.judged, "pairs"),
        taught=told.taught,
        deeds=asked.deeds(most=LISTED),
        waits=asked.waiting(published.published_at),
        merges=_merges(workspace, asked.merges(most=LISTED)),
        reason=query.reason,
        counts=tuple(BarredCount(*one) for one in counts.most_common()),
        barred=asked.barred(query.reason, most=LISTED),
        stopped=asked.stopped_matches(most=LISTED),
    )


def _expected(value: float | None, n: int) -> Figure:
    """What the model itself thinks: nobody looked, so that it is assumed."""
    return Figure(value, "share", Evidence("assumed", n, "pairs", needed=1))


def _merges(workspace: Workspace, merges: Sequence[Merge]) -> tuple[MergeShown, ...]:
    customers = workspace.table("customers")
    own = customers.filter(customers["customer_id"].isin([one.customer_id for one in merges]))
    known: Mapping[int, tuple[str, int]] = {
        row["customer_id"]: (row["name"] or "", row["persons"])
        for row in workspace.rows(own.select("customer_id", "name", "persons"))
    }
    shown = []
    for one in merges:
        name, persons = known.get(one.customer_id, ("", 0))
        can_be_undone = 0 < len(one.persons) < persons
        shown.append(
            MergeShown(
                one.old_customer_id,
                one.customer_id,
                name,
                one.merged_at,
                one.persons,
                can_be_undone,
            )
        )
    return tuple(shown)
