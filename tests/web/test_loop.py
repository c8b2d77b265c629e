"""The whole loop as a marketer goes round it for the first time: once by mouse, once by keyboard.

From exports on disk to a persona, a map, a plan, a campaign whose mail arrives at a real mail
server, a report and the next cycle. Each stage asserts what the person sees.
"""

from __future__ import annotations

import re
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from typer.testing import CliRunner

from klantreis import Workspace
from klantreis.cli.app import app as cli
from tests.channels.servers import MailServer
from tests.length import at_length
from tests.web.conftest import Serving
from tests.web.shop import make_workspace

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WORDS = {
    "nl": {
        "again": "Kijk opnieuw",
        "nothing": "Er valt nog niets te tonen",
        "known": "van onze klanten weten we wie het zijn",
        "personas": "Lees de persona's",
        "map": "Vul de reiskaart in",
        "plan": "Plan verbeteringen",
        "campaign": "Laat een campagne lopen",
        "effect": "Zie wat het oplevert",
        "get_going": "Aan de slag",
        "sources": "Bronnen",
        "customers": "Klanten",
        "needs": "Behoeften",
        "faces": "Persona's",
        "value": "Waarde",
        "kpis": "KPI's",
        "roadmap": "Plan",
        "report": "Rapport",
        "campaigns": "Campagnes",
        "overview": "Overzicht",
        "glance": "In één oogopslag",
        "asks": "Klanten vragen het meest naar",
        "change_quote": "Wijzig: Uitspraak",
        "quote": "Ik wil weten of het past.",
        "keep": "Bewaren",
        "assumed": "aangenomen",
        "card": "Levertijd staat te laat in beeld",
        "pain": "Kaart toevoegen: Pijnpunten, Zien",
        "decide": "Beslissen",
        "fit": "Past",
        "cost": "Kosten",
        "choice": "Keuze",
        "chosen": "gekozen",
        "save": "Opslaan",
        "choose": "Kiezen: Conversie online",
        "target": "Doel: Conversie online",
        "plan_this": "Inplannen",
        "owner": "Eigenaar",
        "last_day": "Laatste dag",
        "add": "Toevoegen",
        "planned": "gepland",
        "let_run": "Laat lopen",
        "runs": "loopt",
        "sent": "verstuurd",
        "unsubscribe": "Afmelden",
        "unsubscribed": "U bent afgemeld",
        "no_effect": "Nog niet bekend",
        "mailings": "Wat leverden de mailings op?",
        "quarter": "het kwartaal ervoor",
        "new_cycle": "Nieuwe cyclus beginnen",
        "first_day": "Eerste dag van de nieuwe cyclus",
        "freeze": "Bevries deze cyclus en begin",
        "closed": "De cyclus vanaf",
    },
    "en": {
        "again": "Look again",
        "nothing": "There is nothing to show yet",
        "known": "of our customers are",
        "personas": "Read the personas",
        "map": "Fill in the journey map",
        "plan": "Plan improvements",
        "campaign": "Let a campaign run",
        "effect": "See what it brings",
        "get_going": "Get going",
        "sources": "Sources",
        "customers": "Customers",
        "needs": "Needs",
        "faces": "Personas",
        "value": "Value",
        "kpis": "KPIs",
        "roadmap": "Plan",
        "report": "Report",
        "campaigns": "Campaigns",
        "overview": "Overview",
        "glance": "At a glance",
        "asks": "Customers ask most about",
        "change_quote": "Change: Quote",
        "quote": "I want to know whether it fits.",
        "keep": "Keep",
        "assumed": "assumed",
        "card": "Delivery time shows too late",
        "pain": "Add a card: Pains, See",
        "decide": "Decide",
        "fit": "Fit",
        "cost": "Cost",
        "choice": "Choice",
        "chosen": "chosen",
        "save": "Save",
        "choose": "Choose: Conversion online",
        "target": "Target: Conversion online",
        "plan_this": "Plan this",
        "owner": "Owner",
        "last_day": "Last day",
        "add": "Add",
        "planned": "planned",
        "let_run": "Let it run",
        "runs": "runs",
        "sent": "sent",
        "unsubscribe": "Unsubscribe",
        "unsubscribed": "You are unsubscribed",
        "no_effect": "Not known yet",
        "mailings": "What did the mailings bring?",
        "quarter": "the quarter before",
        "new_cycle": "Start a new cycle",
        "first_day": "First day of the new cycle",
        "freeze": "Freeze this cycle and start",
        "closed": "The cycle from",
    },
}
CAMPAIGN = "win_back"


