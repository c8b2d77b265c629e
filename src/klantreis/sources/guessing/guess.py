"""From a file to a guess of everything that a mapping has to say, each with how sure and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from klantreis.sources.guessing.kinds import Kinds, kinds_of
from klantreis.sources.guessing.moments import Order, with_order
from klantreis.sources.guessing.naming import concepts, meanings, name_likeness, plain
from klantreis.sources.guessing.returning import has_only_comings, holds_returning
from klantreis.sources.guessing.samples import Sample
from klantreis.sources.guessing.shapes import SHAPES, Shape
from klantreis.sources.guessing.totals import TOTALS, are_one_line_each, sides_told, with_totals

__all__ = ["ColumnGuess", "Guess", "Why", "guess", "kinds_of_columns"]

UNSURE_BELOW = 0.7
FITTING = 0.5  # of the values must be what a name says
# What the values alone tell, whatever the column is called, and how sure.
BY_VALUES: Mapping[str, tuple[str, float]] = {
    "email": ("email", 0.85),
    "dutch_postcode": ("postcode", 0.75),
    "phone": ("phone", 0.6),
}
NEARLY_ALL = 0.9
NAMES_BEFORE = 0.05  # of two columns as good, the first in the file
SAID = "said"
CODES = ("message_action", "payment_status")  # that are nothing without the words for them
ELSE = ("customer_number", "order_id", "feedback_id")  # that a payment's number is not
AMOUNT = "orders.total_amount"
AMOUNTS = ("total_amount", "unit_amount", "line_amount", "cost_amount")
PERSON = "person"
BIRTH_PARTS = ("birth_day", "birth_month", "birth_year")


@dataclass(frozen=True)
class Why:
    """Why a column was taken for something; doors make the sentence.

    Attributes:
        code: `name` and `values` say so, only the `name`, only the `values`, somebody `said` so,
            or `nothing` did.
        kind: of the values, as `kinds.TESTS` has them.
        looked_at: different values that were looked at.
        share: part of them that is of the kind.
    """

    code: str
    kind: str = ""
    looked_at: int = 0
    share: float = 0.0


@dataclass(frozen=True)
class ColumnGuess:
    """What one column was taken for.

    Attributes:
        column: its name in the file.
        means: as in `synonyms.toml`; empty: it is not used.
        target: table and column of ours, as `persons.email`.
        sureness: from 0 to 1.
        examples: values that come most.
    """

    column: str
    means: str
    target: str
    sureness: float
    why: Why
    examples: tuple[str, ...] = ()

    @property
    def is_unsure(self) -> bool:
        return bool(self.means) and self.sureness < UNSURE_BELOW


@dataclass(frozen=True)
class Guess:
    """What a file seems to be.

    Attributes:
        sample: the part that was looked at.
        row_is: what one row is, as in `shapes.SHAPES`; empty when nothing fits.
        columns: in the order of the file.
        decimal_sign: `,` or `.`; empty where no number has decimals.
        date_order: `dmy`, `mdy` or `ymd`; empty without dates.
        time_zone: in which times without an offset are read.
        channel: where it happened, when no column tells.
        unsure: codes of what a person should look at: `heading`, `dates`, `decimal`, `time_zone`,
            `channel`, `row_is`, `amounts` (there are none), `short_years` (two digits),
            `totals_channel` (where people bought what their totals tell of), and why totals are not
            used: `totals_without_number`, `totals_without_amount`,
            `totals_without_last`, `totals_without_person`, `totals_repeated`.
        lacks: what the rows must have and no column gives, as `orders.total_amount`.
    """

    sample: Sample
    row_is: str
    columns: tuple[ColumnGuess, ...]
    decimal_sign: str
    date_order: Order
    time_zone: str
    channel: str
    unsure: tuple[str, ...]
    lacks: tuple[str, ...]

    @property
    def shape(self) -> Shape | None:
        return SHAPES.get(self.row_is)

    @property
    def has_totals(self) -> bool:
        """Whether rows are people with how often and for how much they bought, all that is needed."""
        return self.row_is == PERSON and bool(sides_told({one.means for one in self.columns}))

    def column(self, means: str) -> str:
        """The column that means something; empty when none does."""
        return next((one.column for one in self.columns if one.means == means), "")


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
    kinds = kinds_of_columns(sample, date_order)
    shape = SHAPES.get(row_is) or _shape(kinds, sample)
    said = {
        column: means
        for column, means in (said or {}).items()
        if shape and (not means or means in shape.targets)
    }
    assigned = _assigned(kinds, shape, said) if shape else {}
    assigned = _lines_or_totals(sample, assigned, said) if shape else {}
    unused: tuple[str, ...] = ()
    if shape and shape.name == PERSON:
        assigned, unused = with_totals(sample, kinds, assigned, said)
    if shape and shape.name == "order":
        assigned = _with_numbers_of_orders(sample, assigned, said)
    columns = tuple(
        _column(name, of, *assigned.get(name, ("", 0.0)), shape, said) for name, of in kinds.items()
    )
    sign, is_sign_sure = _decimal(sample, kinds, columns)
    order, is_order_sure = _order(kinds)
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
    lacks = _lacks(found)
    if lacks == (AMOUNT,) and has_only_comings(kinds, {c.column: c.means for c in columns}):
        lacks = ()
    has_amounts = any(one.means in ("total_amount", "unit_amount") for one in columns)
    doubts = {
        "row_is": not shape,
        "amounts": found.row_is == "order" and not lacks and not has_amounts,
        "heading": sample.form in ("delimited", "excel") and not sample.is_heading_sure,
        "dates": not date_order and not is_order_sure,
        "short_years": any(
            (moments := kinds[one.column].moments) and moments.has_short_years
            for one in columns
            if one.means
        ),
        "decimal": not decimal_sign and not is_sign_sure,
        "time_zone": _has_local_times(kinds, columns),
        "channel": not channel and bool(found.channel) and found.row_is != PERSON,
        "totals_channel": not channel and bool(found.channel) and found.row_is == PERSON,
    }
    return replace(
        found,
        unsure=(*(code for code, is_so in doubts.items() if is_so), *unused),
        lacks=lacks,
    )


def kinds_of_columns(sample: Sample, date_order: Order = "") -> Mapping[str, Kinds]:
    """The kinds of values of each column.

    Dates that fit as day-month and as month-day are read as those of another column of the file
    that are written alike and fit one way only.
    """
    kinds = {name: kinds_of(values) for name, values in sample.columns.items()}
    clear = {
        one.moments.order
        for one in kinds.values()
        if one.moments and one.moments.order in ("dmy", "mdy") and not one.moments.fits_both
    }
    known = date_order or (clear.pop() if len(clear) == 1 else "")
    return {
        name: replace(one, moments=with_order(one.moments, known))
        if one.moments and known and (date_order or one.moments.fits_both)
        else one
        for name, one in kinds.items()
    }


def _shape(kinds: Mapping[str, Kinds], sample: Sample) -> Shape | None:
    """What explains most of the columns, of all that have what they cannot do without."""
    best, most = None, 0.0
    totals = _totals(kinds, sample)
    for shape in SHAPES.values():
        assigned = _assigned(kinds, shape, {})
        means = {name for name, _ in assigned.values()}
        if not all(means & set(group) for group in shape.anchors):
            continue
        if shape.name == "payment" and _has_doubles(sample, assigned, "payment_id"):
            continue
        if shape.name == "order" and not _is_of_orders(kinds, assigned):
            continue
        if totals and shape.name != PERSON and not _tells_own(assigned, totals):
            continue
        # Totals stand beside many things: that there are some does not make a row a person.
        beside = {*TOTALS, "channel"} if shape.name == PERSON else set()
        explained = sum(sure for means, sure in assigned.values() if means not in beside)
        if explained > most + 1e-9:
            best, most = shape, explained
    if best is None or best.name == PERSON:
        assigned = _assigned(kinds, SHAPES["order"], {})
        if holds_returning(sample, {means: column for column, (means, _) in assigned.items()}):
            return SHAPES["order"]
    return best


def _totals(kinds: Mapping[str, Kinds], sample: Sample) -> frozenset[str]:
    """The columns that tell how often and for how much each customer bought, when all that a total
    needs is there and each has a row; else none."""
    told, _ = with_totals(sample, kinds, _assigned(kinds, SHAPES[PERSON], {}), {})
    column_of = {means: column for column, (means, _) in told.items()}
    if not sides_told(column_of.keys()) or not are_one_line_each(sample, column_of):
        return frozenset()
    return frozenset(column for column, (means, _) in told.items() if means in TOTALS)


def _tells_own(assigned: Mapping[str, tuple[str, float]], totals: frozenset[str]) -> bool:
    """Whether rows have a number of an order or article, or an amount that is not a total's."""
    return any(
        means in ("order_id", "product_id") or (means in AMOUNTS and column not in totals)
        for column, (means, _) in assigned.items()
    )


