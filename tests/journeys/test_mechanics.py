from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.journeys import MECHANIC_KINDS, Mechanic, read_mechanic


@pytest.mark.parametrize(
    ("texts", "buys", "pays"),
    [
        (("1+1 gratis", "1 + 1 GRATIS", "2e gratis", "tweede gratis", "2e artikel gratis"), 2, 1),
        (("buy 1 get 1 free", "Buy one get one free", "BOGOF", "koop 1, krijg 1 gratis"), 2, 1),
        (("2 halen 1 betalen", "2 halen, 1 betalen!", "twee voor de prijs van een", "2=1"), 2, 1),
        (("2 voor 1", "2 for 1"), 2, 1),
        (("2e halve prijs", "2e Halve Prijs", "tweede artikel voor de halve prijs"), 2, 1.5),
        (("2nd half price", "second item half price", "elke 2e voor de helft"), 2, 1.5),
        (("buy 1 get 1 half price", "buy one, get one 50% off"), 2, 1.5),
        (("2+1 gratis", "3 halen 2 betalen", "3 for the price of 2", "3 voor 2", "3=2"), 3, 2),
        (("1+2 gratis",), 3, 1),
        (("3+2 gratis",), 5, 3),
        (("2e 70% korting", "2e met 70% korting", "70% korting op het 2e artikel"), 2, 1.3),
        (("2de aan halve prijs", "50% korting op de 2de", "50% off the 2nd item"), 2, 1.5),
        (("vanaf 2 stuks 10% korting", "2 stuks 10% korting", "10% korting bij 2 stuks"), 2, 1.8),
        (("3e gratis", "derde gratis", "3rd free"), 3, 2),
    ],
)
def test_a_multi_buy_tells_what_is_bought_and_paid(
    texts: tuple[str, ...], buys: int, pays: float
) -> None:
    for text in texts:
        found = read_mechanic(text)
        assert (text, found.kind, found.buys, found.pays) == (text, "multi_buy", buys, pays)


@pytest.mark.parametrize(
    ("text", "mechanic"),
    [
        ("2 voor 5,00", Mechanic("bundle_price", buys=2, amount=5.0)),
        ("2 voor 5", Mechanic("bundle_price", buys=2, amount=5.0)),
        ("3 voor € 12,50", Mechanic("bundle_price", buys=3, amount=12.5)),
        ("2 for £3", Mechanic("bundle_price", buys=2, amount=3.0)),
        ("3 for €2", Mechanic("bundle_price", buys=3, amount=2.0)),
        ("2 STAPELEN VOOR 3.49", Mechanic("bundle_price", buys=2, amount=3.49)),
        ("4 voor 8,-", Mechanic("bundle_price", buys=4, amount=8.0)),
        ("25% korting", Mechanic("share_off", share_off=0.25)),
        ("-33%", Mechanic("share_off", share_off=0.33)),
        ("Lidl Plus -33%", Mechanic("share_off", share_off=0.33)),
        ("20% off", Mechanic("share_off", share_off=0.2)),
        ("halve prijs", Mechanic("share_off", share_off=0.5)),
        ("5% volume voordeel", Mechanic("share_off", share_off=0.05)),
        ("tot 50% korting", Mechanic("up_to", share_off=0.5)),
        ("Lidl Plus tot -41%", Mechanic("up_to", share_off=0.41)),
        ("up to 70% off", Mechanic("up_to", share_off=0.7)),
        ("1.50 EURO KORTING", Mechanic("amount_off", amount=1.5)),
        ("1,00 korting", Mechanic("amount_off", amount=1.0)),
        ("€ 5 korting", Mechanic("amount_off", amount=5.0)),
        ("save £2", Mechanic("amount_off", amount=2.0)),
        ("voor 1,99", Mechanic("price", amount=1.99)),
        ("NU 2,49", Mechanic("price", amount=2.49)),
        ("van 3,99 voor 2,99", Mechanic("price", amount=2.99)),
        ("was 3.99 now 2.99", Mechanic("price", amount=2.99)),
        ("100 GRAM VOOR 1.89", Mechanic("measure_price", amount=1.89)),
        ("Gratis bezorging", Mechanic("extra")),
        ("Gratis glas bij 1 stuk", Mechanic("extra")),
        ("", Mechanic("none")),
        ("pakketkorting", Mechanic("unread")),
        ("ACTIE_", Mechanic("unread")),
        ("0+0 gratis", Mechanic("unread")),
        ("75 voor 100 jaar", Mechanic("unread")),
    ],
)
def test_other_mechanics_tell_their_price_or_discount(text: str, mechanic: Mechanic) -> None:
    assert read_mechanic(text) == mechanic


@given(st.text(alphabet=st.sampled_from("0123456789+=%€-., abefghiklnoprstuvw"), max_size=40))
def test_any_text_gives_a_mechanic_that_costs_something(text: str) -> None:
    found = read_mechanic(text)
    assert found.kind in MECHANIC_KINDS
    assert found.buys >= 1
    assert found.pays is None or 0 < found.pays < found.buys
    assert found.share_off is None or 0 <= found.share_off < 1
    assert found.amount is None or found.amount >= 0


def test_printed_mechanics_of_a_supermarket_come_to_the_prices_that_it_tells(
    development_data: Path,
) -> None:
    """One chain's extraction tells the effective price of each; ours come from text and price."""
    file = development_data / "leaflets" / "folder_data_week_51_ah.json.gz"
    with gzip.open(file) as opened:
        products = json.load(opened)["products"]
    multi_buys = [
        (read_mechanic(p["bonus_mechanism"]), p["normal_price"], p["offer_price"])
        for p in products
        if read_mechanic(p["bonus_mechanism"]).kind == "multi_buy"
    ]
    assert len(multi_buys) > 45
    for mechanic, normal, offer in multi_buys:
        assert mechanic.pays
        assert normal * mechanic.pays / mechanic.buys == pytest.approx(offer, abs=0.011)