@dataclass
class Marketer:
    """Someone at the pages, by mouse or by keyboard, who looks at each page before going on."""

    page: Page
    words: dict[str, str]
    has_mouse: bool

    def press(self, where: Locator) -> None:
        """Follow a link, press a button or open a fold."""
        if self.has_mouse:
            where.click()
            return
        where.focus()
        expect(where).to_be_focused()
        self.page.keyboard.press("Enter")

    def go(self, *names: str) -> None:
        """Go by the navigation: the group, then the page in it."""
        for name in names:
            link = self.page.locator("header nav").get_by_role(
                "link", name=self.words[name], exact=True
            )
            self.press(link.first)

    def sees(self, text: str) -> None:
        """The title says this, and nothing on the page stands in anybody's way."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(text)
        found = Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    def starts_with(self, stage: str) -> None:
        """The overview says what comes next; go there."""
        self.go("overview")
        expect(self.page.locator("#loop")).to_have_text(self.words[stage])
        self.press(self.page.get_by_role("link", name=self.words["get_going"]))

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=self.words[name])

    def fold(self, name: str) -> Locator:
        return self.page.locator("summary", has_text=self.words[name]).first


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.shut_down()


@pytest.fixture
def exports(shop_folder: Path, tmp_path: Path) -> Path:
    """The exports of the simulated shop in a workspace where nothing was taken in yet."""
    left_out = shutil.ignore_patterns(".klantreis")
    return shutil.copytree(shop_folder, tmp_path / "huis-en-haard", ignore=left_out)


@pytest.fixture
def port() -> int:
    """A port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free: int = probe.getsockname()[1]
        return free


@pytest.fixture
def own(
    tmp_path: Path, mail_server: MailServer, port: int, monkeypatch: pytest.MonkeyPatch
) -> Workspace:
    """The made-up shop, with a mail server, and a holdout that is drawn the same each time."""
    made = make_workspace(tmp_path / "huis-en-haard")
    with monkeypatch.context() as drawn:
        drawn.setattr("secrets.token_hex", lambda size: "5" * 2 * size)
        made.state.campaigns.secret("holdout")
    made.close()
    file = made.folder / "klantreis.toml"
    told = f'smtp_url = "{mail_server.url}"\nmail_from = "post@huisenhaard.nl"\n'
    told += f'public_url = "http://127.0.0.1:{port}"\n'
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[workspace]\n", f"[workspace]\n{told}", 1), encoding="utf-8")
    return Workspace.open(made.folder)


BY_MOUSE, BY_KEYBOARD = ("nl", True), ("en", False)
LANGUAGE_AND_WAY = ("language", "has_mouse")


@pytest.mark.parametrize(LANGUAGE_AND_WAY, [BY_MOUSE, pytest.param(*BY_KEYBOARD, marks=at_length)])
def test_from_exports_to_the_first_look(
    page: Page, exports: Path, serving: Serving, language: str, has_mouse: bool
) -> None:
    marketer = Marketer(page, WORDS[language], has_mouse)
    with Workspace.open(exports) as workspace, serving(workspace) as site:
        page.goto(f"{site}/?lang={language}")
        marketer.sees(marketer.words["nothing"])
        expect(page.locator(".first-steps code").last).to_have_text("klantreis run huis-en-haard")
        _call("import", exports)
        _call("run", exports)
        marketer.press(page.get_by_role("link", name=marketer.words["again"]))
        _look(marketer)


