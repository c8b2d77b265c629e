from __future__ import annotations

from datetime import date, datetime, timedelta

from klantreis import portraits
from klantreis.engine import Engine
from tests.rows import Row, made, rows_of

INPUTS = (
    "imports",
    "persons",
    "identifiers",
    "events",
    "orders",
    "offers",
    "payments",
    "messages",
    "feedback",
    "survey_answers",
    "spend",
    "consents",
    "stock_levels",
    "search_terms",
)
FIRST = date(2026, 1, 1)
AS_OF = datetime(2026, 3, 2, 12)


def days_of(
    rows: dict[str, list[Row]], engine: Engine, time_zone: str = "Europe/Amsterdam"
) -> list[Row]:
    imports = [
        {"source": "till", "file_id": name, "table_name": name, "rows_loaded": 1} for name in rows
    ]
    inputs = {
        name: rows_of(name, imports if name == "imports" else rows.get(name, ())) for name in INPUTS
    }
    step = portraits.source_days(**inputs, as_of=AS_OF, time_zone=time_zone, engine=engine)
    return list(made("source_days", step, engine))


def event(number: int, at: datetime) -> Row:
    return {"event_id": f"{number}", "source": "till", "channel": "store", "occurred_at": at}


def test_rows_are_counted_by_the_day_on_the_clocks_of_the_shop(duckdb_engine: Engine) -> None:
    moments = [
        datetime(2026, 1, 1, 22, 59),
        datetime(2026, 1, 1, 23, 0),
        datetime(2025, 7, 1, 21, 59),
        datetime(2025, 7, 1, 22, 0),
    ]
    events = {"events": [event(number, at) for number, at in enumerate(moments)]}
    days = [(row["happened_on"], row["rows"]) for row in days_of(events, duckdb_engine)]
    assert days == [
        (date(2025, 7, 1), 1),
        (date(2025, 7, 2), 1),
        (date(2026, 1, 1), 1),
        (date(2026, 1, 2), 1),
    ]
    in_new_york = days_of(events, duckdb_engine, "America/New_York")
    assert [row["rows"] for row in in_new_york] == [2, 2]


def test_a_planted_gap_is_found_and_the_stable_table_beside_it_is_silent(
    duckdb_engine: Engine,
) -> None:
    days = [FIRST + timedelta(days=n) for n in range(60)]
    lacking = (date(2026, 2, 3), date(2026, 2, 4))
    spend: list[Row] = [
        {"spend_id": f"{day}:{n}", "source": "ads", "channel": "ads", "spent_on": day}
        for day in days
        for n in range(20)
    ]
    events = [
        event(100 * place + n, datetime.combine(day, datetime.min.time()) + timedelta(hours=11))
        for place, day in enumerate(days)
        for n in range(20)
        if day not in lacking
    ]
    rows = days_of({"events": events, "spend": spend}, duckdb_engine)
    strange = [row for row in rows if row["is_gap"]]
    assert [(row["table_name"], row["happened_on"]) for row in strange] == [
        ("events", day) for day in lacking
    ]
    assert [(row["rows"], row["expected_rows"]) for row in strange] == [(0, 20.0), (0, 20.0)]
    assert sum(row["rows"] for row in rows if row["table_name"] == "spend") == 1200


def test_nothing_taken_in_gives_no_days(duckdb_engine: Engine) -> None:
    assert days_of({}, duckdb_engine) == []