def _is_of_orders(kinds: Mapping[str, Kinds], assigned: Mapping[str, tuple[str, float]]) -> bool:
    """Whether more than a status tells of orders, or one in words that are said of orders."""
    column_of = {means: column for column, (means, _) in assigned.items()}
    if {"order_id", "total_amount", "unit_amount"} & column_of.keys():
        return True
    return _says_codes(kinds[column_of["order_status"]], "order_status")


def _has_doubles(sample: Sample, assigned: Mapping[str, tuple[str, float]], means: str) -> bool:
    """Whether a column that should tell its rows apart does not: then it is of somebody."""
    column = next((name for name, (what, _) in assigned.items() if what == means), None)
    if column is None:
        return False
    values = [value for value in sample.columns[column] if value]
    return len(set(values)) < NEARLY_ALL * len(values)


def _assigned(
    kinds: Mapping[str, Kinds], shape: Shape, said: Mapping[str, str]
) -> Mapping[str, tuple[str, float]]:
    """For each column what it means and how sure; each meaning goes to the column that fits best."""
    pairs = []
    for place, (column, of) in enumerate(kinds.items()):
        if column in said:
            continue
        for means in shape.targets:
            sureness = _sureness(column, of, means)
            if sureness > 0:
                pairs.append(
                    (sureness - NAMES_BEFORE * place / len(kinds), sureness, column, means)
                )
    taken: dict[str, tuple[str, float]] = {
        column: (means, 1.0) for column, means in said.items() if means in shape.targets
    }
    given = {means for means, _ in taken.values()}
    for _, sureness, column, means in sorted(pairs, key=lambda pair: -pair[0]):
        if column not in taken and means not in given:
            taken[column] = (means, sureness)
            given.add(means)
    taken = _without_parts_of_births(taken, said)
    if shape.name == "order" and ("total_amount" in given or _counts_pieces(kinds)):
        # Then a price is that of a piece, and not what was paid.
        return {
            column: (means, sureness)
            for column, (means, sureness) in taken.items()
            if means != "unit_amount" or column in said
        }
    return taken