@pytest.mark.parametrize(LANGUAGE_AND_WAY, [pytest.param(*BY_MOUSE, marks=at_length), BY_KEYBOARD])
def test_go_round_the_loop(
    page: Page,
    own: Workspace,
    port: int,
    serving: Serving,
    mail_server: MailServer,
    language: str,
    has_mouse: bool,
) -> None:
    marketer = Marketer(page, WORDS[language], has_mouse)
    with own, serving(own, port=port) as site:
        page.goto(f"{site}/?lang={language}")
        marketer.sees(marketer.words["known"])
        _make_a_persona_their_own(marketer)
        _draw_the_map(marketer)
        _choose(marketer)
        _plan(marketer, own)
        _run_a_campaign(marketer, own, mail_server)
        _see_the_effect(marketer)
        _report_and_begin_anew(marketer, own)


def _look(marketer: Marketer) -> None:
    page, words = marketer.page, marketer.words
    marketer.sees(words["known"])
    expect(page.locator(".stages .done")).to_have_count(2)
    marketer.go("sources")
    expect(page.locator(".sources tr.source").first).to_be_visible()
    marketer.go("customers")
    first = page.locator(".customers tbody th a").first
    name = first.text_content() or ""
    marketer.press(first)
    marketer.sees(name)
    expect(page.get_by_role("heading", name=words["glance"])).to_be_visible()
    expect(page.locator("#visit-list > li").first).to_be_visible()
    marketer.go("needs")
    marketer.sees(words["asks"])


def _make_a_persona_their_own(marketer: Marketer) -> None:
    page, words = marketer.page, marketer.words
    marketer.starts_with("personas")
    marketer.press(page.locator(".faces h2 a").first)
    marketer.press(marketer.fold("change_quote"))
    page.locator("#text-quote").fill(words["quote"])
    marketer.press(page.locator("details[open]").get_by_role("button", name=words["keep"]))
    expect(page.locator("blockquote.said")).to_have_text(words["quote"])
    expect(page.locator("blockquote.said + .marked")).to_contain_text(words["assumed"])
    expect(page.get_by_role("cell", name=words["quote"])).to_be_visible()  # in the history
    marketer.sees(",")


def _draw_the_map(marketer: Marketer) -> None:
    page, words = marketer.page, marketer.words
    marketer.starts_with("map")
    marketer.press(page.locator("summary", has_text=words["pain"]))
    page.locator("#new-pain-see").fill(words["card"])
    marketer.press(page.locator(".adding[open] button"))
    card = page.get_by_role("link", name=words["card"])
    expect(card).to_be_visible()
    if marketer.has_mouse:
        marketer.press(card)
        marketer.press(page.locator("#way-right"))
    else:
        card.focus()
        page.keyboard.press("Alt+ArrowRight")
    expect(page.locator("[data-lane=pain][data-phase=think]")).to_contain_text(words["card"])
    expect(page.locator("[data-lane=pain][data-phase=see] .slip")).to_have_count(0)
    marketer.sees("?")


def _choose(marketer: Marketer) -> None:
    page, words = marketer.page, marketer.words
    marketer.go("roadmap", "value")
    need = page.locator(".needs tbody tr").first
    name = (need.locator("th").text_content() or "").strip()
    marketer.press(need.locator("summary"))
    need.get_by_label(words["fit"], exact=True).select_option("4")
    need.get_by_label(words["cost"], exact=True).select_option("2")
    need.get_by_label(words["choice"], exact=True).select_option(label=words["chosen"])
    marketer.press(need.get_by_role("button", name=words["save"]))
    expect(page.locator(".needs tbody tr").first.locator(".pill")).to_have_text(words["chosen"])
    expect(page.locator("#canvas ~ .columns .slip").first).to_contain_text(name)
    marketer.go("kpis")
    marketer.press(marketer.fold("choose"))
    page.get_by_label(words["target"]).fill("99")
    marketer.press(page.locator("details[open]").get_by_role("button", name=words["save"]))
    expect(page.locator(".branches .kpi-card .pill")).to_have_count(1)
    expect(page.locator(".branches .kpi-card")).to_contain_text("99%")
    marketer.sees("?")


