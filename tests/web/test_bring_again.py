"""The export of the next month of a source that was brought in before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from klantreis import Workspace
from klantreis.web import create_app
from tests.web.forms import token

OCTOBER = """\
Retournr;Retourdatum;E-mail klant;Reden;Teruggestort bedrag
R1;13-10-2026;anna@voorbeeld.nl;maat;12,50
R2;14-10-2026;bram@voorbeeld.nl;kleur;1.020,00
"""
NOVEMBER = OCTOBER.replace("R1", "R3").replace("R2", "R4").replace("-10-", "-11-")
RENAMED = NOVEMBER.replace("E-mail klant", "E-mailadres klant").replace("bedrag\n", "bedrag;Via\n")
RENAMED = RENAMED.replace("0\n", "0;PostNL\n")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "shop", name="Huis") as workspace:
        yield workspace


@pytest.fixture
def door(shop: Workspace) -> httpx.Client:
    """Who brought October's returns in."""
    door = TestClient(create_app(shop, is_open=True), follow_redirects=True)
    file = brought(door, "retouren_okt.csv", OCTOBER)
    assert (file["source"], file["connector"]) == ("retouren-okt", "")
    keep(door, file, row_is="return", way="mapping", heading="1")
    return door


def brought(door: httpx.Client, name: str, content: str) -> dict[str, object]:
    door.headers["x-csrf-token"] = token(door, "/sources/import?lang=en")
    return shown(door, door.post("/sources/import/file", files={"upload": (name, content)}))


def shown(door: httpx.Client, answer: httpx.Response) -> dict[str, object]:
    file: dict[str, object] = door.get(
        "/sources/import.json", params=dict(answer.url.params)
    ).json()["file"]
    return file


def keep(door: httpx.Client, file: dict[str, object], **said: str) -> httpx.Response:
    form = {"file": str(file["token"]), "source": str(file["source"]), **said}
    return door.post("/sources/import/keep", data=form)


def test_it_is_known_and_read_as_the_month_before(door: httpx.Client, shop: Workspace) -> None:
    mapping = (shop.folder / "mappings/retouren-okt.toml").read_bytes()
    file = brought(door, "retouren_nov.csv", NOVEMBER)
    assert (file["source"], file["connector"]) == ("retouren-okt", "mapping")
    assert [table["table"] for table in file["tables"]] == ["orders", "persons", "identifiers"]  # type: ignore[attr-defined]
    html = door.get("/sources/import", params={"file": str(file["token"]), "lang": "nl"}).text
    assert "retouren_nov.csv is weer een export van retouren-okt" in html
    keep(door, file)
    assert sorted(one.name for one in (shop.folder / "exports/retouren-okt").iterdir()) == [
        "retouren_nov.csv",
        "retouren_okt.csv",
    ]
    assert (shop.folder / "mappings/retouren-okt.toml").read_bytes() == mapping


def test_who_names_another_source_gets_another(door: httpx.Client, shop: Workspace) -> None:
    file = brought(door, "retouren_nov.csv", NOVEMBER)
    said = {"file": str(file["token"]), "source": "outlet", "row_is": "return", "heading": "1"}
    file = shown(door, door.post("/sources/import/say", data=said))
    assert (file["source"], file["connector"]) == ("outlet", "")
    assert file["tables"]


def test_a_column_with_another_name_is_asked_for_and_both_months_are_read(
    door: httpx.Client, shop: Workspace
) -> None:
    file = brought(door, "retouren_nov.csv", RENAMED)
    assert (file["nearest"], file["nearest_source"]) == ("retouren-okt", "retouren-okt")
    assert file["lacking"] == [{"known": "E-mail klant", "likely": "E-mailadres klant"}]
    said = {
        "source": "retouren-okt",
        "known": "E-mail klant",
        "now": "E-mailadres klant",
        "file": str(file["token"]),
    }
    file = shown(door, door.post("/sources/import/column", data=said))
    assert (file["source"], file["connector"], file["nearest"]) == ("retouren-okt", "mapping", "")
    assert "Added to retouren-okt" in keep(door, file).text
    page = door.get("/sources/retouren-okt/files.json").json()
    assert [one["rows_read"] for one in page["files"]] == [6, 6]
    assert page["waiting"]["files"] == 0


def test_a_mapping_that_no_longer_reads_the_month_before_is_refused(
    door: httpx.Client, shop: Workspace
) -> None:
    mapping = (shop.folder / "mappings/retouren-okt.toml").read_bytes()
    file = brought(door, "retouren_nov.csv", RENAMED)
    file["source"] = "retouren-okt"
    answer = keep(door, file, row_is="return", way="mapping", heading="1")
    assert "Earlier exports of the source could not be read any more" in answer.text
    assert (shop.folder / "mappings/retouren-okt.toml").read_bytes() == mapping
    in_dutch = door.get(str(answer.url.copy_merge_params({"lang": "nl"}))).text
    assert "Eerdere exports van de bron zouden niet meer te lezen zijn" in in_dutch


def test_a_file_that_has_only_an_address_in_common_is_another(door: httpx.Client) -> None:
    other = "E-mail klant;Retourdatum;Retournr;Teruggestort bedrag;a;b;c;d;e;f\n" + (
        "an@x.nl;14-10-2026;R1;2,50;1;2;3;4;5;6\n"
    )
    assert brought(door, "iets.csv", other)["connector"] == ""


def test_the_very_same_file_is_told_and_would_change_nothing(
    door: httpx.Client, shop: Workspace
) -> None:
    file = brought(door, "nog een keer.csv", OCTOBER)
    assert (file["taken_as"], file["taken_by"]) == (
        "exports/retouren-okt/retouren_okt.csv",
        file["source"],
    )
    page = door.get("/sources/import", params={"file": str(file["token"]), "lang": "en"}).text
    assert "Once more changes nothing" in page
    keep(door, file)
    assert len(shop.files.taken()) == 1


def test_the_very_same_file_as_another_source_is_warned_of(door: httpx.Client) -> None:
    file = brought(door, "kopie.csv", OCTOBER)
    form = {"file": str(file["token"]), "source": "elders", "way": ""}
    file = shown(door, door.post("/sources/import/say", data=form))
    assert (file["source"], file["taken_by"]) == ("elders", "retouren-okt")
    page = door.get("/sources/import", params={"file": str(file["token"]), "lang": "nl"}).text
    assert "alles dubbel" in page


def test_a_file_with_one_sign_changed_was_not_taken_in_before(door: httpx.Client) -> None:
    file = brought(door, "retouren_okt.csv", OCTOBER.replace("12,50", "12,51"))
    assert file["taken_as"] == ""
