from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pytest
from tests.cli.test_commands import call, fail
from tests.web.shop import make_workspace

from klantreis import Workspace
from klantreis.web.pages import PAGES


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with make_workspace(tmp_path_factory.mktemp("planning") / "shop") as workspace:
        return workspace.folder


def test_strategy_is_written_part_by_part(shop: Path) -> None:
    assert call("strategy", shop).count("(nog niemand heeft dit beschreven)") == 4
    call("strategy", shop, "--goal", "Elk huis af")
    text = call("strategy", shop, "--identity", "Wonen voor iedereen")
    assert "Elk huis af" in text
    assert "Wonen voor iedereen" in text
    assert text.count("(nog niemand heeft dit beschreven)") == 2
    assert call("strategy", shop, "--language", "en").count("(nobody wrote this yet)") == 2


def test_a_need_is_decided_on_and_keeps_what_was_said_before(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    call("needs", shop, "--decide", "stock", "--fit", "5", "--cost", "2")
    assert "Een reden ontbreekt" in fail(
        capsys, monkeypatch, "needs", shop, "--decide", "stock", "--decision", "parked"
    )
    parked = ("--decide", "stock", "--decision", "parked", "--reason", "na de winter")
    row = next(line for line in call("needs", shop, *parked).splitlines() if "stock" in line)
    assert "Voorraad" in row
    assert "geparkeerd" in row
    with Workspace.open(shop) as workspace:
        test = next(need.test for need in workspace.value.needs() if need.topic == "stock")
    assert (test.fit, test.cost, test.decision, test.reason) == (5, 2, "parked", "na de winter")
    assert "toegestaan:" in fail(capsys, monkeypatch, "needs", shop, "--decide", "stok")


def test_a_measure_is_chosen_with_its_levels_and_dropped(shop: Path) -> None:
    text = call("kpis", shop, "--choose", "conversion", "--target", "0.25", "--goal", "revenue")
    assert "Einddoel" in text
    row = next(line for line in text.splitlines() if "conversion" in line)
    assert "25%" in row
    assert "niet gevolgd" in call("kpis", shop, "--library")
    assert "not followed" in call("kpis", shop, "--library", "--language", "en")
    assert "conversion" not in call("kpis", shop, "--drop", "conversion")


def test_an_action_goes_over_the_board_and_a_cycle_is_frozen(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Workspace.open(shop) as workspace:
        first = workspace.plan.cycle().starts_on
    days = ("--starts", str(first), "--ends", str(first))
    assert "Voorraad" in call("plan", shop, "--add", "Voorraad", "--owner", "Kim", *days)
    with Workspace.open(shop) as workspace:
        action = workspace.plan.cycle().actions[0]
    assert "Bezig" in call("plan", shop, "--move", action.action_id, "--to", "doing")
    assert "Doing" in call("plan", shop, "--language", "en")
    assert "--ends" in fail(capsys, monkeypatch, "plan", shop, "--add", "X", "--starts", str(first))
    later = first.replace(year=first.year + 1)
    assert "Voorraad" not in call("plan", shop, "--new-cycle", str(later))
    with Workspace.open(shop) as workspace:
        assert [one.actions[0].title for one in workspace.plan.cycles()] == ["Voorraad"]
        told = {line.action for line in workspace.state.audit.lines(limit=50)}
    assert {"plan_put", "plan_shift", "plan_start"} <= told


def test_every_document_of_the_pages_is_listed(shop: Path) -> None:
    text = call("document", shop)
    for download in (one for page in PAGES for one in page.downloads):
        assert download.name in text


def test_a_document_is_written_in_the_language_that_is_asked_for(
    shop: Path, tmp_path: Path
) -> None:
    for language, word in (("nl", "de 90 dagen voor"), ("en", "the 90 days before")):
        file = tmp_path / f"{language}.pdf"
        call("document", shop, "report_pdf", "--to", file, "--language", language)
        assert word in pdfium.PdfDocument(file)[0].get_textpage().get_text_range()
    card = tmp_path / "card.pptx"
    call("document", shop, "persona_pptx", "persona_id=stock", "--to", card)
    assert card.read_bytes().startswith(b"PK")


def test_what_a_document_cannot_be_about_is_said(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "persona_id" in fail(capsys, monkeypatch, "document", shop, "persona_pdf")
    assert "model=..." in fail(capsys, monkeypatch, "document", shop, "map_pdf", "modl=x")
    assert "report_pdf" in fail(capsys, monkeypatch, "document", shop, "rapport")
