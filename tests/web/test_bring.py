"""Bringing a file in: guessed, changed, looked at and kept, with the mouse and by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from starlette.testclient import TestClient

from klantreis import Workspace
from klantreis.web import create_app
from tests.web.conftest import Serving
from tests.web.forms import csrf_in, token
from tests.web.shop import make_workspace

CONTACTS = """\
Export van vandaag;;;;
Relatienr;Familienaam;Contact;Klant sinds;Nieuwsbrief
81;Vries;anna@voorbeeld.nl;03-02-2024;J
82;Bos;bram@voorbeeld.nl;04-05-2025;N
83;Dam;chris@voorbeeld.nl;niet;J
"""
LINES = "nummer,wanneer,waarde\nA1,2026-01-02 10:00,12.50\nA2,2026-01-03 11:00,20.00\n"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "shop", name="Huis") as workspace:
        yield workspace


@pytest.fixture
def door(empty: Workspace) -> httpx.Client:
    return TestClient(create_app(empty, is_open=True), follow_redirects=True)


def brought(door: httpx.Client, name: str, content: bytes) -> httpx.Response:
    door.headers["x-csrf-token"] = token(door, "/sources/import?lang=en")
    return door.post("/sources/import/file", files={"upload": (name, content)})


def shown(door: httpx.Client, answer: httpx.Response) -> dict[str, object]:
    query = dict(answer.url.params)
    page: dict[str, object] = door.get("/sources/import.json", params=query).json()
    return page


def test_a_file_is_shown_as_it_will_be_before_anything_changes(
    door: httpx.Client, empty: Workspace
) -> None:
    page = shown(door, brought(door, "../../Relaties 2026.csv", CONTACTS.encode()))
    file = page["file"]
    assert isinstance(file, dict)
    assert (file["name"], file["source"], file["heading"]) == (
        "Relaties 2026.csv",
        "relaties-2026",
        2,
    )
    assert [table["table"] for table in file["tables"]] == ["persons", "identifiers", "consents"]
    assert [(one["line"], one["found"]) for one in file["rejected"]] == [(5, "niet")]
    assert "dates" in file["unsure"]
    assert not list((empty.folder / "exports").iterdir())


TOTALS = """\
Klantnummer;E-mail;Aantal bestellingen;Totaal besteed;Gezien op
81;anna@voorbeeld.nl;3;45,50;2026-01-05
82;bram@voorbeeld.nl;1;20,00;2026-02-28
"""


@pytest.mark.parametrize("content", [CONTACTS, TOTALS, "Datum;Bedrag\n01-02-2026;5\n"])
def test_what_is_unsure_leads_to_where_it_can_be_said(door: httpx.Client, content: str) -> None:
    html = brought(door, "export.csv", content.encode()).text
    doubts = re.findall(r'<a href="#([^"]+)">', html.split('class="doubts"')[1].split("</ul>")[0])
    assert doubts
    assert [place for place in doubts if f'id="{place}"' not in html] == []


def test_totals_that_lack_something_say_so_until_the_column_is_pointed_at(
    door: httpx.Client,
) -> None:
    answer = brought(door, "klanten.csv", TOTALS.encode())
    file = shown(door, answer)["file"]
    assert isinstance(file, dict)
    assert (file["row_is"], file["channel"]) == ("person", "")
    assert file["unsure"] == ["totals_without_last"]
    assert "geen kolom zegt wanneer de laatste was" in door.get(f"{answer.url}&lang=nl").text
    columns = [one["name"] for one in file["columns"]]
    means = [
        "last_ordered_at" if one["name"] == "Gezien op" else one["means"] for one in file["columns"]
    ]
    said = {
        "file": answer.url.params["file"],
        "source": "crm",
        "row_is": "person",
        "heading": "1",
        "column": columns,
        "means": means,
    }
    file = shown(door, door.post("/sources/import/say", data=said))["file"]
    assert isinstance(file, dict)
    assert (file["channel"], file["unsure"]) == ("web", ["totals_channel"])
    [table] = [one for one in file["tables"] if one["table"] == "order_totals"]
    assert [row[table["columns"].index("orders")] for row in table["rows"]] == ["3", "1"]
    assert "Bought in" in door.get(f"{answer.url}&lang=en").text


def test_purchases_of_other_sources_are_told_beside_totals(door: httpx.Client) -> None:
    """Of the same source they are part of the totals, and counted once."""
    text = TOTALS.replace("Gezien op", "Laatste bestelling")
    first = shown(door, brought(door, "klanten.csv", text.encode()))["file"]
    assert isinstance(first, dict)
    assert first["unsure"] == ["totals_channel"]
    token = brought(door, "orders.csv", b"Order ID,Date,Total\n1,2026-01-02,9.50\n").url.params
    form = {"file": token["file"], "source": "orders", "way": "mapping", "row_is": "order"}
    door.post("/sources/import/keep", data={**form, "heading": "1"})
    again = brought(door, "klanten.csv", text.encode())
    file = shown(door, again)["file"]
    assert isinstance(file, dict)
    assert file["unsure"] == ["totals_channel", "totals_beside"]
    own = {"file": again.url.params["file"], "source": "orders", "row_is": "person", "heading": "1"}
    file = shown(door, door.post("/sources/import/say", data=own))["file"]
    assert isinstance(file, dict)
    assert file["unsure"] == ["totals_channel"]


def test_totals_that_a_connector_passes_over_are_told(door: httpx.Client) -> None:
    sample = Path(__file__).parents[1] / "sources" / "samples" / "shopify" / "customers_export.csv"
    lines = sample.read_text(encoding="utf-8").splitlines()[:3]
    more = [f"{lines[0]},Last Order Date", *(f"{line},2026-01-05" for line in lines[1:])]
    answer = brought(door, "customers.csv", "\n".join(more).encode())
    file = shown(door, answer)["file"]
    assert isinstance(file, dict)
    assert (file["connector"], file["unsure"]) == ("shopify", ["totals_unread"])
    own = {"file": answer.url.params["file"], "source": "crm", "way": "mapping"}
    file = shown(door, door.post("/sources/import/say", data=own))["file"]
    assert isinstance(file, dict)
    assert "totals_channel" in file["unsure"]
    assert "order_totals" in [table["table"] for table in file["tables"]]


def test_what_was_said_is_kept_and_changes_what_becomes_of_it(door: httpx.Client) -> None:
    answer = brought(door, "orders.csv", LINES.encode())
    token = answer.url.params["file"]
    columns = ["nummer", "wanneer", "waarde"]
    form = {"file": token, "source": "eigen", "row_is": "order", "heading": "1"}
    door.post("/sources/import/say", data=form)
    said = {**form, "column": columns, "means": ["order_id", "occurred_at", "total_amount"]}
    file = shown(door, door.post("/sources/import/say", data=said))["file"]
    assert isinstance(file, dict)
    assert (file["row_is"], file["source"], file["lacks"]) == ("order", "eigen", [])
    assert file["tables"][0]["rows"][0][0] == "eigen:A1"
    assert {one["why"] for one in file["columns"]} == {"said"}


def test_keeping_writes_the_mapping_the_section_and_the_export_and_imports(
    door: httpx.Client, empty: Workspace
) -> None:
    token = brought(door, "relaties.csv", CONTACTS.encode()).url.params["file"]
    answer = door.post("/sources/import/keep", data={"file": token, "source": "relaties"})
    assert answer.url.params["rows"] == "11"
    assert (empty.folder / "exports/relaties/relaties.csv").exists()
    assert 'mapping = "mappings/relaties.toml"' in (empty.folder / "klantreis.toml").read_text()
    assert empty.import_exports().files == 0
    assert "bring_keep" in [line.action for line in empty.state.audit.lines()]
    again = brought(door, "relaties.csv", CONTACTS.replace("81", "99").encode()).url.params["file"]
    door.post("/sources/import/keep", data={"file": again, "source": "relaties"})
    assert len(list((empty.folder / "exports/relaties").iterdir())) == 2


def test_a_name_that_other_exports_have_is_refused(door: httpx.Client, empty: Workspace) -> None:
    (empty.folder / "exports" / "shopify").mkdir()
    token = brought(door, "relaties.csv", CONTACTS.encode()).url.params["file"]
    for name in ("shopify", "../elders", "Naam met spaties"):
        data = {"file": token, "source": name}
        answer = door.post("/sources/import/keep", data=data)
        assert answer.url.params["refused"] == "choice"
    assert not list((empty.folder / "exports" / "shopify").iterdir())


def test_a_bomb_a_large_file_and_what_is_no_export_are_refused(
    tmp_path: Path, empty: Workspace
) -> None:
    small = empty.with_settings(upload_megabytes=1)
    door = TestClient(create_app(small, is_open=True), follow_redirects=True)
    bomb = tmp_path / "bomb.zip"
    with ZipFile(bomb, "w", ZIP_DEFLATED) as archive:
        archive.writestr("big.csv", "0" * 3_000_000)
    for name, content in (
        ("bomb.zip", bomb.read_bytes()),
        ("bomb.xlsx", bomb.read_bytes()),
        ("program.exe", b"MZ"),
        ("large.csv", b"a" * (2**20 + 10)),
    ):
        answer = brought(door, name, content)
        assert answer.url.params["refused"] == "file", name
        assert "was not taken in" in answer.text
    assert brought(door, "huge.csv", b"a" * (2**21 + 10)).status_code == 413
    assert not shown(door, door.get("/sources/import"))["waiting"]


def test_each_file_of_a_zip_waits_by_itself(tmp_path: Path, door: httpx.Client) -> None:
    packed = tmp_path / "all.zip"
    with ZipFile(packed, "w") as archive:
        archive.writestr("map/relaties.csv", CONTACTS)
        archive.writestr("orders.csv", LINES)
    page = shown(door, brought(door, "all.zip", packed.read_bytes()))
    waiting = page["waiting"]
    assert isinstance(waiting, list)
    assert sorted(one["name"] for one in waiting) == ["orders.csv", "relaties.csv"]
    door.post("/sources/import/drop", data={"file": waiting[0]["token"]})
    assert len(shown(door, door.get("/sources/import"))["waiting"]) == 1  # type: ignore[arg-type]


def zipped(name: str, content: str, *, is_locked: bool = False) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    whole = bytearray(packed.getvalue())
    if is_locked:  # the sign of a password, in the file's head and in the directory
        for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            whole[whole.index(mark) + place] |= 1
    return bytes(whole)


WRONG = {
    "program.exe": (b"MZ", "Het bestand wordt niet aangenomen (program.exe): gevonden: .exe"),
    "zonder": (b"a", "gevonden: geen extensie"),
    "leeg.csv": (b"", "gevonden: een leeg bestand; toegestaan: een bestand met rijen"),
    "binair.csv": (bytes(range(256)) * 20, "gevonden: binaire inhoud"),
    "geen.parquet": (b"PAR1 nee", "gevonden: andere inhoud; toegestaan: een Parquet-bestand"),
    "tekst.xlsx": (b"a;b", "Geen Excel-werkmap (tekst.xlsx): gevonden: geen zipbestand"),
    "getal.json": (b"12", "toegestaan: een JSON-lijst, of een object op elke regel"),
    "half.csv.gz": (b"\x1f\x8b\x08\x00aa", "(half.csv.gz): gevonden: een afgebroken gzip-bestand"),
    "groot.csv": (b"a" * (2**20 + 10), "een groter bestand; toegestaan: hoogstens 1 MB"),
    "stuk.zip": (
        b"PK\x03\x04nee",
        "Het zipbestand is niet te lezen (stuk.zip): gevonden: geen zip",
    ),
    "bom.zip": (zipped("a.csv", "0" * 3_000_000), "3.000.000 bytes na uitpakken"),
    "niets.zip": (zipped("a.exe", "MZ"), "gevonden: geen bestand dat te lezen is"),
    "slot.zip": (zipped("a.csv", "a;b", is_locked=True), "gevonden: een wachtwoord"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_cannot_be_taken_in_says_why_in_dutch(name: str, empty: Workspace) -> None:
    small = empty.with_settings(upload_megabytes=1)
    door = TestClient(create_app(small, is_open=True), follow_redirects=True)
    content, told = WRONG[name]
    answer = brought(door, name, content)
    alert = door.get(str(answer.url.copy_set_param("lang", "nl"))).text.split('id="refused">')[1]
    text = alert.split("</p>")[0]
    assert "Het bestand is niet ingelezen." in text
    assert told in text
    assert str(empty.folder) not in text


def test_what_is_said_wrongly_is_told_in_dutch(door: httpx.Client, empty: Workspace) -> None:
    (empty.folder / "exports" / "shopify").mkdir()
    token = brought(door, "relaties.csv", CONTACTS.encode()).url.params["file"]
    for said, told in (
        (
            {"time_zone": "Mars/Noord"},
            "Geen tijdzone: gevonden: &#39;Mars/Noord&#39;. Kies er een.",
        ),
        ({"source": "Naam met"}, "toegestaan: kleine letters, cijfers, - en _"),
        ({"source": "shopify"}, "De naam is al in gebruik voor andere exports (exports/shopify)"),
    ):
        data = {"file": token, "source": "relaties", **said}
        answer = door.post("/sources/import/keep", data=data)
        assert told in door.get(str(answer.url.copy_set_param("lang", "nl"))).text
    other = brought(door, "kleuren.csv", b"kleur;maat\nrood;M\n").url.params["file"]
    answer = door.post("/sources/import/keep", data={"file": other, "source": "kleuren"})
    html = door.get(str(answer.url.copy_set_param("lang", "nl"))).text
    assert "De koppeling is niet volledig (kleuren.csv): gevonden: rijen waarvan niet" in html
    gone = door.get("/sources/import?lang=nl&file=" + "0" * 32).text
    assert "Het bestand is er niet meer: toegestaan: een bestand dat hoogstens een dag" in gone


def test_consents_are_counted_before_anything_changes(door: httpx.Client) -> None:
    file = shown(door, brought(door, "relaties.csv", CONTACTS.encode()))["file"]
    assert isinstance(file, dict)
    assert file["consents"] == [{"purpose": "email_marketing", "granted": 1, "refused": 1}]
    known = Path(__file__).parent.parent / "sources/samples/mailchimp/unsubscribed_export.csv"
    file = shown(door, brought(door, known.name, known.read_bytes()))["file"]
    assert isinstance(file, dict)
    assert (file["connector"], file["consents"][0]["granted"]) == ("mailchimp", 0)
    undated = CONTACTS.replace("Klant sinds", "Kleur")
    file = shown(door, brought(door, "zonder.csv", undated.encode()))["file"]
    assert isinstance(file, dict)
    assert (file["consents"], file["undated"]) == ([], "Nieuwsbrief")


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_file_is_brought_in_by_keyboard_alone(
    page: Page, empty: Workspace, serving: Serving, tmp_path: Path
) -> None:
    file = tmp_path / "relaties.csv"
    file.write_text(CONTACTS)
    with serving(empty) as site:
        page.goto(f"{site}/sources/import?lang=nl")
        page.set_input_files("#upload", file)
        page.get_by_role("button", name="Kijk wat het is").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Elke rij van relaties.csv is een persoon"
        )
        assert Axe().run(page).violations_count == 0
        page.get_by_label("Familienaam").focus()
        page.keyboard.press("Home")
        expect(page.get_by_label("Familienaam")).to_have_value("")
        expect(page.locator(".first-rows").first).not_to_contain_text("Vries")
        expect(page.get_by_label("Familienaam")).to_be_focused()
        page.get_by_label("Datums").select_option("mdy")
        expect(page.locator(".first-rows").first).to_contain_text("2024-03-02")
        page.get_by_role("button", name="Bewaren en inlezen").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".said")).to_contain_text("Toegevoegd aan relaties: 11 rijen")
    assert "%m-%d-%Y" in (empty.folder / "mappings/relaties.toml").read_text()


CRM = "Klantnummer;Kaartnummer;Voornaam;Achternaam;E-mail;Postcode\n1;26;An;Bos;an@x.nl;1234AB\n"
CHANGED = CRM.replace("E-mail", "E-mailadres").replace("Kaartnummer", "Pas")


def test_a_file_with_renamed_columns_is_taken_in_by_one_button(
    door: httpx.Client, empty: Workspace
) -> None:
    folder = empty.folder / "exports" / "crm"
    folder.mkdir(parents=True)
    (folder / "1.csv").write_text(CHANGED)
    empty.import_exports()
    page = shown(door, door.get("/sources/import"))
    assert page["problems"][0]["lacking"] == [  # type: ignore[index]
        {"known": "Kaartnummer", "likely": ""},
        {"known": "E-mail", "likely": "E-mailadres"},
    ]
    html = door.get("/sources/import?lang=nl").text
    assert "Er ontbreken 2 kolommen die exports van crm hebben." in html
    door.headers["x-csrf-token"] = csrf_in(html)
    said = {"source": "crm", "known": ["Kaartnummer", "E-mail"], "now": ["Pas", "E-mailadres"]}
    answer = door.post("/sources/import/column", data=said)
    assert "Onthouden: Pas, E-mailadres." in answer.text
    page = shown(door, answer)
    assert page["problems"] == []
    assert [one["now"] for one in page["renamed_columns"]] == ["Pas", "E-mailadres"]  # type: ignore[attr-defined]
    assert len(empty.state.imported_files()) == 1
    door.post("/sources/import/column/back", data={"source": "crm", "known": "E-mail"})
    assert len(empty.columns.names()) == 1
    assert "bring_column_back" in [line.action for line in empty.state.audit.lines()]


def test_the_wizard_asks_whether_it_is_a_known_export_with_other_columns(
    door: httpx.Client,
) -> None:
    answer = brought(door, "crm.csv", CRM.replace("E-mail", "E-mailadres").encode())
    file = shown(door, answer)["file"]
    assert isinstance(file, dict)
    assert (file["nearest"], file["connector"]) == ("crm", "")
    said = {"source": "crm", "known": "E-mail", "now": "E-mailadres", "file": file["token"]}
    file = shown(door, door.post("/sources/import/column", data=said))["file"]
    assert isinstance(file, dict)
    assert (file["nearest"], file["connector"], file["source"]) == ("", "crm", "crm")
    assert file["tables"][0]["rows"]


def test_the_page_of_a_source_accepts_a_column_that_is_called_otherwise(tmp_path: Path) -> None:
    with make_workspace(tmp_path / "shop", customers=20) as shop:
        own = TestClient(create_app(shop, is_open=True))
        page = own.get("/sources/till.json").json()
        assert (page["lacking"], page["fresh"]) == (["Bedrag"], ["Bedragen", "Kassier"])
        html = own.get("/sources/till?lang=nl").text
        assert "Lees Bedragen voortaan als Bedrag" in html
        own.headers["x-csrf-token"] = csrf_in(html)
        said = {"source": "till", "known": "Bedrag", "now": "Bedragen"}
        assert "Onthouden: Bedragen." in own.post("/sources/column", data=said).text
        [name] = shop.columns.names()
        assert (name.source, name.known, name.now, name.said_by) == (
            "till",
            "Bedrag",
            "Bedragen",
            "owner",
        )


def test_totals_of_a_report_are_told_before_it_is_taken_in(door: httpx.Client) -> None:
    report = (
        "Datum;Bonnummer;Bedrag\n01-04-2026;1001;10,50\n02-04-2026;1002;24,95\n"
        "Totaal april;;35,45\n03-05-2026;1003;duur\nEindtotaal;;35,45\n"
    )
    answer = brought(door, "verkopen.csv", report.encode())
    file = shown(door, answer)["file"]
    assert isinstance(file, dict)
    assert (file["rejected_total"], file["totals"]) == (3, 2)
    html = door.get("/sources/import", params={**answer.url.params, "lang": "nl"}).text
    assert "2 ervan zijn totalen van het rapport" in html
    assert "<code>Totaal april · 35,45</code>" in html


def test_what_customers_of_shopify_say_of_mail_is_shown_where_it_keeps_the_list(
    tmp_path: Path,
) -> None:
    with Workspace.create(tmp_path / "shop", name="Huis") as workspace:
        settings = workspace.folder / "klantreis.toml"
    kept = '\n[sources.shopify]\nconnector = "shopify"\nconsents = "email"\n'
    settings.write_text(settings.read_text(encoding="utf-8") + kept, encoding="utf-8")
    customers = (
        "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Total Spent\n"
        "71,Ann,Wit,ann@voorbeeld.nl,yes,1.00\n72,Bo,Bos,bo@voorbeeld.nl,no,2.00\n"
    )
    with Workspace.open(settings.parent) as workspace:
        door: httpx.Client = TestClient(create_app(workspace, is_open=True), follow_redirects=True)
        answer = brought(door, "customers_export.csv", customers.encode())
        door.post(
            "/sources/import/say",
            data={"file": answer.url.params["file"], "source": "shopify", "row_was": ""},
        )
        file = shown(door, answer)["file"]
    assert isinstance(file, dict)
    assert (file["connector"], file["source"]) == ("shopify", "shopify")
    assert file["consents"] == [{"purpose": "email_marketing", "granted": 1, "refused": 1}]
