from __future__ import annotations

import dataclasses
import re
import types
import typing
from datetime import timedelta
from pathlib import Path
from statistics import fmean
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from starlette.testclient import TestClient

from klantreis.web import create_app
from klantreis.web.page import Page
from klantreis.web.pages import PAGES
from klantreis.workspace import Workspace

ADDRESSES = {
    "overview": "/",
    "sources": "/sources",
    "source": "/sources/till",
    "source_files": "/sources/till/files",
    "source_file": "/sources/till/files/f3",
    "quarantine": "/sources/quarantine",
    "bring": "/sources/import",
    "update": "/update",
    "customers": "/customers",
    "records": "/customers/1/records",
    "identity": "/identity",
    "identity_why": "/identity/why",
    "privacy": "/customers/1/privacy",
    "trust": "/trust",
    "erasure": "/erasures/stock",
    "portrait": "/customers/1",
    "segments": "/segments",
    "segment_group": "/segments/group",
    "segment_moves": "/segments/moves",
    "segment_lookalikes": "/segments/lookalikes",
    "segment_overlap": "/segments/overlap",
    "worth": "/worth",
    "joined": "/joined",
    "best": "/best",
    "patterns": "/patterns",
    "needs": "/needs",
    "personas": "/personas",
    "persona": "/personas/stock",
    "journey": "/journey",
    "map": "/map",
    "value": "/value",
    "kpis": "/kpis",
    "plan": "/plan",
    "report": "/report",
    "campaigns": "/campaigns",
    "campaign": "/campaigns/abandoned_basket",
    "campaign_editor": "/campaigns/abandoned_basket/edit",
    "audiences": "/audiences",
    "definitions": "/definitions",
    "account": "/account",
    "users": "/users",
    "audit": "/audit",
}
TITLES = {
    "overview": ("Van 62% van onze klanten weten we wie het zijn", "We know who 62% of our customers are"),
    "sources": ("Hoe goed zijn de gegevens", "How good are the data"),
    "source": ("Hoe goed zijn de gegevens van till", "How good are the data of till"),
    "source_files": ("Welke bestanden van till zijn ingelezen", "Which files of till were taken in"),
    "source_file": ("Wat gaf export.csv", "What did export.csv give"),
    "quarantine": ("Welke rijen zijn apart gezet", "Which rows were put aside"),
    "update": ("Is alles bijgewerkt?", "Is everything up to date?"),
    "bring": ("Welk bestand hebt u?", "Which file do you have?"),
    "customers": ("Wie zijn onze klanten?", "Who are our customers?"),
    "privacy": ("Wat mogen we", "What may we do"),
    "trust": ("Wat bewaren we van mensen", "What do we keep of people"),
    "erasure": ("Van klant 9999 is niets meer over", "Of customer 9999 nothing is left"),
    "identity": ("Zijn deze twee één mens", "Are these two one human being"),
    "identity_why": ("Waarom zijn twee één klant", "Why are two one customer"),
    "records": ("Waarom is dit één klant?", "Why is this one customer?"),
    "portrait": ("Sanne de Vries", "Sanne de Vries"),
    "segments": ("Wie koopt vaak", "Who buys often"),
    "segment_group": (r"“Slapend”: \d+ klanten", r"“Hibernating”: \d+ customers"),
    "segment_overlap": ("Bij “|Welke groepen bevatten", "Of “|Which groups hold"),
    "segment_lookalikes": ("Wie lijken op “|Deze klanten lijken", "Who resemble “|These customers resemble"),
    "segment_moves": ("De meeste klanten gingen van|Wie ging van groep", "Most customers went from|Who went from group"),
    "worth": (r"Onze klanten brengen in twaalf maanden ongeveer", r"Our customers will bring in about"),
    "joined": ("Wat zien we alleen doordat", "What do we see only because"),
    "best": ("Onze beste klanten|beste klanten", "our best customers"),
    "patterns": ("vallen op die geen toeval", "stand out that are hardly chance"),
    "journey": ("Waar haken klanten af?|De meeste waarde gaat verloren", "Most is lost|Where do customers"),
    "needs": ("Klanten vragen het meest naar", "Customers ask most about"),
    "personas": ("2 persona's: voor wie doen we het", "2 personas: who do we do it for"),
    "persona": (r"jaar: Voorraad", r"years old: Stock"),
    "campaigns": ("Wat gaat eruit", "What goes out"),
    "campaign": ("Verlaten mandje", "Abandoned basket"),
    "campaign_editor": ("Hoe moet het gaan", "How should it go"),
    "audiences": ("Wie wilt u bereiken", "Whom do you want to reach"),
    "account": ("owner", "owner"),
    "users": ("Wie mag erin", "Who may come in"),
    "audit": ("Wie deed wat", "Who did what"),
    "kpis": ("Komen we dichter bij ons doel?", "Are we getting nearer to our goal?"),
    "report": ("Omzet: .* het kwartaal ervoor", "Revenue: .* the quarter before"),
    "plan": ("Wat verbeteren we eerst?", "What do we improve first?"),
    "value": ("Welke behoeften beantwoorden we", "Which needs do we answer"),
    "map": ("Alle klanten: hoe verloopt hun klantreis?", "All customers: what is their journey"),
    "definitions": ("Waar berusten de cijfers op?", "What do the numbers rest on?"),
}  # fmt: skip


