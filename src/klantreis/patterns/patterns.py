"""The scan: which joined measures differ between groups and channels, or move over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace

import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.patterns.joined import JOINED_MEASURES
from klantreis.patterns.joined_measure import joined_measures_known
from klantreis.patterns.joined_measures import ALL
from klantreis.patterns.judging import TOLD, Judgement, judged
from klantreis.patterns.looks import Look, Place, looks
from klantreis.tables import contract

__all__ = ["patterns"]

Told = Mapping[tuple[str, Place], bool]  # of each look that is told, whether it is more


def patterns(joined_measures: ir.Table, *, engine: Engine) -> ir.Table:
    """Look at every joined measure of each group, channel and course in time, and judge all together.

    A look is told when it is sure for as many looks as there are (see `judged`), large enough to
    matter, and not told already of a larger whole.

    Args:
        joined_measures: as in its contract.

    Returns:
        As in the contract of `patterns`: one row a look.
    """
    meanings = {code: one.meaning for code, one in joined_measures_known(JOINED_MEASURES).items()}
    found = list(looks(engine.fetch(joined_measures).to_pylist(), meanings))
    rows = list(_judged(found))
    return engine.table(pa.Table.from_pylist(rows, schema=contract("patterns").schema.to_pyarrow()))


def _judged(found: Sequence[Look]) -> Iterator[dict[str, object]]:
    judgements = judged([look.difference for look in found])
    told = {
        (look.kind, look.place): (judgement.low or 0.0) > 0
        for look, judgement in zip(found, judgements, strict=True)
        if judgement.verdict == TOLD
    }
    for look, judgement in zip(found, judgements, strict=True):
        is_repeat = judgement.verdict == TOLD and _is_repeat(look, (judgement.low or 0.0) > 0, told)
        yield _row(look, replace(judgement, verdict="repeated") if is_repeat else judgement)


def _is_repeat(look: Look, is_more: bool, told: Told) -> bool:
    """Whether the same is told of a larger whole already."""
    if _only_by_channel(look, told):
        return True
    return any(told.get(larger) == is_more for larger in _larger(look))


def _larger(look: Look) -> Iterator[tuple[str, Place]]:
    """The looks that say the same of a larger whole: of the group everywhere, of everybody, the course as a line."""
    place = look.place
    if place.at_channel != ALL and place.segmentation != ALL:
        yield look.kind, Place(place.measure, place.segmentation, place.segment)
    if look.kind in ("trend", "jump"):
        if look.kind == "jump":
            yield "trend", place
        if place != Place(place.measure):
            yield "trend", Place(place.measure)
            yield "jump", Place(place.measure)


def _only_by_channel(look: Look, told: Told) -> bool:
    """Whether groups by channel differ where the channels themselves do: that is told of those."""
    place = look.place
    if place.segmentation != "channel" or place.at_channel != ALL:
        return False
    return any(kind == "channel" and at.measure == place.measure for kind, at in told)


def _row(look: Look, judgement: Judgement) -> dict[str, object]:
    one = look.difference
    return {
        "kind": look.kind,
        **{name: getattr(look.place, name) for name in Place.__dataclass_fields__},
        "value": look.value,
        "rest": look.rest,
        "difference": one.value if one else None,
        "effect": one.effect if one else None,
        "p_value": one.p_value if one else None,
        **asdict(judgement),
        "customers": look.one.customers,
        "rest_customers": look.other.customers,
        "occasions": look.one.bottom,
        "starts": look.starts,
        "ends": look.ends,
        "rest_starts": look.rest_starts,
        "rest_ends": look.rest_ends,
    }
