"""Exports as systems really write them: in Dutch and German, from plug-ins, saved by a spreadsheet."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from klantreis.sources import Guess, guess, mapping_text, recognise_source, sample_of
from klantreis.sources.google_ads import source as google_ads
from tests.sources.files import Rows, export_file, log_of, mapped, rows_of, taken, written

WOO_DUTCH = """\
Bestelnummer,Besteldatum,Bestelstatus,E-mailadres klant,Voornaam (facturering),Achternaam (facturering),Voornaam (verzending),Plaats (facturering),Totaalbedrag bestelling,Betaalmethode titel,SKU,Artikelnaam,Aantal,Artikelkosten
5012,2026-01-31 12:01,Afgerond,anna@voorbeeld.nl,Anna,de Vries,Oma,Utrecht,"€ 1.029,90",iDEAL,HH-1,"Kussen, fris",2,"€ 12,50"
5012,2026-01-31 12:01,Afgerond,anna@voorbeeld.nl,Anna,de Vries,Oma,Utrecht,"€ 1.029,90",iDEAL,HH-2,Lamp,1,"€ 999,95"
5013,2026-02-01 08:30,Geannuleerd,bo@voorbeeld.nl,Bo,Bos,,Groningen,"€ 10,00",PayPal,HH-3,Kaars,1,"€ 10,00"
"""
WOO_ENGLISH = """\
Order Number,Order Status,Order Date,Email (Billing),Payment Method Title,Cart Discount Amount,Order Subtotal Amount,Order Total Amount,SKU,Item Name,Quantity (- Refund),Item Cost
5012,Completed,2026-01-31 12:01,anna@voorbeeld.nl,iDEAL,0,1024.95,1029.9,HH-1,Kussen,2,12.5
5012,Completed,2026-01-31 12:01,anna@voorbeeld.nl,iDEAL,0,1024.95,1029.9,HH-2,Lamp,1,999.95
"""
LINES_WITHOUT_AMOUNTS = "Bestelnummer;Besteldatum;Artikelcode;Aantal\n1;31-01-2026;HH-1;2\n"
LIGHTSPEED = """\
ID;Aangemaakt;Type;Voornaam;Achternaam;E-mail;Geboortedatum;Status
101;05-01-2026 14:22:11;Particulier;Anna;de Vries;anna@voorbeeld.nl;31-12-80;Actief
102;06-01-2026 09:00:00;Zakelijk;Bo;Bos;bo@voorbeeld.nl;;Actief
"""
MOLLIE = """\
Datum;Betaalmethode;Valuta;Bedrag;Status;ID;Omschrijving;Bedrag terugbetaald
2026-01-05 14:22:11;iDEAL;EUR;"1.029,90";Betaald;tr_abc;Bestelling #1001;0,00
2026-01-06 09:00:00;PayPal;EUR;10,00;Verlopen;tr_abd;Bestelling #1002;
"""
TRUSTPILOT = """\
Review Id,Review Url,Review User Id,Review Created (UTC),Review Stars,Review Title,Review Content,Company Reply,Consumer Email
65aa,https://nl.trustpilot.com/reviews/65aa,77aa,2026-01-05T14:22:11Z,5,Top!,"Snel geleverd,
mooi ingepakt",Dank!,anna@voorbeeld.nl
65ab,https://nl.trustpilot.com/reviews/65ab,77ab,2026-01-07T10:00:00Z,1,Slecht,Kapot,,
"""
GERMAN_CUSTOMERS = """\
Kundennummer;Anrede;Vorname;Nachname;Straße;Hausnummer;PLZ;Ort;Land;E-Mail;Telefon;Geburtsdatum
1001;Frau;Anna;Müller;Hauptstr.;4;10115;Berlin;Deutschland;anna@beispiel.de;+49 30 123456;31.12.1980
1002;Herr;Bernd;Schulz;Allee;12a;20095;Hamburg;Österreich;bernd@beispiel.de;;
"""
GERMAN_ORDERS = """\
Bestellnummer;Bestelldatum;Kundennummer;Status;Gesamtbetrag;Zahlungsart;
B-1;31.01.2026 14:22;1001;Abgeschlossen;1.029,90 €;PayPal;
B-2;01.02.2026 09:00;1002;Storniert;10,00 €;Rechnung;
"""
GERMAN_SPEND = """\
Kampagnenbericht
1. Januar 2026 - 31. Januar 2026
Tag;Kampagne;Währungscode;Kosten;Impr.;Klicks
2026-01-05;Frühling;EUR;1.010,50;1.234;56
2026-01-06;Frühling;EUR;0,00;0;0
Gesamt: Konto; --;EUR;1.010,50;1.234;56
"""


def brought_in(folder: Path, text: str, encoding: str = "utf-8") -> tuple[Guess, Rows]:
    """What a stranger gets: the guess, and what an import by its mapping gives; nothing is lost."""
    file = written(folder / "export.csv", text.encode(encoding))
    found = guess(sample_of(file), time_zone="Europe/Amsterdam")
    parts = mapped(folder, mapping_text(found), text.encode(encoding), "export.csv")
    for line in log_of(parts).values():
        assert line.rows_read == line.rows_loaded + line.rows_quarantined + line.rows_doubled
    return found, rows_of(parts)


def test_an_order_of_woocommerce_in_dutch_has_its_lines_and_the_buyers_own_name(
    tmp_path: Path,
) -> None:
    found, rows = brought_in(tmp_path, "\ufeff" + WOO_DUTCH)
    assert found.row_is == "order_line"
    orders = {row["order_id"]: row for row in rows["orders"]}
    assert orders["shop:5012"]["total_amount"] == Decimal("1029.9")
    assert orders["shop:5013"]["status"] == "cancelled"
    assert sorted(row["line_amount"] for row in rows["order_lines"]) == [10, 25, Decimal("999.95")]
    assert {row["first_name"] for row in rows["persons"]} == {"Anna", "Bo"}  # not who it is sent to
    assert {row["last_name"] for row in rows["persons"]} == {"de Vries", "Bos"}


def test_a_subtotal_or_discount_of_the_order_is_no_amount_of_its_lines(tmp_path: Path) -> None:
    _, rows = brought_in(tmp_path, WOO_ENGLISH)
    assert [row["line_amount"] for row in rows["order_lines"]] == [25, Decimal("999.95")]
    assert [row["total_amount"] for row in rows["orders"]] == [Decimal("1029.9")]


def test_lines_without_any_amount_lack_it(tmp_path: Path) -> None:
    file = written(tmp_path / "x.csv", LINES_WITHOUT_AMOUNTS)
    found = guess(sample_of(file), time_zone="UTC")
    assert (found.row_is, found.lacks) == ("order_line", ("order_lines.line_amount",))
    assert "[[table]]" in mapping_text(found)


def test_customers_with_a_number_a_moment_and_a_status_are_no_payments(tmp_path: Path) -> None:
    found, rows = brought_in(tmp_path, LIGHTSPEED)
    assert found.row_is == "person"
    assert [row["person_id"] for row in rows["persons"]] == ["shop:101", "shop:102"]
    assert [str(row["birth_on"]) for row in rows["persons"]] == ["1980-12-31", "None"]


def test_payments_with_numbers_of_mollie_are_no_orders(tmp_path: Path) -> None:
    found, rows = brought_in(tmp_path, MOLLIE)
    assert found.row_is == "payment"
    assert [(row["payment_id"], row["status"], row["amount"]) for row in rows["payments"]] == [
        ("shop:tr_abc", "paid", Decimal("1029.9")),
        ("shop:tr_abd", "expired", 10),
    ]


def test_a_title_of_a_review_is_no_title_of_a_person(tmp_path: Path) -> None:
    found, rows = brought_in(tmp_path, TRUSTPILOT)
    assert found.row_is == "feedback"
    first, second = sorted(rows["feedback"], key=lambda row: str(row["feedback_id"]))
    assert (first["score"], first["subject"], second["text"]) == (5, "Top!", "Kapot")
    assert first["text"] == "Snel geleverd,\nmooi ingepakt"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_german_lists_are_known_by_their_names(encoding: str, tmp_path: Path) -> None:
    _, people = brought_in(tmp_path / "people", GERMAN_CUSTOMERS, encoding)
    anna, bernd = people["persons"]
    assert (anna["gender"], anna["street"], anna["country"]) == ("female", "Hauptstr.", "DE")
    assert (bernd["gender"], bernd["house_number"], bernd["country"]) == ("male", "12a", "AT")
    _, orders = brought_in(tmp_path / "orders", GERMAN_ORDERS, encoding)
    assert [(row["status"], row["total_amount"]) for row in orders["orders"]] == [
        ("completed", Decimal("1029.9")),
        ("cancelled", 10),
    ]


def test_the_total_of_a_german_report_is_put_aside_as_one(tmp_path: Path) -> None:
    found, rows = brought_in(tmp_path, GERMAN_SPEND)
    assert found.row_is == "spend"
    assert [row["cost_amount"] for row in rows["spend"]] == [Decimal("1010.5"), 0]
    assert [row["reason"] for row in rows["quarantine"]] == ["total"]


BOL = """\
Bestelnummer;Besteldatum;Uiterste leverdatum;EAN;Titel;Aantal;Prijs per stuk;Huisnummer verzending;E-mailadres
1000456789;31-01-2026;02-02-2026;8712345678906;Kussen;2;12,50;4;abc@verkopen.bol.com
1000456789;31-01-2026;02-02-2026;8712345678907;Lamp;1;999,95;4;abc@verkopen.bol.com
"""
CARDS = """\
Kaartnr\tNaam\tGeb. datum\tSaldo punten
550011\tVries, Anna de\t31-12-80\t1.204
550012\tBos, B.\t01-02-45\t0
550013\tSmit\t\t7
"""
ANALYTICS = """\
Datum,"Bestelling #",Status,Klant,"Netto omzet"
"2026-01-31 12:01:00",5012,completed,"Anna de Vries",1024.95
"2026-02-01 08:30:00",5013,cancelled,"Bo Bos",10
"""
GOOGLE_ADS = """\
Campaign performance
"January 1, 2026 - January 31, 2026"
Day,Campaign,Currency code,Cost,Impr.,Clicks
"Jan 5, 2026",Spring,EUR,"€1,010.50","1,234",56
"Jan 6, 2026",Spring,EUR,€0.00,0,--
Total: Account, --,EUR,"€1,010.50","1,234",56
"""


def test_days_are_no_telephone_numbers_and_a_house_number_is_no_shipping(tmp_path: Path) -> None:
    found, rows = brought_in(tmp_path, BOL)
    assert {one.means for one in found.columns}.isdisjoint({"phone", "shipping_amount"})
    assert [row["line_amount"] for row in rows["order_lines"]] == [25, Decimal("999.95")]


def test_names_with_the_last_name_first_are_turned(tmp_path: Path) -> None:
    _, rows = brought_in(tmp_path, CARDS)
    persons = sorted(rows["persons"], key=lambda row: str(row["person_id"]))
    assert [(row["first_name"], row["last_name"]) for row in persons] == [
        ("Anna", "de Vries"),
        ("B.", "Bos"),
        (None, "Smit"),
    ]


def test_names_of_people_are_no_customer_numbers(tmp_path: Path) -> None:
    found, rows = brought_in(tmp_path, ANALYTICS)
    assert found.column("full_name") == "Klant"
    assert [row["person_id"] for row in rows["orders"]] == [None, None]  # two may share a name


def test_a_quoted_period_above_the_names_hides_no_report(tmp_path: Path) -> None:
    file = export_file(written(tmp_path / "Campaign performance.csv", GOOGLE_ADS), "ads")
    assert recognise_source(file) is google_ads
    spend = rows_of(taken(google_ads, [file], tmp_path / "parts"))["spend"]
    assert [(row["cost_amount"], row["clicks"]) for row in spend] == [
        (Decimal("1010.5"), 56),
        (0, None),
    ]