def twin(page: Page) -> str:
    return f"/{page.name}.json" if page.path == "/" else f"{ADDRESSES[page.name]}.json"


def fits(value: Any, wanted: Any) -> bool:
    """Whether a value is what an annotation promises, all the way down."""
    origin, inside = typing.get_origin(wanted), typing.get_args(wanted)
    if dataclasses.is_dataclass(wanted):
        hints = typing.get_type_hints(wanted)
        return type(value) is wanted and all(fits(getattr(value, n), h) for n, h in hints.items())
    if origin in (types.UnionType, typing.Union):
        return any(fits(value, one) for one in inside)
    if origin is typing.Literal:
        return value in inside
    if origin is tuple and inside[1:] == (Ellipsis,):
        return isinstance(value, tuple) and all(fits(one, inside[0]) for one in value)
    if origin is tuple:
        return len(value) == len(inside) and all(map(fits, value, inside))
    if wanted is float:
        return isinstance(value, float | int)
    return value is None if wanted is type(None) else isinstance(value, wanted)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_there_is_a_page_for_each_address() -> None:
    assert sorted(page.name for page in PAGES) == sorted(ADDRESSES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_template_gets_is_exactly_what_its_dataclass_says(
    page: Page, shop: Workspace
) -> None:
    asked = {
        "customer_id": (1,),
        "persona_id": ("stock",),
        "erasure_id": ("stock",),
        "file_id": ("till", "f3"),
        "source_name": ("till",),
    }
    query = page.query(*next((v for k, v in asked.items() if k in page.path), ()))
    context = page.view(shop, query)
    assert type(context) is page.context
    for name, hint in typing.get_type_hints(page.context).items():
        assert fits(getattr(context, name), hint), (name, getattr(context, name))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_field_of_a_context_is_documented(page: Page) -> None:
    seen, waiting = set(), [page.context, page.query]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        assert one.__doc__, one
        assert not one.__doc__.startswith(f"{one.__name__}("), f"{one} has no words of its own"
        for hint in typing.get_type_hints(one).values():
            parts = [hint, *typing.get_args(hint)]
            waiting += [part for part in parts if dataclasses.is_dataclass(part)]  # type: ignore[misc]  # a class, not an instance


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_speaks_the_language_that_is_asked(
    client: httpx.Client, name: str, language: str
) -> None:
    answer = client.get(ADDRESSES[name], params={"lang": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["content-language"] == language
    title = TITLES[name][language == "en"]
    found = re.search(r"<h1>(.*?)</h1>", answer.text, re.DOTALL)
    assert found
    assert re.search(title, text_of(found.group(1)))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_twin_holds_the_same_dataclass(page: Page, client: httpx.Client) -> None:
    answer = client.get(twin(page))
    assert answer.status_code == 200
    assert set(answer.json()) == {field.name for field in dataclasses.fields(page.context)}


@pytest.mark.parametrize("name", ADDRESSES)
def test_each_page_leads_to_its_own_twin(client: httpx.Client, name: str) -> None:
    html = client.get(ADDRESSES[name]).text
    found = re.search(r'<link rel="alternate" type="application/json" href="([^"]+)">', html)
    assert found
    assert client.get(found.group(1)).headers["content-type"] == "application/json"


@pytest.mark.parametrize("name", ADDRESSES)
def test_nothing_stands_inline_and_every_drawing_is_whole(client: httpx.Client, name: str) -> None:
    html = client.get(ADDRESSES[name]).text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", html)
    drawings = re.findall(
        r'<svg xmlns="http://www.w3.org/2000/svg" viewBox.*?</svg>', html, re.DOTALL
    )
    for drawing in drawings:
        ElementTree.fromstring(drawing)
    assert len(re.findall(r"<h1", html)) == 1


@pytest.mark.parametrize("name", ADDRESSES)
def test_links_within_the_pages_lead_somewhere(client: httpx.Client, name: str) -> None:
    html = client.get(ADDRESSES[name]).text
    by_kind = {
        re.sub(r"\d+|=[^&]*", "", href): href for href in re.findall(r'href="(/[^"#]*)', html)
    }
    for address in by_kind.values():
        assert client.get(address.replace("&amp;", "&")).status_code in (200, 308), address


def test_the_overview_tells_findings_with_what_they_rest_on(client: httpx.Client) -> None:
    page = client.get("/overview.json").json()
    assert page["customers"]["value"] == 240
    assert page["known"]["evidence"]["n"] == 240
    codes = [finding["code"] for finding in page["findings"]]
    assert "research_online" in codes
    for finding in page["findings"]:
        evidence = finding["figure"]["evidence"]
        assert evidence["n"] >= evidence["needed"] > 0
        assert evidence["low"] <= finding["figure"]["value"] <= evidence["high"]
    text = text_of(client.get("/?lang=nl").text)
    assert re.search(r"gemeten · 188 winkelaankopen · 95%-interval \d", text)


def test_revenue_adds_up_to_the_purchases_less_returns(
    client: httpx.Client, shop: Workspace
) -> None:
    page = client.get("/overview.json").json()
    total = float(shop.sql("SELECT sum(total_amount) AS total FROM orders")["total"][0].as_py())
    online, offline = page["revenue_online"]["value"], page["revenue_offline"]["value"]
    assert online + offline == pytest.approx(total)
    months = page["months"]
    assert sum(m["online_amount"] + m["offline_amount"] for m in months) == pytest.approx(total)
    assert [m["is_complete"] for m in months][-2:] in ([True, True], [True, False])


def test_too_little_data_is_said_at_the_place_itself(tmp_path: Path) -> None:
    from tests.web.shop import make_workspace

    with make_workspace(tmp_path / "small", customers=12) as workspace:
        client = TestClient(create_app(workspace, is_open=True))
        page = client.get("/overview.json").json()
        assert page["findings"] == []
        assert {finding["code"] for finding in page["untold"]} >= {
            "research_online",
            "bought_again",
        }
        dutch = text_of(client.get("/?lang=nl").text)
        assert re.search(
            r"Te weinig voor een betrouwbare uitspraak: \d+ kopers; nog \d+ kopers? nodig", dutch
        )
        english = text_of(client.get("/journey?lang=en").text)
        assert "Too few for a sound conclusion" in english
        assert "Where do customers drop off?" in english
        groups = text_of(client.get("/segments?lang=nl").text)
        assert re.search(r"nog \d+ kopers nodig. Bij vijfden van zo weinig kopers", groups)


def test_what_is_dated_after_the_day_of_measuring_is_told_and_does_not_count(
    tmp_path: Path,
) -> None:
    from tests.web.shop import make_workspace

    with make_workspace(tmp_path / "early", customers=12) as workspace:
        published = workspace.published
        assert published is not None
        earlier = published.as_of - timedelta(days=120)
        workspace.state.publish(dict(published.tables), as_of=earlier, at=published.published_at)
        client = TestClient(create_app(workspace, is_open=True))
        total = workspace.sql(
            "SELECT sum(total_amount) AS total FROM orders "
            f"WHERE status IN ('completed', 'refunded') AND ordered_at <= '{earlier}'"
        )["total"][0].as_py()
        shown = client.get("/overview.json").json()
        online, offline = shown["revenue_online"]["value"], shown["revenue_offline"]["value"]
        assert online + offline == pytest.approx(float(total))
        sources = client.get("/sources.json").json()["sources"]
        days = workspace.sql(
            "SELECT sum(rows) AS rows FROM source_days "
            f"WHERE happened_on > '{earlier.date()}' AND table_name = 'orders'"
        )["rows"][0].as_py()
        later = sum(t["later"] for one in sources for t in one["tables"] if t["table"] == "orders")
        assert later == days > 0
        dutch = text_of(client.get("/sources?lang=nl").text)
        assert "dus ze tellen nog niet mee. Kloppen hun datums?" in dutch


def test_before_the_first_run_every_page_says_what_to_do(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "new", name="Nieuw") as workspace:
        client = TestClient(create_app(workspace, is_open=True))
        for page in PAGES:
            answer = client.get(ADDRESSES[page.name], params={"lang": "nl"})
            # Files are told as soon as they are taken in; of a source without any there is no page.
            of_files = page.name in ("source_file", "source_files")
            assert answer.status_code == (404 if of_files else 200)
            assert not page.needs_tables or "Er valt nog niets te tonen" in answer.text
        refused = client.get("/segments.json")
        assert refused.status_code == 409
        assert "klantreis run" in refused.json()["error"]
        assert client.get("/healthz").json() == {
            "status": "ok",
            "is_ready": False,
            "publication": None,
        }


def test_a_source_tells_its_gaps_what_drifted_and_which_columns_changed(
    client: httpx.Client,
) -> None:
    page = client.get("/sources/till.json").json()
    assert (page["gaps"], page["drifted"], page["renamed"]) == (1, 2, 2)
    [course] = page["courses"]
    [gap] = course["gaps"]
    assert (gap["days"], gap["expected_rows"], course["step_days"]) == (2, 26.0, 1)
    assert [column["change"] for column in page["columns"]] == [
        "much", "little", "too_few", "as_before",
    ]  # fmt: skip
    text = text_of(client.get("/sources/till?lang=nl").text)
    assert "Er ontbreken rijen in 1 reeks dagen. 2 kolommen wijken af" in text
    assert "veel veranderd" in text
    assert "app: 0% → 65%" in text
    assert "vanaf 12,59: 0% → 65%" in text
    assert "Klantreis las de oude naam, en wat die vulde is nu leeg" in text
    assert re.search(r"81% gemeten · 1\.000 rijen · 95%-interval", text)
    lone = text_of(client.get("/sources/crm?lang=en").text)
    assert "There is one import of this source" in lone
    assert "have no dates" in lone
    assert client.get("/sources/nobody").status_code == 404
    assert 'href="/sources/till"' in client.get("/sources").text


def test_sources_are_shown_by_table_with_their_quality(client: httpx.Client) -> None:
    page = client.get("/sources.json").json()
    till = next(source for source in page["sources"] if source["name"] == "till")
    assert till["quarantined"] == 60
    assert till["connectors"] == ["till"]
    assert till["tables"][0]["table"] == "orders"
    assert till["tables"][0]["outliers"] == 2
    assert page["unread_offers"] == [
        {
            "mechanic": "knalactie",
            "offers": 2,
            "source": "shopify",
            "path": "exports/shopify/export.csv",
        }
    ]
    text = text_of(client.get("/sources?lang=nl").text)
    assert "Aankopen en retouren 1.000 3 jan 2025 – 1 jan 2026 12% 3 2 60 81% 60%" in text


def test_quarantine_is_filtered_and_paged(client: httpx.Client) -> None:
    everything = client.get("/sources/quarantine.json").json()
    assert (everything["total"], len(everything["rows"])) == (61, 50)
    second = client.get("/sources/quarantine.json", params={"page": 2}).json()
    assert len(second["rows"]) == 11
    numbers = client.get(
        "/sources/quarantine.json", params={"source": "till", "reason": "not_a_number"}
    ).json()
    assert numbers["paging"]["total"] == 30
    assert {row["column"] for row in numbers["rows"]} == {"Bedrag"}
    html = client.get("/sources/quarantine?source=till&lang=nl").text
    assert "Eettafel &lt;Oak&gt;" in html
    assert "regel 2 · kolom Datum · Aankopen en retouren" in text_of(html)
    assert (
        text_of(client.get("/sources/quarantine?source=nobody&lang=en").text).count("0 values") == 1
    )


@pytest.mark.parametrize(
    "words",
    [
        "sanne vries",
        "SANNE DE VRIES",
        "sanne.devries1@voorbeeld.nl",
        "+31612340001",
        "2900000000001",
    ],
)
def test_a_customer_is_found_by_whatever_is_known(client: httpx.Client, words: str) -> None:
    found = client.get("/customers.json", params={"q": words}).json()
    assert 1 in [row["customer_id"] for row in found["rows"]]
    assert found["paging"]["total"] < 30


def test_a_customer_is_found_by_number_also_by_an_old_one(client: httpx.Client) -> None:
    for number in ("1", "901"):
        found = client.get("/customers.json", params={"q": f"sanne {number}"}).json()
        assert 1 in [row["customer_id"] for row in found["rows"]]


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ({"known": "known"}, lambda row: row["is_known"]),
        ({"known": "anonymous"}, lambda row: not row["is_known"]),
        ({"segment": "champions"}, lambda row: row["segment"] == "champions"),
        ({"channel": "store"}, lambda row: "store" in row["channels"]),
        ({"city": "Utrecht"}, lambda row: row["city"] == "Utrecht"),
        ({"only": "complaint"}, lambda row: row["customer_id"] == 1),
    ],
)
def test_filters_keep_only_what_fits(
    client: httpx.Client, query: dict[str, str], holds: Any
) -> None:
    found = client.get("/customers.json", params=query).json()
    assert found["rows"]
    assert all(map(holds, found["rows"]))
    assert found["paging"]["total"] < found["total"]


def test_pages_of_a_list_hold_everybody_once(client: httpx.Client) -> None:
    seen: list[int] = []
    for number in range(1, 11):
        page = client.get("/customers.json", params={"page": number, "sort": "name"}).json()
        seen += [row["customer_id"] for row in page["rows"]]
    assert sorted(seen) == list(range(1, 241))


def test_lists_are_sorted_as_asked(client: httpx.Client) -> None:
    by_revenue = client.get("/customers.json").json()["rows"]
    amounts = [row["revenue_amount"] for row in by_revenue]
    assert amounts == sorted(amounts, reverse=True)
    by_name = client.get("/customers.json", params={"sort": "name", "known": "known"}).json()[
        "rows"
    ]
    names = [row["name"].lower() for row in by_name]
    assert names == sorted(names)


def test_a_cell_of_the_grid_leads_to_its_customers(client: httpx.Client) -> None:
    cell = client.get("/segments.json").json()["cells"][0]
    query = {"recency": cell["recency"], "frequency": cell["frequency"]}
    assert (
        client.get("/customers.json", params=query).json()["paging"]["total"] == cell["customers"]
    )


def test_groups_hold_every_buyer_once(client: httpx.Client) -> None:
    page = client.get("/segments.json").json()
    assert sum(group["customers"] for group in page["groups"]) == page["buyers"]["value"]
    assert sum(cell["customers"] for cell in page["cells"]) == page["buyers"]["value"]
    assert sum(group["revenue_share"] for group in page["groups"]) == pytest.approx(1)
    assert page["buyers"]["value"] + page["without_purchase"]["value"] == 240
    assert sum(group["customers"] for group in page["division"]["groups"]) == 240


def test_a_portrait_answers_at_a_glance(client: httpx.Client) -> None:
    glance = client.get("/customers/1.json").json()["glance"]
    assert [said["event"] for said in glance["said"]] == ["ticket", "review"]
    assert glance["said"][1]["text"].startswith("Prachtige tafel")
    assert glance["has_open_complaint"]
    assert glance["outcome"] == "purchase"
    text = text_of(client.get("/customers/1?lang=nl").text)
    assert "Gezocht (Webshop) · eettafel eiken" in text
    assert "Aankoop · €\N{NO-BREAK SPACE}389,00".replace("\N{NO-BREAK SPACE}", " ") in text
    assert "Eettafel Oak" in text


def test_a_portrait_looks_nearer_at_a_channel_a_kind_and_a_period(client: httpx.Client) -> None:
    def seen(**asked: Any) -> dict[str, Any]:
        page: dict[str, Any] = client.get("/customers/1.json", params=asked).json()
        return page

    everything, bought = seen(), seen(kind="purchase")
    assert everything["seen_moments"] == everything["total_moments"]
    assert {mark["kind"] for mark in bought["marks"]} == {"purchase"}
    assert {event["event"] for visit in bought["visits"] for event in visit["moments"]} == {
        "purchase"
    }
    month = seen(period=30, until=everything["visits"][0]["ended_at"][:10])
    assert 0 < month["seen_moments"] < everything["total_moments"]
    assert month["window"]["nearer"] == 7
    before = seen(period=30, until=month["window"]["earlier"])
    assert before["window"]["last_at"] <= month["window"]["first_at"]
    assert seen(period=13)["window"]["days"] == 0, "only periods that the page offers"


def test_a_portrait_tells_how_a_customer_felt_in_their_own_words(client: httpx.Client) -> None:
    felt = client.get("/customers/1.json").json()["feelings"]
    said = [one for one in felt["moments"] if one["evidence"] != "assumed"]
    assert felt["mean"]["evidence"]["n"] == len(said) > 0
    assert felt["mean"]["value"] == pytest.approx(fmean(one["emotion"] for one in said))
    assert felt["complaints"] == sum(one["emotion"] <= -1 for one in said)
    assert felt["lately"]["evidence"]["needed"] == 5


def test_every_moment_leads_to_the_record_and_its_file(client: httpx.Client) -> None:
    page = client.get("/customers/1.json").json()
    asked = [
        {"first": moment["first"], "last": moment["last"]}
        for visit in page["visits"]
        for moment in visit["moments"]
        if moment["event"] == "purchase"
    ]
    raw = client.get("/customers/1/records.json", params=asked[0]).json()["raw"]
    assert [one["table"] for one in raw] == ["orders"]
    assert dict(raw[0]["fields"])["order_id"] == raw[0]["record_id"]
    assert client.get("/customers/1/records.json").json()["raw"] == []
    text = text_of(client.get("/customers/1/records?first=9999&lang=en").text)
    assert "Why is this one customer?" in text


def test_a_portrait_names_who_lives_at_the_same_address(client: httpx.Client) -> None:
    together, alone, unknown = (
        client.get(f"/customers/{number}.json").json()["household"] for number in (1, 5, 4)
    )
    assert [(one["customer_id"], one["shares_phone"]) for one in together["others"]] == [(3, True)]
    assert (together["customers"], alone, unknown) == (2, {"customers": 1, "others": []}, None)
    assert 'href="/customers/3"' in client.get("/customers/1").text
    text = text_of(client.get("/customers/1?lang=nl").text)
    assert "Woont samen met" in text
    assert "gemeten · huishouden van 2 klanten" in text


def test_visits_can_be_filtered_by_channel_and_read_back_to_the_first(
    client: httpx.Client,
) -> None:
    page = client.get("/customers/1.json").json()
    assert page["total_visits"] > len(page["visits"]) == 10
    earlier = client.get("/customers/1.json", params={"before": page["earlier"]}).json()
    numbers = [visit["number"] for visit in page["visits"] + earlier["visits"]]
    assert numbers == list(range(page["total_visits"], 0, -1))
    assert earlier["earlier"] == 0
    in_store = client.get("/customers/1.json", params={"channel": "store"}).json()
    assert {channel for visit in in_store["visits"] for channel in visit["channels"]} == {"store"}


def test_the_timeline_holds_every_moment_once(client: httpx.Client, shop: Workspace) -> None:
    for number in (1, 2, 7):
        marks = client.get(f"/customers/{number}.json").json()["marks"]
        counted = shop.sql(f"SELECT count(*) AS n FROM timeline WHERE customer_id = {number}")
        assert sum(mark["moments"] for mark in marks) == counted["n"][0].as_py()


def test_an_old_number_leads_to_the_customer_who_took_it_over(client: httpx.Client) -> None:
    for old, new in (
        ("/customers/901?channel=web", "/customers/1?channel=web"),
        ("/customers/901.json", "/customers/1.json"),
        ("/customers/901/records", "/customers/1/records"),
    ):
        moved = client.get(old)
        assert (moved.status_code, moved.headers["location"]) == (308, new)


def test_everything_about_a_customer_is_handed_out_in_one_file(client: httpx.Client) -> None:
    answer = client.get("/customers/1/access.zip", params={"lang": "nl"})
    assert answer.headers["content-type"] == "application/zip"
    assert answer.content[:2] == b"PK"
    assert 'href="/customers/1/access.zip"' in client.get("/customers/1/privacy").text


def test_the_records_tell_why_this_is_one_customer(client: httpx.Client) -> None:
    page = client.get("/customers/1/records.json").json()
    assert page["records"][0]["rule"] == "email"
    assert page["records"][0]["identifiers"][0]["value"] == "sanne.devries1@voorbeeld.nl"
    assert page["merges"][0]["old_customer_id"] == 901


def test_each_phase_model_can_be_chosen(client: httpx.Client) -> None:
    first = client.get("/journey.json").json()
    assert first["model"] == "see_think_do_care"
    for model in first["models"]:
        page = client.get("/journey.json", params={"model": model}).json()
        assert page["model"] == model
        assert len(page["phases"]) in (4, 5)
    unknown = client.get("/journey.json", params={"model": "nobody"}).json()
    assert unknown["model"] == "see_think_do_care"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/customers/99999", 404),
        ("/nowhere", 404),
        ("/customers/abc", 422),
        ("/customers?page=0", 422),
    ],
)
def test_what_is_not_there_is_said_kindly(client: httpx.Client, address: str, status: int) -> None:
    answer = client.get(address, headers={"accept-language": "nl"})
    assert answer.status_code == status
    assert "Wat zoekt u?" in answer.text
    path, _, query = address.partition("?")
    refused = client.get(f"{path}.json?{query}")
    assert refused.status_code == status
    assert refused.json()["error"]