def _without_parts_of_births(
    taken: Mapping[str, tuple[str, float]], said: Mapping[str, str]
) -> dict[str, tuple[str, float]]:
    """Day, month and year of a birth are a date together, and none where one of them is lacking."""
    given = {means for means, _ in taken.values()}
    if "birth_on" not in given and given.issuperset(BIRTH_PARTS):
        return dict(taken)
    return {
        column: (means, sureness)
        for column, (means, sureness) in taken.items()
        if means not in BIRTH_PARTS or column in said
    }


def _counts_pieces(kinds: Mapping[str, Kinds]) -> bool:
    return any(_sureness(column, of, "quantity") for column, of in kinds.items())


def _with_numbers_of_orders(
    sample: Sample, assigned: Mapping[str, tuple[str, float]], said: Mapping[str, str]
) -> Mapping[str, tuple[str, float]]:
    """In rows of orders with an address that tells whose they are, a bare `ID` is the order's."""
    by_means = {means: column for column, (means, _) in assigned.items()}
    number = by_means.get("customer_number", "")
    if (
        plain(number) != "id"
        or number in said
        or "order_id" in by_means
        or not {"email", "phone"} & by_means.keys()
        or _has_doubles(sample, assigned, "customer_number")
    ):
        return assigned
    return {**assigned, number: ("order_id", assigned[number][1])}


