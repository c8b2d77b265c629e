from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import ibis
from hypothesis import given, settings
from hypothesis import strategies as st

from klantreis.engine import Engine, connect
from klantreis.portraits.local_time import local_hour, local_weekday, offset_switches

ZONES = ("Europe/Amsterdam", "Asia/Kolkata", "America/St_Johns", "UTC")
LAST = datetime(2030, 12, 31)
MOMENTS = st.datetimes(min_value=datetime(1970, 1, 1), max_value=LAST)


def clocked(engine: Engine, moments: list[datetime], time_zone: str) -> list[tuple[int, int]]:
    """Hour of the day and day of the week."""
    rows = ibis.memtable({"n": range(len(moments)), "moment": moments})
    told = rows.mutate(
        hour=local_hour(rows["moment"], time_zone, until=LAST),
        weekday=local_weekday(rows["moment"], time_zone, until=LAST),
    )
    return [(row["hour"], row["weekday"]) for row in engine.fetch(told.order_by("n")).to_pylist()]


def test_the_clock_goes_forward_in_march_and_back_in_october(duckdb_engine: Engine) -> None:
    moments = [
        datetime(2026, 3, 29, 0, 59),
        datetime(2026, 3, 29, 1, 0),
        datetime(2026, 10, 25, 0, 59),
        datetime(2026, 10, 25, 1, 0),
    ]
    hours = [hour for hour, _ in clocked(duckdb_engine, moments, "Europe/Amsterdam")]
    assert hours == [1, 3, 2, 2]


def test_switches_are_the_instants_of_the_zone() -> None:
    assert offset_switches("Europe/Amsterdam", 2026)[-2:] == (
        (datetime(2026, 3, 29, 1), 120),
        (datetime(2026, 10, 25, 1), 60),
    )
    assert offset_switches("UTC", 2026) == ((datetime(1970, 1, 1), 0),)


@settings(max_examples=2)
@given(moments=st.lists(MOMENTS, min_size=100, max_size=200))
def test_hour_and_weekday_are_those_of_the_time_zone_database(moments: list[datetime]) -> None:
    engine = connect("duckdb")
    for time_zone in ZONES:
        zone = ZoneInfo(time_zone)
        there = [moment.replace(tzinfo=UTC).astimezone(zone) for moment in moments]
        expected = [(moment.hour, moment.isoweekday()) for moment in there]
        assert clocked(engine, moments, time_zone) == expected
    engine.close()