def _plan(marketer: Marketer, workspace: Workspace) -> None:
    page, words = marketer.page, marketer.words
    marketer.starts_with("plan")
    first = page.locator("#opportunities ~ * tbody tr").first
    moment = (first.locator("th").text_content() or "").split("(")[0].strip()
    marketer.press(first.get_by_role("link", name=words["plan_this"]))
    expect(page.get_by_role("textbox").first).to_have_value(re.compile(re.escape(moment)))
    page.get_by_label(words["owner"]).fill("Marlies")
    page.get_by_label(words["last_day"]).fill(str(_days_on(workspace, 60)))
    marketer.press(page.get_by_role("button", name=words["add"], exact=True))
    expect(page.locator("#roadmap ~ .scroller svg a")).to_have_count(1)
    expect(page.locator(".slip-action")).to_contain_text("Marlies")
    expect(first).to_contain_text(words["planned"])
    marketer.sees("")


def _run_a_campaign(marketer: Marketer, workspace: Workspace, mail_server: MailServer) -> None:
    page, words = marketer.page, marketer.words
    marketer.starts_with("campaign")
    marketer.press(page.locator(f".campaigns a[href='/campaigns/{CAMPAIGN}']"))
    expect(page.locator(".flow-step").first).to_be_visible()
    marketer.press(marketer.button("let_run"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(words["runs"])
    published = workspace.published
    assert published is not None
    _call(
        "work", workspace.folder, "--at", f"{published.as_of + timedelta(hours=1):%Y-%m-%dT%H:%M}"
    )
    page.reload()
    expect(page.locator("#log ~ * tbody")).to_contain_text(words["sent"])
    marketer.sees(words["runs"])
    mail = mail_server.mails[0]
    shown = workspace.campaigns.one(CAMPAIGN)
    assert len(mail_server.mails) == workspace.state.outbox.statuses(CAMPAIGN)["sent"]
    assert mail["Subject"]
    assert shown.is_running
    link = str(mail["List-Unsubscribe"]).strip(" <>")
    text = mail.get_body(("plain",))
    assert text is not None
    assert link in text.get_content().replace("\n", "")
    here = page.url
    page.goto(link)
    marketer.press(marketer.button("unsubscribe"))
    marketer.sees(words["unsubscribed"])
    page.goto(here)


def _see_the_effect(marketer: Marketer) -> None:
    page, words = marketer.page, marketer.words
    expect(page.locator("section", has=page.locator("#effect"))).to_contain_text(words["no_effect"])
    marketer.go("campaigns")
    expect(page.get_by_role("heading", name=words["mailings"])).to_be_visible()
    expect(page.locator(".campaigns tbody tr").first).to_contain_text(words["runs"])
    marketer.sees("?")


def _report_and_begin_anew(marketer: Marketer, workspace: Workspace) -> None:
    page, words = marketer.page, marketer.words
    marketer.go("roadmap", "report")
    marketer.sees(words["quarter"])
    expect(page.locator("#actions ~ .scroller")).to_contain_text("Marlies")
    with page.expect_download() as waiting:
        marketer.press(page.get_by_role("link", name="PDF"))
    assert waiting.value.path().read_bytes().startswith(b"%PDF")
    marketer.go("roadmap")
    page.locator("nav.within").get_by_role("link", name=words["roadmap"], exact=True).click()
    marketer.press(marketer.fold("new_cycle"))
    page.get_by_label(words["first_day"]).fill(str(_days_on(workspace, 90)))
    marketer.press(marketer.button("freeze"))
    expect(page.locator("#cycles ~ p").first).to_contain_text(words["closed"])
    marketer.go("overview")
    expect(page.locator("#loop")).to_have_text(words["plan"])
    expect(page.locator(".stages .done")).to_have_count(6)
    marketer.sees(words["known"])


def _call(*arguments: str | Path) -> None:
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output


def _days_on(workspace: Workspace, days: int) -> date:
    published = workspace.published
    assert published is not None
    return published.as_of.date() + timedelta(days=days)