def _lines_or_totals(
    sample: Sample, assigned: Mapping[str, tuple[str, float]], said: Mapping[str, str]
) -> Mapping[str, tuple[str, float]]:
    """An amount in rows of order lines that differs within an order is that of the line; one that
    never does is that of the order, as a subtotal, where the line's own can be worked out."""
    by_means = {means: column for column, (means, _) in assigned.items()}
    order, total = by_means.get("order_id"), by_means.get("total_amount")
    is_line = "quantity" in by_means or "product_id" in by_means or "product_name" in by_means
    if order and {"line_amount", "unit_amount", "quantity"} <= by_means.keys():
        line = by_means["line_amount"]
        own = _amounts(sample, order, line)
        if (
            line not in said
            and len(own) < sample.rows
            and all(len(one) == 1 for one in own.values())
        ):
            return {column: what for column, what in assigned.items() if column != line}
    if not order or not total or not is_line or "line_amount" in by_means or total in said:
        return assigned
    seen = _amounts(sample, order, total)
    if all(len(amounts) == 1 for amounts in seen.values()) and len(seen) < sample.rows:
        return assigned
    return {**assigned, total: ("line_amount", assigned[total][1])}


def _amounts(sample: Sample, order: str, column: str) -> Mapping[str | None, set[str | None]]:
    """The different values of a column in each order."""
    seen: dict[str | None, set[str | None]] = {}
    for number, amount in zip(sample.columns[order], sample.columns[column], strict=True):
        seen.setdefault(number, set()).add(amount)
    return seen


def _sureness(column: str, kinds: Kinds, means: str) -> float:
    concept = concepts()[means]
    named = name_likeness(column, concept)
    if means in ELSE and kinds.share("payment_reference") >= NEARLY_ALL:
        return 0.0
    if means == "customer_number" and kinds.share("personal_name") >= FITTING:
        return 0.0
    if means in CODES and not _says_codes(kinds, means):
        return 0.0
    fits = kinds.fits(concept.values)
    if named and fits >= FITTING:
        return named * (0.4 + 0.6 * fits) if kinds.looked_at else named * 0.6
    for kind, (telling, sureness) in BY_VALUES.items():
        if telling == means and kinds.share(kind) >= NEARLY_ALL:
            return sureness
    return 0.0


def _says_codes(kinds: Kinds, means: str) -> bool:
    """Whether words are known for what they would mean; a column `Status` is found everywhere."""
    words = [word.lower() for word in kinds.words]
    return not words or sum(word in meanings()[means] for word in words) >= FITTING * len(words)


def _column(
    name: str,
    kinds: Kinds,
    means: str,
    sureness: float,
    shape: Shape | None,
    said: Mapping[str, str],
) -> ColumnGuess:
    target = shape.targets[means] if shape and means else ""
    return ColumnGuess(
        name, means, target, sureness, _why(name, kinds, means, said), kinds.examples
    )


def _why(name: str, kinds: Kinds, means: str, said: Mapping[str, str]) -> Why:
    kind, share = _told_by_values(kinds, means)
    if name in said:
        return Why(SAID, kind, kinds.looked_at, share)
    if not means:
        return Why("nothing", kind, kinds.looked_at, share)
    if not name_likeness(name, concepts()[means]):
        return Why("values", kind, kinds.looked_at, share)
    return Why("name_and_values" if share >= FITTING else "name", kind, kinds.looked_at, share)


def _told_by_values(kinds: Kinds, means: str) -> tuple[str, float]:
    """The kind of values that tells most, and the part of them that is of it."""
    wanted = concepts()[means].values if means else ()
    if means == "postcode" and kinds.share("dutch_postcode") >= NEARLY_ALL:
        return "dutch_postcode", kinds.share("dutch_postcode")
    telling = [kind for kind in wanted if kinds.share(kind) >= FITTING]
    if not telling and not means:
        telling = [
            kind
            for kind in ("email", "phone", "dutch_postcode", "moment", "url", "decimal", "whole")
            if kinds.share(kind) >= NEARLY_ALL
        ]
    return (telling[0], kinds.share(telling[0])) if telling else ("", 0.0)


