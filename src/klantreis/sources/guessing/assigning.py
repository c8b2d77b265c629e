"""Which column of a file means what, when it is known what its rows are."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.sources.guessing.kinds import FITTING, LOOKED_AT, NEARLY_ALL, Kinds
from klantreis.sources.guessing.naming import Assigned, concepts, meanings, name_likeness, plain
from klantreis.sources.guessing.samples import Sample
from klantreis.sources.guessing.shapes import Shape
from klantreis.sources.reading.mapping import ELEMENT

__all__ = [
    "assigned_to",
    "has_doubles",
    "lines_or_totals",
    "says_codes",
    "with_days_of_persons",
    "with_numbers_of_orders",
    "with_numbers_of_persons",
    "with_own_day_only",
]

# What the values alone tell, whatever the column is called, and how sure.
BY_VALUES: Mapping[str, tuple[str, float]] = {
    "email": ("email", 0.85),
    "dutch_postcode": ("postcode", 0.75),
    "phone": ("phone", 0.6),
}
NAMES_BEFORE = 0.05  # of two columns as good, the first in the file
CODES = (
    "message_action",
    "payment_status",
    "return_status",
    "appointment_status",
)  # that are nothing without the words for them
NUMBERS = frozenset(("code", "nummer", "nr", "no", "number", "key"))
DAYS = frozenset(("datum", "date", "datum tijd", "date time", "timestamp", "tijdstip"))
DATED = 0.4  # how sure it is that the day is the one on which they came
NUMBERED = 0.6  # how sure it is that such a column has the numbers of persons
ELSE = ("customer_number", "order_id", "feedback_id")  # that a payment's number is not
OF_LINES = ("order_lines", "products")  # the tables that a list of lines tells of
BIRTH_PARTS = ("birth_day", "birth_month", "birth_year")


def assigned_to(kinds: Mapping[str, Kinds], shape: Shape, said: Mapping[str, str]) -> Assigned:
    """What the columns mean; each meaning goes to the column that fits best.

    Args:
        shape: what a row is; it says which meanings there can be.
        said: what somebody said of columns; that holds, and an empty meaning is: not used.
    """
    pairs, people = [], _names_of_people(kinds)
    has_elements = any(ELEMENT in column for column in kinds)
    number = _second_number_of_orders(kinds) if shape.name in ("order", "order_line") else ""
    for place, (column, of) in enumerate(kinds.items()):
        if column in said:
            continue
        for means, target in shape.targets.items():
            if means == "product_name" and column in people:
                continue
            if has_elements and not _is_told_there(column, target):
                continue
            if means == "customer_number" and column == number:
                continue
            sureness = _sureness(column, of, means)
            if ELEMENT in column and means == "line_amount":
                # Within a line, its total is that of the line.
                sureness = max(sureness, _sureness(column, of, "total_amount"))
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


def _second_number_of_orders(kinds: Mapping[str, Kinds]) -> str:
    """In rows of orders a bare `id` beside their number, another for each order or row: no customer's.

    Only where something else tells whose they are.
    """
    own = next((column for column in kinds if plain(column) == "id"), "")
    told = {
        means: column
        for column, of in kinds.items()
        for means in ("order_id", "email", "phone", "customer_number")
        if column != own and _sureness(column, of, means) > 0
    }
    is_told_whose = not {"email", "phone", "customer_number"}.isdisjoint(told)
    if not own or "order_id" not in told or not is_told_whose:
        return ""
    values, orders = kinds[own], kinds[told["order_id"]]
    is_one_each = values.looked_at == orders.looked_at < LOOKED_AT
    return own if values.is_unique or (is_one_each and not orders.is_unique) else ""


def _is_told_there(column: str, target: str) -> bool:
    """Whether a column is where a target is told: of lines in the list of these, all else beside it."""
    return (ELEMENT in column) == (target.partition(".")[0] in OF_LINES)


def _names_of_people(kinds: Mapping[str, Kinds]) -> frozenset[str]:
    """Columns `Naam` that hold names of people: right beside what tells who somebody is."""
    names, found = list(kinds), []
    for place, column in enumerate(names):
        may_be_both = all(
            name_likeness(column, concepts()[means]) for means in ("full_name", "product_name")
        )
        if not may_be_both or kinds[column].share("personal_name") < NEARLY_ALL:
            continue
        beside = [*names[max(0, place - 1) : place], *names[place + 1 : place + 2]]
        told = {
            means
            for one in beside
            for means in ("customer_number", "email", "product_id")
            if _sureness(one, kinds[one], means) > 0
        }
        if told and "product_id" not in told:
            found.append(column)
    return frozenset(found)


def _without_parts_of_births(
    taken: Assigned, said: Mapping[str, str]
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


def with_numbers_of_orders(sample: Sample, assigned: Assigned, said: Mapping[str, str]) -> Assigned:
    """In rows of orders with an address that tells whose they are, a bare `ID` is the order's."""
    by_means = {means: column for column, (means, _) in assigned.items()}
    number = by_means.get("customer_number", "")
    if (
        plain(number) != "id"
        or number in said
        or "order_id" in by_means
        or not {"email", "phone"} & by_means.keys()
        or has_doubles(sample, assigned, "customer_number")
    ):
        return assigned
    return {**assigned, number: ("order_id", assigned[number][1])}


