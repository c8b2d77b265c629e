"""Texts of files become values of contracts, and what cannot be read becomes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantreis.engine import connect
from klantreis.sources.reading.connection import (
    Connection,
    Expression,
    connection_of,
    literal,
)
from klantreis.sources.reading.values import (
    TIMES,
    as_text,
    checked,
    matches,
    parsed,
    translated,
)
from klantreis.tables import Column, contract

AMSTERDAM = "Europe/Amsterdam"


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    engine = connect("duckdb")
    yield connection_of(engine)
    engine.close()


def value(
    connection: Connection,
    text: str | None,
    kind: str,
    *,
    sign: str = ",",
    zone: str = AMSTERDAM,
    formats: tuple[str, ...] = (),
) -> Any:
    column = Column("x", kind, "")
    held = connection.hold(pa.table({"text": pa.array([text], pa.string())}))
    got = parsed(Expression("text"), column, decimal_sign=sign, zone=zone, formats=formats)
    sql = f"SELECT {checked('got', column)} AS value FROM (SELECT {got} AS got FROM {held})"
    return connection.fetch(sql)["value"][0].as_py()


@pytest.mark.parametrize(
    ("text", "sign", "amount"),
    [
        ("12,50", ",", "12.50"),
        ("1.234,56", ",", "1234.56"),
        ("1.234", ",", "1234"),
        ("€ 1.234.567,89", ",", "1234567.89"),
        ("-12,50", ",", "-12.50"),
        ("12,-", ",", "12"),
        ("12", ",", "12"),
        ("12.50", ",", None),  # not twelve hundred and fifty
        ("1.23,45", ",", None),
        ("1,234.56", ".", "1234.56"),
        ("12.50", ".", "12.50"),
        ("12,50", ".", None),
        ("#WAARDE!", ",", None),
        ("n.v.t.", ",", None),
        ("99999999999999999999", ",", None),
        (None, ",", None),
    ],
)
def test_amounts_are_read_by_their_decimal_sign(
    connection: Connection, text: str | None, sign: str, amount: str | None
) -> None:
    read = value(connection, text, "money", sign=sign)
    assert read == (None if amount is None else Decimal(amount))


def test_whole_numbers_are_not_rounded_and_numbers_are_finite(connection: Connection) -> None:
    assert value(connection, "12", "int64") == 12
    assert value(connection, "12,5", "int64") is None
    assert value(connection, "0,333333", "float64") == pytest.approx(0.333333)
    assert value(connection, "inf", "float64") is None
    assert value(connection, "nan", "float64") is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-05 14:22:11", "2026-01-05 13:22:11"),
        ("2026-07-05 14:22:11", "2026-07-05 12:22:11"),
        ("05-01-2026 14:22", "2026-01-05 13:22:00"),
        ("2026-01-05T14:22:11Z", "2026-01-05 14:22:11"),
        ("2026-01-05T14:22:11.250+02:00", "2026-01-05 12:22:11.250"),
        ("2026-01-05 14:22:11 +0100", "2026-01-05 13:22:11"),
        ("2026-01-05", "2026-01-04 23:00:00"),
        ("20260105", "2026-01-04 23:00:00"),
        ("2026-03-29 01:59:59", "2026-03-29 00:59:59"),
        ("2026-03-29 02:30:00", "2026-03-29 01:30:00"),  # an hour that does not exist
        ("2026-03-29 03:00:00", "2026-03-29 01:00:00"),
        ("2026-10-25 02:30:00", "2026-10-25 01:30:00"),  # an hour that comes twice
        ("2026-10-25 03:00:00", "2026-10-25 02:00:00"),
        ("31-02-2026 10:00", None),
        ("05-01-26 10:00", None),
        ("20261305", None),
        ("1767571200", None),
        ("gisteren", None),
    ],
)
def test_local_times_become_utc_across_daylight_saving(
    connection: Connection, text: str, moment: str | None
) -> None:
    expected = None if moment is None else datetime.fromisoformat(moment)
    assert value(connection, text, "timestamp(6)") == expected


@settings(max_examples=40)
@given(st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)))
def test_every_instant_comes_back_from_how_amsterdam_writes_it(moment: datetime) -> None:
    engine = connect("duckdb")
    moment = moment.replace(microsecond=0)
    local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(AMSTERDAM))
    text = local.strftime("%d-%m-%Y %H:%M:%S")
    read = value(connection_of(engine), text, "timestamp(6)")
    engine.close()
    # Of the hour that comes twice, the text does not tell which one it is.
    assert read in (moment, moment + timedelta(hours=1))


def test_a_given_format_is_the_only_one(connection: Connection) -> None:
    assert value(connection, "01/02/2026", "date", formats=("%m/%d/%Y",)) == date(2026, 1, 2)
    assert value(connection, "01/02/2026", "date") == date(2026, 2, 1)
    assert value(connection, "2026-02-01", "date", formats=("%m/%d/%Y",)) is None
    assert value(connection, "00-00-1900", "date") is None


@pytest.mark.parametrize(
    "text",
    ["31-05-1980", "31.5.1980", "31/05/1980", "1980/05/31", "1980-05-31T00:00:00", "19800531"],
)
def test_a_date_is_read_as_the_countries_around_write_it(connection: Connection, text: str) -> None:
    assert value(connection, text, "date") == date(1980, 5, 31)


def test_births_may_be_long_ago_and_other_days_are_not(connection: Connection) -> None:
    held = connection.hold(pa.table({"v": [date(1630, 8, 1), date(206, 1, 1)]}))
    said = {}
    for column in (contract("persons").column("birth_on"), Column("x", "date", "")):
        fetched = connection.fetch(f"SELECT {checked('v', column)} AS v FROM {held}")
        said[column.name] = fetched["v"].to_pylist()
    assert said == {"birth_on": [date(1630, 8, 1), None], "x": [None, None]}


@pytest.mark.parametrize(
    ("text", "truth"),
    [("J", True), ("nee", False), ("Yes", True), ("0", False), ("misschien", None)],
)
def test_yes_and_no_are_read_in_several_languages(
    connection: Connection, text: str, truth: bool | None
) -> None:
    assert value(connection, text, "boolean") is truth


@pytest.mark.parametrize(
    ("text", "patterns", "fits"),
    [
        ("paid", ("paid",), True),
        ("Paid", ("paid",), False),
        ("C536379", ("C*",), True),
        ("536379", ("C*",), False),
        ("50%", ("5_*",), False),
        ("anything", ("*",), True),
        (None, ("*",), False),
        ("", ("*",), False),
        ("", ("",), True),
        ("", ("!*",), True),
        (None, ("",), True),
        ("0", ("!0",), False),
        ("A", ("!0",), True),
        (None, ("!0",), False),
        ("b", ("a", "b"), True),
    ],
)
def test_patterns(
    connection: Connection, text: str | None, patterns: tuple[str, ...], fits: bool
) -> None:
    held = connection.hold(pa.table({"text": pa.array([text], pa.string())}))
    found = connection.fetch(f"SELECT {matches('text', patterns)} AS fits FROM {held}")
    assert found["fits"][0].as_py() is fits


def test_a_text_is_translated_by_the_first_pattern_that_fits(connection: Connection) -> None:
    values = (("Mevr*", "female"), ("Dhr*", "male"), ("?", ""))
    held = connection.hold(pa.table({"text": ["Mevr.", "Dhr.", "?", "It's", None]}))
    found = connection.fetch(f"SELECT {translated('text', values)} AS meaning FROM {held}")
    assert found["meaning"].to_pylist() == ["female", "male", None, "It's", None]


def test_numbers_become_the_texts_that_people_write(connection: Connection) -> None:
    held = connection.hold(pa.table({"number": [17850.0, 2.5, None]}))
    found = connection.fetch(f"SELECT {as_text(Expression('number', 'float'))} AS t FROM {held}")
    assert found["t"].to_pylist() == ["17850", "2.5", None]


@pytest.mark.parametrize(
    "said",
    [
        *(datetime(2026, 1, 5, 9, 5, 7, 250_000).strftime(form) for form in TIMES),
        *("5-1-2026 9:05", "5/1/2026", "2026-1-5 09:05:07", "2026-01-05T09:05:07.2"),
        *("2026-13-05 09:05", "05-01-2026 25:00", "____-__-__", "2026-01-05 ", "", "nu"),
    ],
)
def test_a_moment_of_any_shape_is_read_as_by_all_formats_in_order(
    said: str, connection: Connection
) -> None:
    held = connection.hold(pa.table({"said": [said]}))
    moment = parsed(
        Expression("said"), Column("x", "timestamp(6)", ""), decimal_sign=".", zone="UTC"
    )
    formats = ", ".join(map(literal, TIMES))
    sql = f"SELECT {moment} AS got, try_strptime(said, [{formats}]) AS expected FROM {held}"
    row = connection.fetch(sql)
    assert row["got"][0].as_py() == row["expected"][0].as_py()