@pytest.mark.parametrize(
    ("file", "name", "at_least"),
    [
        ("ah", "bonus_mechanism", 0.8),
        ("hoogvliet", "discount_text", 0.9),
        ("jumbo", "discount_tag", 1),
    ],
)
def test_most_printed_mechanics_are_understood(
    development_data: Path, file: str, name: str, at_least: float
) -> None:
    path = development_data / "leaflets" / f"folder_data_week_51_{file}.json.gz"
    with gzip.open(path) as opened:
        texts = [p[name] for p in json.load(opened)["products"] if p[name]]
    understood = [text for text in texts if read_mechanic(text).kind != "unread"]
    assert len(understood) / len(texts) >= at_least


# As retailers in the Netherlands, Belgium and Britain write them; what a discount on a whole basket,
# a card or a tax comes to for one unit cannot be told, so these are kept and listed.
@pytest.mark.parametrize(
    ("texts", "mechanic"),
    [
        (("2e voor € 1", "2e voor €1", "2nd for £1", "tweede voor 1 euro", "2de aan 1 euro", "elke 2e voor 1,-", "2e artikel voor maar € 1,-", "second item for £1", "tweede tegen 1 euro", "buy one get one for £1", "Buy 1 and get another for £1"), Mechanic("nth_price", buys=2, amount=1.0)),
        (("3e voor 0,50", "derde voor 50 cent", "3rd for 50p"), Mechanic("nth_price", buys=3, amount=0.5)),
        (("3 voor 2", "3 for 2", "3=2", "3 halen = 2 betalen", "3 halen is 2 betalen", "2 + 1 gratis", "2+1", "buy 2 get the 3rd free", "bij aankoop van 2, 1 gratis", "1 gratis bij aankoop van 2", "3e voor niets", "three for two"), Mechanic("multi_buy", buys=3, pays=2)),
        (("2=1", "2 = 1", "twee voor één", "two for one", "1+1 gratis OP=OP"), Mechanic("multi_buy", buys=2, pays=1)),
        (("2e halve prijs", "2e voor de helft", "50% off 2nd item", "buy one get one half price", "BOGOHP"), Mechanic("multi_buy", buys=2, pays=1.5)),
        (("2+3 gratis",), Mechanic("multi_buy", buys=5, pays=2)),
        (("4 voor 10 euro", "4 for £10", "any 4 for £10", "4 stuks 10 euro", "per 4 voor 10.00", "per 4: € 10"), Mechanic("bundle_price", buys=4, amount=10.0)),
        (("per 2 voor 3.50", "per 2 voor 3,50", "2 voor € 3,50", "2 stuks voor 3,50"), Mechanic("bundle_price", buys=2, amount=3.5)),
        (("10% off when you buy 6 items", "vanaf 6 stuks 10% korting"), Mechanic("multi_buy", buys=6, pays=5.4)),
        (("buy 4 and get 50p off",), Mechanic("amount_off", buys=4, amount=0.125)),
        (("nu 9.99 van 12.99", "van € 12,99 voor € 9,99", "was £12.99 now £9.99", "now £9.99, was £12.99", "was 12,99, nu 9,99", "adviesprijs 12,99 nu 9,99", "nu € 9,99", "9,99 per stuk", "per stuk 9.99"), Mechanic("price", amount=9.99)),
        (("50p off", "50 cent korting", "save 50p"), Mechanic("amount_off", amount=0.5)),
        (("1/3 korting", "1/3 off"), Mechanic("share_off", share_off=0.3333)),
        (("1/2 prijs", "half price", "halve prijs"), Mechanic("share_off", share_off=0.5)),
        (("25% extra korting",), Mechanic("share_off", share_off=0.25)),
        (("20% + 20% extra korting", "20+20% extra korting"), Mechanic("share_off", share_off=0.36)),
        (("koop 3 betaal 2", "neem 3, betaal er 2", "buy 3 pay for 2"), Mechanic("multi_buy", buys=3, pays=2)),
        (("bij aankoop van 2: 30% korting",), Mechanic("multi_buy", buys=2, pays=1.4)),
        (("stapelkorting 2=10% 3=15%",), Mechanic("multi_buy", buys=2, pays=1.8)),
        (("per 2 verpakkingen 4.99", "2 flessen € 4,99"), Mechanic("bundle_price", buys=2, amount=4.99)),
        (("gratis verzending", "free delivery", "gratis bezorgd vanaf € 50", "25% extra gratis", "25% meer inhoud"), Mechanic("extra")),
        (("per kilo 4.99", "€ 4,99 per kg", "500 g voor 4.99", "4.99/kg"), Mechanic("measure_price", amount=4.99)),
        (("OP=OP", "op = op", "zolang de voorraad strekt", "While stocks last!"), Mechanic("none")),
        (("stapelkorting", "€ 5 korting bij besteding van € 50", "£5 off when you spend £50", "10% korting vanaf € 50", "vanaf 9,99", "21% btw korting", "btw-weg-dagen", "bonus", "1=2", "Clubcard price £2.50", "1 gratis bij 3", "knalactie"), Mechanic("unread")),
    ],
)  # fmt: skip
def test_what_retailers_write_is_read_right_or_listed_as_unread(
    texts: tuple[str, ...], mechanic: Mechanic
) -> None:
    assert {text: read_mechanic(text) for text in texts} == dict.fromkeys(texts, mechanic)
