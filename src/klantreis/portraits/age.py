"""How old customers are, and who had a birthday."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

__all__ = ["age", "had_a_birthday"]

OLDEST = 122  # years; nobody is known to have lived longer


def age(birth_on: ir.DateValue, as_of: datetime, time_zone: str) -> ir.IntegerValue:
    """Whole years that someone has lived on the calendar day of `as_of`; empty where nobody can.

    Args:
        as_of: naive UTC.
        time_zone: IANA name; says which calendar day that is.
    """
    today = _day(as_of, time_zone)
    day_of_birth = birth_on.month() * 100 + birth_on.day()
    had_no_birthday = day_of_birth > today.month * 100 + today.day
    years = today.year - birth_on.year() - had_no_birthday.cast("int64")
    return ibis.ifelse(years.between(0, OLDEST), years, ibis.null("int64"))


def had_a_birthday(
    customers: ir.Table, before: datetime, as_of: datetime, time_zone: str
) -> ir.Table:
    """The customers who are older, in whole years, than they were before.

    Args:
        customers: `customer_id` and `birth_on`, which may be empty.
        before, as_of: naive UTC.
        time_zone: as for `age`.
    """
    born = customers.filter(customers["birth_on"].notnull()).select("customer_id", "birth_on")
    if _day(before, time_zone) == _day(as_of, time_zone):
        return born.limit(0)
    now, then = (
        age(born["birth_on"], moment, time_zone).fill_null(-1) for moment in (as_of, before)
    )
    return born.filter(now != then)


def _day(moment: datetime, time_zone: str) -> date:
    return moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(time_zone)).date()
