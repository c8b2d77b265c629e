from __future__ import annotations

from pathlib import Path

from klantreis.sources.guessing.samples import sample_of
from tests.sources.guessing import guessed, meant, written

REPORT = (
    "Ordernummer;Datum;E-mail;Bedrag\n"
    "1001;05-01-2026;ann@voorbeeld.nl;35,45\n"
    "1002;06-01-2026;bob@voorbeeld.nl;100,00\n"
    "Totaal januari;;;135,45\n"
    "1003;05-02-2026;cas@voorbeeld.nl;12,00\n"
    "Totaal februari;;;12,00\n"
)


def test_totals_between_the_rows_are_no_values_to_guess_from(tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    file.write_text(REPORT, encoding="utf-8")
    sample = sample_of(file)
    assert sample.columns["Ordernummer"] == ["1001", "1002", "1003"]
    assert sample.columns["Bedrag"] == ["35,45", "100,00", "12,00"]
    assert sample.rows == 3


TICKETS = """\
Ticket ID,Subject,Status,Priority,Source,Created time,Resolved time,Last update time,Full name,Email,Contact ID
1001,Pakket niet aangekomen,Open,High,Email,2026-03-01 10:00:12,,2026-03-01 11:00:12,Anna de Vries,anna@voorbeeld.nl,555001
1002,Verkeerde maat,Closed,Low,Phone,2026-03-03 12:00:12,2026-03-03 15:00:12,2026-03-03 16:00:12,Bram Bos,bram@voorbeeld.nl,555002
"""
DEBTORS = """\
Code;Naam;Postcode;Plaats;E-mail;KvK-nummer;Status
100001;Bakkerij Jansen BV;1234 AB;Utrecht;info@bakkerij.nl;12345678;Klant
100002;K. de Vries;3511AA;Utrecht;k@voorbeeld.nl;;Klant
"""
RECEIPTS = """\
Kassabon;Datum;Artikel;Aantal;Verkoopprijs;BTW%;Totaal;Klantnr
2026-000123;31-03-2026;8711;1;12,50;21;12,50;100002
2026-000124;02-03-2026;8712;2;9,95;9;19,90;
"""
MEMBERS = """\
CONTACT ID,EMAIL,VOORNAAM,SMS,LANDLINE_NUMBER,ADDED_TIME,IP Address
1,anna@voorbeeld.nl,Anna,31612345678,,03-02-2024 09:12:44,10.0.0.1
2,bram@voorbeeld.nl,Bram,,,14-05-2025 11:00:01,10.0.0.2
"""


def test_tickets_of_a_help_desk_are_tickets(tmp_path: Path) -> None:
    found = guessed(written(tmp_path, "tickets.csv", TICKETS))
    assert (found.row_is, found.channel) == ("feedback", "service")
    columns = meant(found)
    assert columns["Ticket ID"] == "ticket_id"
    assert columns["Created time"] == "occurred_at"
    assert columns["Subject"] == "subject"


def test_numbers_of_something_else_are_not_those_of_houses_or_amounts(tmp_path: Path) -> None:
    """A bare code that every debtor has is the customer's number; a number of a chamber is none."""
    debtors = meant(guessed(written(tmp_path, "debtors.csv", DEBTORS)))
    assert debtors["Code"] == "customer_number"
    assert "KvK-nummer" not in debtors
    receipts = meant(guessed(written(tmp_path, "receipts.csv", RECEIPTS)))
    assert "BTW%" not in receipts
    members = meant(guessed(written(tmp_path, "members.csv", MEMBERS)))
    assert members["SMS"] == "mobile"
    assert members["ADDED_TIME"] == "registered_at"
    assert not {"LANDLINE_NUMBER", "IP Address"} & set(members)
