"""An option of a source that nobody would read is told before anything is imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from klantreis import Workspace
from klantreis.errors import SettingsError
from klantreis.words import translator
from klantreis.words.problems import problem_told
from klantreis.workspace.brought import Choices
from tests.brief import run_sources
from tests.sources.files import SAMPLES

MAPPING = """
[options]
orders_source = "shopify"
channel = { default = "store", words = ["store", "web"] }
imported_at = ""
[[table]]
table = "orders"
[table.columns]
order_id = "{orders_source}:{nr}"
person_id = "kassa:{klant}"
kind = { value = "sale" }
channel = "{channel}"
status = { value = "completed" }
ordered_at = "datum"
total_amount = "bedrag"
"""
ORDERS = "nr,klant,datum,bedrag\n1,ann,2026-01-05,9.50\n"
MAPPED = '[sources.kassa]\nmapping = "kassa.toml"\n'


def workspace(folder: Path, settings: str, **files: bytes) -> Path:
    Workspace.create(folder, name="Huis").close()
    with (folder / "klantreis.toml").open("a") as file:
        file.write(settings)
    (folder / "kassa.toml").write_text(MAPPING)
    kassa = folder / "exports" / "kassa"
    kassa.mkdir(parents=True)
    for name, content in files.items():
        (kassa / name.replace("__", ".")).write_bytes(content)
    return folder


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        (
            '[sources.betaald]\nconnector = "mollie"\norder_source = "webshop"',
            r"Unknown setting in klantreis.toml > \[sources.betaald\]: got order_source; "
            "allowed: connector, mapping, time_zone, order_sign, orders_source. "
            "Next: write orders_source, or leave it out.",
        ),
        (
            '[sources.kassa]\nconnector = "till"\nconsents = "email"',
            "got consents; allowed: connector, mapping, time_zone. "
            "Next: leave it out: connector till does not have it.",
        ),
        ('[sources.web]\nconector = "ga4"', "got conector.*Next: write connector,"),
        ('[sources.web]\nbanaan = "ga4"', "got banaan.*Next: leave it out: nothing reads it"),
        ('[sources.web]\nconnector = "ga4"\nsubscriber_paramter = "x"', "write subscriber_parame"),
        ('[sources.web]\nconnector = "ga4"\nrenamed = {a = "b"}', "got renamed; allowed"),
        (
            '[sources.shop]\nconnector = "shopify"\nconsents = "e-mail"',
            r"Not a possible value in klantreis.toml > \[sources.shop\] > consents: got 'e-mail'; allowed: email, sms; several",
        ),
        ('[sources.shop]\nconnector = "shopify"\nimported_at = "x"', "got imported_at; allowed"),
        (
            '[sources.shop]\nconnector = "shopify"\ntime_zone = "Europe/Amsterdm"',
            "Unknown time zone in klantreis.toml > .*> time_zone: got 'Europe/Amsterdm'; allowed: an IANA name",
        ),
        (
            '[sources.shop]\nconnector = "mollie"\norders_source = ["a"]',
            r"Not a possible value.*got \['a'\]; allowed: a text",
        ),
        (
            '[sources.shop]\nconnector = "shopify"\nmapping = "kassa.toml"',
            "Only the mapping connector has a mapping",
        ),
        (
            MAPPED + 'orders_sorce = "web"',
            "allowed: .*channel, orders_source. Next: write orders_s",
        ),
        (MAPPED + 'chanel = "web"', "Next: write channel"),
        (MAPPED + 'channel = "shop"', "got 'shop'; allowed: store, web"),
    ],
)
def test_an_option_that_is_not_there_is_told_when_the_workspace_is_opened(
    settings: str, complaint: str, tmp_path: Path
) -> None:
    folder = workspace(tmp_path / "shop", settings)
    with pytest.raises(SettingsError, match=complaint):
        Workspace.open(folder)


def test_options_that_are_there_do_what_they_say(tmp_path: Path) -> None:
    settings = MAPPED + 'orders_source = "web"\nchannel = "web"\ntime_zone = "UTC"\n'
    folder = workspace(tmp_path / "shop", settings, a__csv=ORDERS.encode())
    with Workspace.open(folder) as shop:
        assert shop.import_exports().problems == ()
        run_sources(shop)
        [order] = shop.table("orders").to_pyarrow().to_pylist()
    assert (order["order_id"], order["channel"], order["ordered_at"].hour) == ("web:1", "web", 0)


def test_a_mapping_that_cannot_be_read_is_told_by_the_import_as_before(tmp_path: Path) -> None:
    folder = workspace(tmp_path / "shop", MAPPED + 'x = "y"\n', a__csv=ORDERS.encode())
    (folder / "kassa.toml").write_text("[[table]")
    with Workspace.open(folder) as shop:
        told = [str(problem.error) for problem in shop.import_exports().problems]
    assert told
    assert all("The mapping cannot be read" in each for each in told)


def test_of_a_recognised_source_the_import_and_the_wizard_ask_the_connector(tmp_path: Path) -> None:
    export = (SAMPLES / "till").glob("*.csv")
    content = next(export).read_bytes()
    settings = '[sources.kassa]\nconsents = "email"\n'  # which Shopify has, and a till has not
    with Workspace.open(workspace(tmp_path / "shop", settings, a__csv=content)) as shop:
        [problem] = shop.import_exports().problems
        [token] = shop.sources.bring("b.csv", [content])
        shop.sources.say(token, Choices(source="kassa"))
        shown = shop.sources.waiting(token).preview.problem
    assert shown is not None
    assert "got consents; allowed: connector, mapping, time_zone." in str(problem.error)
    assert shown.parts == problem.error.parts
    assert problem_told(translator("nl"), shown.parts).startswith(
        "Onbekende instelling (klantreis.toml > [sources.kassa]): gevonden: consents; toegestaan: "
    )
