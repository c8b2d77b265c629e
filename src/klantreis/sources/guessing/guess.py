"""From a file to a guess of everything that a mapping has to say, each with how sure and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from klantreis.sources.guessing.assigning import (
    assigned_to,
    lines_or_totals,
    with_days_of_persons,
    with_numbers_of_orders,
    with_numbers_of_persons,
    with_own_day_only,
)
from klantreis.sources.guessing.guesses import PERSON, ColumnGuess, Guess
from klantreis.sources.guessing.kinds import Kinds
from klantreis.sources.guessing.lacking import lacks_of
from klantreis.sources.guessing.lines import with_lines
from klantreis.sources.guessing.moments import Order
from klantreis.sources.guessing.naming import Assigned
from klantreis.sources.guessing.reasons import column_guess
from klantreis.sources.guessing.returns import doubts_of_returns
from klantreis.sources.guessing.row_kinds import shape_of
from klantreis.sources.guessing.samples import Sample
from klantreis.sources.guessing.shapes import SHAPES, Shape
from klantreis.sources.guessing.totals import sides_told, with_totals
from klantreis.sources.guessing.twins import has_twins
from klantreis.sources.guessing.written import (
    date_order_of,
    decimal_sign_of,
    has_local_times,
    has_mixed_dates,
    has_short_years,
    kinds_of_columns,
)

__all__ = ["guess"]

WAYS_TO_REACH = {"customer_number", "email", "phone", "mobile", "loyalty_card", "cookie"}
ENOUGH_ELSE = 3  # columns that tell of something else than persons
# Of what has a day of its own beside that of the order, or of being made.
OWN_DAYS: Mapping[str, str] = {"return": "returned_at", "appointment": "appointment_at"}


def guess(
    sample: Sample,
    *,
    time_zone: str,
    row_is: str = "",
    said: Mapping[str, str] | None = None,
    decimal_sign: str = "",
    date_order: Order = "",
    channel: str = "",
) -> Guess:
    """Guess what a file is; what somebody said holds over what is guessed.

    Args:
        time_zone: of the workspace, or as said.
        row_is: what one row is; empty to guess it.
        said: what columns mean, by column; an empty meaning is: not used.
        decimal_sign, date_order, channel: empty to guess them.
    """
    sample = with_lines(sample, row_is, date_order)
    kinds = kinds_of_columns(sample, date_order)
    shape = SHAPES.get(row_is) or shape_of(kinds, sample)
    said = {
        column: means
        for column, means in (said or {}).items()
        if column in kinds and shape and (not means or means in shape.targets)
    }
    assigned, unused = _meanings(sample, kinds, shape, said)
    columns = tuple(
        column_guess(name, of, *assigned.get(name, ("", 0.0)), shape, said)
        for name, of in kinds.items()
    )
    sign, is_sign_sure = decimal_sign_of(sample, kinds, columns)
    order, is_order_sure = date_order_of(kinds)
    found = Guess(
        sample=sample,
        row_is=shape.name if shape else "",
        columns=columns,
        decimal_sign=decimal_sign or sign,
        date_order=order,
        time_zone=time_zone,
        channel=channel or _channel(shape, columns),
        unsure=(),
        lacks=(),
    )
    found = replace(found, lacks=lacks_of(found, kinds))
    doubts = _doubts(
        found,
        kinds,
        is_order_sure=is_order_sure or bool(date_order),
        is_sign_sure=is_sign_sure or bool(decimal_sign),
        is_channel_said=bool(channel),
    )
    if not row_is and not unused and _tells_hardly_of_people(found):
        doubts = ("row_is", *doubts)
    return replace(found, unsure=(*doubts, *unused))


def _meanings(
    sample: Sample, kinds: Mapping[str, Kinds], shape: Shape | None, said: Mapping[str, str]
) -> tuple[Assigned, tuple[str, ...]]:
    """By column what it means and how sure, and codes of why totals that are there are not used."""
    if shape is None:
        return {}, ()
    assigned = lines_or_totals(sample, assigned_to(kinds, shape, said), said)
    if shape.name == PERSON:
        numbered = with_numbers_of_persons(sample, kinds, assigned, said)
        totals, unused = with_totals(sample, kinds, numbered, said)
        return with_days_of_persons(kinds, totals, said), unused
    if shape.name == "order":
        return with_numbers_of_orders(sample, assigned, said), ()
    if shape.name in OWN_DAYS:
        return with_own_day_only(assigned, OWN_DAYS[shape.name], said), ()
    return assigned, ()


def _tells_hardly_of_people(found: Guess) -> bool:
    """Whether rows are of persons only for want of better, as those of gift cards or of a mailing.

    They tell how to reach somebody, and in more columns something that is not used.
    """
    used = {one.means for one in found.columns if one.means}
    others = [one for one in found.columns if not one.means and one.examples]
    is_bare = found.row_is == PERSON and used <= WAYS_TO_REACH
    return is_bare and len(others) >= max(ENOUGH_ELSE, len(used))


def _doubts(
    found: Guess,
    kinds: Mapping[str, Kinds],
    *,
    is_order_sure: bool,
    is_sign_sure: bool,
    is_channel_said: bool,
) -> tuple[str, ...]:
    """Codes of what a person should look at, as in `Guess.unsure`."""
    sample, means = found.sample, {one.means for one in found.columns}
    is_channel_guessed = bool(found.channel) and not is_channel_said
    has_amounts = not means.isdisjoint(("total_amount", "unit_amount"))
    doubts = {
        "row_is": found.shape is None,
        "amounts": found.row_is == "order" and not found.lacks and not has_amounts,
        **doubts_of_returns(found.row_is, frozenset(means)),
        "heading": sample.form in ("delimited", "excel") and not sample.is_heading_sure,
        "same_headings": sample.form in ("delimited", "excel")
        and has_twins(sample, {one.column for one in found.columns if one.means}),
        "dates": not is_order_sure,
        "mixed_dates": has_mixed_dates(kinds, found.columns),
        "lists": bool(sample.lists.keys() - {sample.each}),
        "short_years": has_short_years(kinds, found.columns),
        "decimal": not is_sign_sure,
        "time_zone": has_local_times(kinds, found.columns),
        "channel": is_channel_guessed and found.row_is != PERSON,
        "totals_channel": is_channel_guessed and found.row_is == PERSON,
    }
    return tuple(code for code, is_so in doubts.items() if is_so)


def _channel(shape: Shape | None, columns: Sequence[ColumnGuess]) -> str:
    given = {one.means for one in columns}
    if not shape or not shape.channels or "channel" in given:
        return ""
    if shape.name == PERSON and sides_told(given) != ("",):
        return ""  # only totals happen somewhere, and of these the columns tell where
    if "ticket_id" in given and "service" in shape.channels:
        return "service"
    is_till = any(one.means in ("store_id", "loyalty_card") for one in columns)
    return "store" if is_till and "store" in shape.channels else shape.channels[0]