def with_numbers_of_persons(
    sample: Sample, kinds: Mapping[str, Kinds], assigned: Assigned, said: Mapping[str, str]
) -> Assigned:
    """In a list of persons without numbers, a bare `Code` that every row has, each another, is it."""
    if any(means == "customer_number" for means, _ in assigned.values()):
        return assigned
    for column, of in kinds.items():
        is_free = column not in assigned and column not in said
        is_full = of.is_unique and of.filled == of.rows > 1
        if is_free and is_full and plain(column) in NUMBERS and of.share("id") >= NEARLY_ALL:
            return {**assigned, column: ("customer_number", NUMBERED)}
    return assigned


def with_days_of_persons(
    kinds: Mapping[str, Kinds], assigned: Assigned, said: Mapping[str, str]
) -> Assigned:
    """In a list of persons the only day, of which is not said what of, may be when they came."""
    days = [
        column
        for column, of in kinds.items()
        if column not in said and of.share("moment") >= NEARLY_ALL and column not in assigned
    ]
    dated = {means for means, _ in assigned.values()} & {"registered_at", "changed_at"}
    if dated or len(days) != 1 or plain(days[0]) not in DAYS:
        return assigned
    return {**assigned, days[0]: ("registered_at", DATED)}


def with_own_day_only(assigned: Assigned, own: str, said: Mapping[str, str]) -> Assigned:
    """Where rows have a day of their own, another one is that of something else: of the order."""
    if all(means != own for means, _ in assigned.values()):
        return assigned
    return {
        column: (means, sureness)
        for column, (means, sureness) in assigned.items()
        if means != "occurred_at" or column in said
    }


def lines_or_totals(sample: Sample, assigned: Assigned, said: Mapping[str, str]) -> Assigned:
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
            and ELEMENT not in line
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
    if "%" in column and "amount" in concept.values:
        return 0.0
    named = name_likeness(column, concept)
    if means in ELSE and kinds.share("payment_reference") >= NEARLY_ALL:
        return 0.0
    if means == "customer_number" and kinds.share("personal_name") >= FITTING:
        return 0.0
    if means in CODES and not says_codes(kinds, means):
        return 0.0
    fits = kinds.fits(concept.values)
    if named and fits >= FITTING:
        return named * (0.4 + 0.6 * fits) if kinds.looked_at else named * 0.6
    for kind, (telling, sureness) in BY_VALUES.items():
        if telling == means and kinds.share(kind) >= NEARLY_ALL:
            return sureness
    return 0.0


def says_codes(kinds: Kinds, means: str) -> bool:
    """Whether words are known for what they would mean; a column `Status` is found everywhere."""
    words = [word.lower() for word in kinds.words]
    return not words or sum(word in meanings()[means] for word in words) >= FITTING * len(words)


def has_doubles(sample: Sample, assigned: Assigned, means: str) -> bool:
    """Whether a column that should tell its rows apart does not: then it is of somebody."""
    column = next((name for name, (what, _) in assigned.items() if what == means), None)
    if column is None:
        return False
    values = [value for value in sample.columns[column] if value]
    return len(set(values)) < NEARLY_ALL * len(values)
