"""Lists as shops keep them: gift cards, sign-ups, mailings, points, reports with names of buyers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.guessing import guessed, meant, written

GIFT_CARDS = """\
Kaartnummer;Uitgegeven op;Waarde;Restsaldo;Geldig tot;Status;Gekocht door
6064262362445253;09-07-2026;€ 50,00;€ 0,00;08-07-2028;opgebruikt;an@voorbeeld.nl
6064324737681035;08-04-2026;€ 10,00;€ 25,00;07-04-2028;actief;bo@voorbeeld.nl
"""
MAILING = """\
E-mailadres;Campagne;Verzonden op;Geopend;Geklikt
an@voorbeeld.nl;Herfst;14-09-2026 08:00;Ja;Nee
bo@voorbeeld.nl;Herfst;14-09-2026 08:00;Nee;Nee
"""
REPORT = """\
Klantnr;Naam;E-mail;Bonnummer;Datum;Aantal;Bedrag;Filiaal
1051;Femke Jansen;femke@voorbeeld.nl;B7000;02-08-2026;5;161,88;Utrecht
1043;Gijs de Vries;gijs@voorbeeld.nl;B7001;18-01-2026;1;137,59;Utrecht
"""
LINES = """\
Bonnummer;Datum;Artikelnr;Naam;Aantal;Bedrag
B7000;02-08-2026;HH-1;Kussen wol;5;161,88
B7001;18-01-2026;HH-2;Plaid linnen;1;137,59
"""


@pytest.mark.parametrize("text", [GIFT_CARDS, MAILING])
def test_that_rows_are_persons_is_asked_where_most_tells_of_something_else(
    text: str, tmp_path: Path
) -> None:
    found = guessed(written(tmp_path, "lijst.csv", text))
    assert (found.row_is, "row_is" in found.unsure) == ("person", True)
    said = guessed(written(tmp_path, "lijst.csv", text), row_is="person")
    assert "row_is" not in said.unsure


def test_a_list_of_names_and_numbers_needs_no_asking(tmp_path: Path) -> None:
    text = "Klantnr;Naam;E-mail;Wijk;Lid;Kleur;Maat\n1;An Bos;an@x.nl;Oost;a;rood;S\n"
    assert guessed(written(tmp_path, "klanten.csv", text)).unsure == ()


def test_the_day_of_a_sign_up_is_taken_and_asked_about(tmp_path: Path) -> None:
    text = "E-mail,Datum\nan@x.nl,18/08/2026 09:53\nbo@x.nl,02/07/2026 12:44\n"
    [email, day] = guessed(written(tmp_path, "aanmeldingen.csv", text)).columns
    assert (email.means, day.means, day.is_unsure) == ("email", "registered_at", True)
    other = text.replace("Datum", "Geldig tot")
    assert meant(guessed(written(tmp_path, "aanmeldingen.csv", other))) == {"E-mail": "email"}


def test_names_beside_numbers_of_customers_are_no_articles(tmp_path: Path) -> None:
    found = guessed(written(tmp_path, "rapport.csv", REPORT))
    assert (found.row_is, meant(found)["Naam"]) == ("order", "full_name")
    lines = guessed(written(tmp_path, "regels.csv", LINES))
    assert (lines.row_is, meant(lines)["Naam"]) == ("order_line", "product_name")


def test_lines_of_receipts_are_no_stock(tmp_path: Path) -> None:
    text = """\
bon_id,kaart,tijdstip,kassa,artikel,aantal,prijs,betaalwijze
70000,,2026-07-22 09:41:00,4,HH-2168,1,75.78,contant
70001,2610011295,2026-07-05 10:32:00,1,HH-2081,2,57.55,pin
70001,2610011295,2026-07-05 10:32:00,1,HH-2082,1,5.50,pin
"""
    found = guessed(written(tmp_path, "bonnen.csv", text))
    assert (found.row_is, found.channel, found.lacks) == ("order_line", "store", ())
    assert meant(found) == {
        "bon_id": "order_id",
        "kaart": "loyalty_card",
        "tijdstip": "occurred_at",
        "artikel": "product_id",
        "aantal": "quantity",
        "prijs": "unit_amount",
        "betaalwijze": "payment_method",
    }


@pytest.mark.parametrize("name", ["Bedrag bon", "Totaal bon", "Ordertotaal", "Gross"])
def test_what_a_receipt_came_to_is_known(name: str, tmp_path: Path) -> None:
    text = f"Bonnr;Datum;{name}\n5;13-01-2026;12,50\n6;14-01-2026;1.000,00\n"
    found = guessed(written(tmp_path, "bonnen.csv", text))
    assert (meant(found)[name], found.lacks) == ("total_amount", ())


@pytest.mark.parametrize(
    ("others", "is_mixed"), [(["01/20/2026", "03/22/2026"], True), (["01/20/2026"], False)]
)
def test_days_and_months_in_both_orders_are_told_and_one_slip_is_not(
    others: list[str], is_mixed: bool, tmp_path: Path
) -> None:
    days = [f"{day}-09-2026" for day in range(10, 28)] + others
    rows = "".join(f"{number};{day};12,50\n" for number, day in enumerate(days))
    found = guessed(written(tmp_path, "orders.csv", f"Ordernr;Besteldatum;Bedrag\n{rows}"))
    assert (found.date_order, "mixed_dates" in found.unsure) == ("dmy", is_mixed)