def _decimal(
    sample: Sample, kinds: Mapping[str, Kinds], columns: Sequence[ColumnGuess]
) -> tuple[str, bool]:
    """The decimal sign of the numbers; unsure where the same file shows both, or only thousands."""
    if sample.is_typed:
        return ".", True
    numbers = [of for of in kinds.values() if of.share("decimal") >= NEARLY_ALL or _is_money(of)]
    commas = sum(one.shares.get("comma_number", 0) > 0 for one in numbers)
    points = sum(one.shares.get("point_number", 0) > 0 for one in numbers)
    if not commas and not points:
        has_amounts = any(one.means.endswith("amount") for one in columns)
        return ("," if sample.separator == ";" else ".") if has_amounts else "", True
    return ("," if commas > points else "."), not (commas and points)


def _is_money(kinds: Kinds) -> bool:
    return kinds.share("money") >= NEARLY_ALL


def _order(kinds: Mapping[str, Kinds]) -> tuple[Order, bool]:
    """How the file writes dates; unsure where every date fits as day-month and as month-day."""
    moments = [one.moments for one in kinds.values() if one.moments]
    numbered = [
        one for one in moments if one.order in ("dmy", "mdy") or (one.order and one.has_short_years)
    ]
    if not numbered:
        return ("ymd" if moments else ""), True
    return numbered[0].order, not any(one.fits_both for one in numbered)


def _has_local_times(kinds: Mapping[str, Kinds], columns: Sequence[ColumnGuess]) -> bool:
    return any(
        (moments := kinds[one.column].moments) and moments.has_clock and not moments.has_offset
        for one in columns
        if one.means
    )


def _channel(shape: Shape | None, columns: Sequence[ColumnGuess]) -> str:
    given = {one.means for one in columns}
    if not shape or not shape.channels or "channel" in given:
        return ""
    if shape.name == PERSON and sides_told(given) != ("",):
        return ""  # only totals happen somewhere, and of these the columns tell where
    is_till = any(one.means in ("store_id", "loyalty_card") for one in columns)
    return "store" if is_till and "store" in shape.channels else shape.channels[0]


def _lacks(found: Guess) -> tuple[str, ...]:
    """What records must have and no column gives, and cannot be worked out of others."""
    given = {one.means for one in found.columns if one.means}
    needs: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
        "order": (
            ("orders.ordered_at", ("occurred_at",)),
            (AMOUNT, ("total_amount", "unit_amount")),
        ),
        "order_line": (
            ("orders.order_id", ("order_id",)),
            ("orders.ordered_at", ("occurred_at",)),
            ("order_lines.line_amount", ("line_amount", "unit_amount")),
        ),
        "payment": (
            ("payments.created_at", ("occurred_at",)),
            ("payments.status", ("payment_status",)),
        ),
        "event": (("events.name", ("event_name",)), ("events.occurred_at", ("occurred_at",))),
        "message": (
            ("messages.action", ("message_action",)),
            ("messages.occurred_at", ("occurred_at",)),
        ),
        "feedback": (("feedback.occurred_at", ("occurred_at",)),),
        "answer": (
            ("survey_answers.question_id", ("question",)),
            ("survey_answers.answered_at", ("occurred_at",)),
        ),
        "spend": (("spend.spent_on", ("occurred_at",)), ("spend.cost_amount", ("cost_amount",))),
        "stock": (
            ("stock_levels.product_id", ("product_id",)),
            ("stock_levels.counted_on", ("occurred_at",)),
            ("stock_levels.quantity", ("quantity",)),
        ),
        "product": (("products.product_id", ("product_id",)),),
    }
    return tuple(target for target, ways in needs.get(found.row_is, ()) if not given & set(ways))
