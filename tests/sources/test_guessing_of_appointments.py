"""Lists of appointments become events on the day of the appointment."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from klantreis.engine import Engine
from tests.sources.guessing import guessed, meant, rows_of, written

DUTCH = (
    "Afspraaknummer;Datum;Tijd;Winkel;Medewerker;Klant;E-mail;Onderwerp;Status\n"
    "A1;31-03-2026;10:00;Utrecht;Sanne;Anna de Vries;anna@voorbeeld.nl;Keukenadvies;Geweest\n"
    "A2;01-04-2026;11:00;Gouda;Piet;Bram Bos;bram@voorbeeld.nl;Interieuradvies;Niet gekomen\n"
    "A3;02-04-2026;11:30;Gouda;Piet;Cor Dijk;cor@voorbeeld.nl;Interieuradvies;Op de hoogte\n"
)


def test_appointments_are_events_with_what_became_of_them(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    file = written(tmp_path, "afspraken.csv", DUTCH)
    found = guessed(file)
    assert (found.row_is, found.lacks, found.channel) == ("appointment", (), "store")
    assert "channel" in found.unsure
    tables = rows_of(file, found, duckdb_engine)
    assert [
        (row["event_id"], row["name"], row["occurred_at"], row["store_id"], row["channel"])
        for row in tables["events"]
    ] == [
        (
            "shop:appointment:A1",
            "appointment",
            datetime(2026, 3, 31, 8),
            "Utrecht",
            "store",
        ),
        (
            "shop:appointment:A2",
            "appointment_missed",
            datetime(2026, 4, 1, 9),
            "Gouda",
            "store",
        ),
        (
            "shop:appointment:A3",
            "appointment",
            datetime(2026, 4, 2, 9, 30),
            "Gouda",
            "store",
        ),
    ]
    persons = {row["email"]: row for row in tables["persons"]}
    assert persons["anna@voorbeeld.nl"]["last_name"] == "de Vries"
    assert "created_at" not in persons["anna@voorbeeld.nl"]  # an appointment may be yet to come


def test_the_day_of_the_appointment_counts_and_not_that_of_booking_it(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    text = (
        "Appointment,Created at,Appointment date,Store,Email\n"
        "501,2026-03-01 09:00,2026-03-31 10:00,Utrecht,anna@example.com\n"
        "502,2026-03-02 09:00,2026-04-01 11:00,Gouda,bram@example.com\n"
    )
    file = written(tmp_path, "appointments.csv", text)
    found = guessed(file)
    assert found.row_is == "appointment"
    assert meant(found)["Appointment date"] == "appointment_at"
    assert "Created at" not in meant(found)
    events = rows_of(file, found, duckdb_engine)["events"]
    assert [row["occurred_at"] for row in events] == [
        datetime(2026, 3, 31, 8),
        datetime(2026, 4, 1, 9),
    ]
    assert {row["name"] for row in events} == {"appointment"}


@pytest.mark.parametrize(
    ("text", "row_is"),
    [
        # An order with a day on which it is brought, people with their next appointment.
        (
            "Ordernummer;Datum;Totaal;Afspraak\n1;01-02-2026;50,00;05-02-2026\n2;02-02-2026;51,00;\n",
            "order",
        ),
        (
            "Klantnummer;Naam;E-mail;Woonplaats;Afspraak\n1;Anna Bos;a@b.nl;Ede;05-02-2026\n2;Bram Bos;b@b.nl;Ede;\n",
            "person",
        ),
    ],
)
def test_what_has_an_appointment_beside_it_stays_what_it_is(
    text: str, row_is: str, tmp_path: Path
) -> None:
    assert guessed(written(tmp_path, "lijst.csv", text)).row_is == row_is
