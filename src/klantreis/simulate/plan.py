"""What is asked of the simulated retailer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from klantreis.errors import InputError, message

__all__ = ["Plan"]

CUSTOMERS_PER_STORE = 2_500
FEWEST_STORES, MOST_STORES = 6, 40
LARGEST_JSON_SHOP = 200_000
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Plan:
    """How large the shop is, which period it covers and from which seed it is drawn.

    Attributes:
        customers: human beings that the shop may meet, known by name or not.
        seed: the same plan gives the same bytes.
        start: first day, in the shop's own time zone.
        months: length of the period; it ends on a whole month when `start` is a first of the month.

    Raises:
        InputError: a number is outside what can be simulated.
    """

    customers: int
    seed: int = 1
    start: date = date(2025, 1, 1)
    months: int = 18

    def __post_init__(self) -> None:
        for name, low, high in (
            ("customers", 1, 20_000_000),
            ("seed", 0, 2**63 - 1),
            ("months", 1, 120),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                raise InputError(
                    message(
                        f"Cannot simulate with this number of {name}"
                        if name != "seed"
                        else "Cannot simulate from this seed",
                        got=f"{value}",
                        allowed=f"{low} to {high}",
                    )
                )

    @property
    def end(self) -> date:
        """The first day after the period."""
        months = self.start.year * 12 + self.start.month - 1 + self.months
        year, month = divmod(months, 12)
        return _last_possible(year, month + 1, self.start.day)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def first_day(self) -> int:
        """The first day, counted from 1970."""
        return (self.start - EPOCH).days

    @property
    def last_day(self) -> int:
        """The first day after the period, counted from 1970."""
        return (self.end - EPOCH).days

    @property
    def stores(self) -> int:
        return min(max(self.customers // CUSTOMERS_PER_STORE, FEWEST_STORES), MOST_STORES)

    @property
    def web_as_json(self) -> bool:
        """Whether web events are written as JSON lines, as a small shop would download them."""
        return self.customers <= LARGEST_JSON_SHOP

    @property
    def calendar_months(self) -> tuple[str, ...]:
        """Every calendar month that the period touches, as `2025-01`."""
        day, months = self.start, []
        while day < self.end:
            months.append(f"{day:%Y-%m}")
            day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        return tuple(months)


def _last_possible(year: int, month: int, day: int) -> date:
    for candidate in range(day, 27, -1):
        try:
            return date(year, month, candidate)
        except ValueError:
            continue
    return date(year, month, min(day, 28))
