from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import ibis
from hypothesis import given, settings
from hypothesis import strategies as st

from klantreis.engine import Engine, connect
from klantreis.portraits.local_time import local_hour, offset_switches

ZONES = ("Europe/Amsterdam", "Asia/Kolkata", "America/St_Johns", "UTC")
LAST = datetime(2030, 12, 31)
MOMENTS = st.datetimes(min_value=datetime(1970, 1, 1), max_value=LAST)


def hours(engine: Engine, moments: list[datetime], time_zone: str) -> list[int]:
    rows = ibis.memtable({"n": range(len(moments)), "moment": moments})
    clocked = rows.mutate(hour=local_hour(rows["moment"], time_zone, until=LAST))
    found: list[int] = engine.fetch(clocked.order_by("n"))["hour"].to_pylist()
    return found


def test_the_clock_goes_forward_in_march_and_back_in_october(duckdb_engine: Engine) -> None:
    moments = [
        datetime(2026, 3, 29, 0, 59),
        datetime(2026, 3, 29, 1, 0),
        datetime(2026, 10, 25, 0, 59),
        datetime(2026, 10, 25, 1, 0),
    ]
    assert hours(duckdb_engine, moments, "Europe/Amsterdam") == [1, 3, 2, 2]


def test_switches_are_the_instants_of_the_zone() -> None:
    assert offset_switches("Europe/Amsterdam", 2026)[-2:] == (
        (datetime(2026, 3, 29, 1), 120),
        (datetime(2026, 10, 25, 1), 60),
    )
    assert offset_switches("UTC", 2026) == ((datetime(1970, 1, 1), 0),)


@settings(max_examples=2)
@given(moments=st.lists(MOMENTS, min_size=100, max_size=200))
def test_the_hour_is_that_of_the_time_zone_database(moments: list[datetime]) -> None:
    engine = connect("duckdb")
    for time_zone in ZONES:
        zone = ZoneInfo(time_zone)
        expected = [moment.replace(tzinfo=UTC).astimezone(zone).hour for moment in moments]
        assert hours(engine, moments, time_zone) == expected
    engine.close()
