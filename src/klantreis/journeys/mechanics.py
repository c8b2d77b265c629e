"""What the mechanic of a promotion says, read from its text in Dutch or English."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from klantreis.tables import contract

__all__ = ["KINDS", "Mechanic", "read_mechanic"]

KINDS = contract("offer_prices").column("kind").allowed
MOST_UNITS = 24  # "75 voor 100" is no bundle that a shop offers


@dataclass(frozen=True)
class Mechanic:
    """What a customer has to do, and what it then costs.

    Attributes:
        kind: `multi_buy` pays for fewer units than are bought, `nth_price` a price of its own for
            the last of them, `bundle_price` a price for several together, `measure_price` a price of an amount of weight or volume, `up_to` a largest
            discount, `extra` a gift or a service at an unchanged price, `unread` not understood.
        buys: units to buy.
        pays: units of them that are paid, of a multi-buy.
        share_off: part that goes off the price.
        amount: EUR: a price, that of a bundle or of the last unit, or what goes off each unit.
    """

    kind: str
    buys: int = 1
    pays: float | None = None
    share_off: float | None = None
    amount: float | None = None


COUNTS = {
    "een": 1, "één": 1, "one": 1, "a": 1, "twee": 2, "two": 2, "drie": 3, "three": 3,
    "vier": 4, "four": 4, "vijf": 5, "five": 5, "zes": 6, "six": 6,
}  # fmt: skip
ORDINALS = {
    "tweede": 2, "second": 2, "derde": 3, "third": 3, "vierde": 4, "fourth": 4,
    "vijfde": 5, "fifth": 5,
}  # fmt: skip
COUNT = rf"(\d{{1,2}}|{'|'.join(COUNTS)})"
NTH = rf"(?:de |elke |iedere |every |the )?(\d(?:e|de|ste|nd|rd|th)|{'|'.join(ORDINALS)})"
UNIT = r"(?: (?:artikel|product|stuk|exemplaar|item|one|piece|paar|pair))?"
PIECES = (
    r"(?:stuks|artikelen|producten|items|pieces|verpakkingen|flessen|zakken|blikken|potten|dozen"
    r"|packs|bottles|cans|bags|boxes)"
)
SPOKEN = r"(een|één|one|twee|two|drie|three|vier|four|vijf|five)"
MONEY = r"(?:€|eur|euro|£|\$)? ?(\d+(?:[.,]\d{1,2}|[.,]-)?)(?: ?(?:€|euro|eur))?(?![\d.,]*\d| ?%)"
SURE_MONEY = (
    r"(?:(?:€|eur|euro|£|\$) ?\d+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})? ?(?:€|euro|eur\b|pound))"
)
SHARE = r"-? ?(\d{1,2}(?:[.,]\d)?) ?%"
FOR = r"(?:voor|for|at|tegen|aan|is|nu|now)(?: (?:maar|slechts|only|just))?"
USUAL = r"(?:van|was|from|normaal|voorheen|adviesprijs|rrp|oude prijs)"
MEASURE = r"(?:g|gr|gram|kg|kilo|kilogram|ml|cl|l|liter|litre|meter|m)"
# It says how long, not for how much.
WHILE = r"\bop ?= ?op\b|\bzolang (?:de )?voorraad strekt\b|\bwhile stocks? lasts?\b"
OFF = r"(?:korting|voordeel|volume voordeel|goedkoper|off|discount|less)"

Found = re.Match[str]


def read_mechanic(text: str | None) -> Mechanic:
    """Read one mechanic.

    Args:
        text: as a leaflet or webshop writes it; empty for a plain offer.

    Returns:
        What it says; of the kind `unread` when it is not understood, never an error.

    >>> read_mechanic("2e Halve Prijs")
    Mechanic(kind='multi_buy', buys=2, pays=1.5, share_off=None, amount=None)
    >>> read_mechanic("2 voor € 5,-").amount, read_mechanic("Lidl Plus -33%").share_off
    (5.0, 0.33)
    >>> read_mechanic("knalactie").kind
    'unread'
    """
    plain = _plain(text or "")
    if not plain:
        return Mechanic("none")
    for pattern, meaning in RULES:
        found = pattern.search(plain)
        mechanic = meaning(found) if found else None
        if mechanic:
            return mechanic
    return Mechanic("unread")


def _plain(text: str) -> str:
    lowered = text.lower().replace("\u2013", "-").replace("\u2212", "-")
    lowered = re.sub(WHILE, " ", lowered)
    lowered = re.sub(r"[,.]\s*(?:-|=)", ".00", lowered)
    lowered = re.sub(r"\b(\d{1,2}) ?(?:p|cent)\b", _cents, lowered)
    return re.sub(r"\s+", " ", re.sub(r"\s*\+\s*", "+", lowered)).strip(" !*.,;:-")


def _cents(found: Found) -> str:
    return f"€0.{int(found[1]):02}"


def _count(text: str) -> int:
    return COUNTS.get(text) or int(text)


def _ordinal(text: str) -> int:
    return ORDINALS.get(text) or int(text[0])


def _money(text: str) -> float:
    return float(text.replace(",", "."))


def _share(text: str) -> float:
    return round(float(text.replace(",", ".")) / 100, 4)


def _added(found: Found) -> Mechanic | None:
    bought, free = _count(found[1]), _count(found[2])
    return _multi_buy(bought + free, bought)


def _multi_buy(buys: int, pays: float) -> Mechanic | None:
    if not 1 < buys <= MOST_UNITS or not 0 < pays < buys:
        return None
    return Mechanic("multi_buy", buys=buys, pays=pays)


def _nth_free(found: Found) -> Mechanic | None:
    nth = _ordinal(found[1])
    return _multi_buy(nth, nth - 1)


def _nth_half(found: Found) -> Mechanic | None:
    nth = _ordinal(found[1])
    return _multi_buy(nth, nth - 0.5)


def _nth_share_off(found: Found) -> Mechanic | None:
    nth = _ordinal(found[1])
    return _multi_buy(nth, round(nth - _share(found[2]), 4))


def _share_off_nth(found: Found) -> Mechanic | None:
    nth = _ordinal(found[2])
    return _multi_buy(nth, round(nth - _share(found[1]), 4))


def _several(count: str, share: str) -> Mechanic | None:
    """A part off everything, for who buys so many at least."""
    buys = _count(count)
    return _multi_buy(buys, round(buys * (1 - _share(share)), 4))


def _more_at_half(found: Found) -> Mechanic | None:
    bought, cheaper = _count(found[1]), _count(found[2])
    return _multi_buy(bought + cheaper, bought + cheaper / 2)


def _fewer_paid(found: Found) -> Mechanic | None:
    return _multi_buy(_count(found[1]), _count(found[2]))


def _bundle(found: Found) -> Mechanic | None:
    buys, written = _count(found[1]), found[2]
    if buys > MOST_UNITS or buys < 2:
        return None
    is_bare = not re.search(r"[.,€£$]|eur", found[0][found.start(2) - found.start() - 2 :])
    if is_bare and int(written) < buys:  # "3 voor 2": the price of two
        return _multi_buy(buys, int(written))
    return Mechanic("bundle_price", buys=buys, amount=_money(written))


def _nth_price(found: Found) -> Mechanic | None:
    nth = _ordinal(found[1])
    return Mechanic("nth_price", buys=nth, amount=_money(found[2])) if nth > 1 else None


def _next_price(found: Found) -> Mechanic | None:
    """As `buy one get one for £1`: only the last one has a price of its own."""
    buys = _count(found[1]) + 1
    return Mechanic("nth_price", buys=buys, amount=_money(found[2])) if buys > 1 else None


def _off_together(found: Found) -> Mechanic | None:
    """An amount off so many units together."""
    buys = _count(found[1])
    if buys < 1:
        return None
    return Mechanic("amount_off", buys=buys, amount=round(_money(found[2]) / buys, 4))


def _part(found: Found) -> Mechanic | None:
    """As `1/3 off`, or what is left to pay: `1/3 prijs`."""
    part = 1 / int(found[1])
    is_price = found[0].endswith(("prijs", "price"))
    return Mechanic("share_off", share_off=round(1 - part if is_price else part, 4))


def _share_of_the_rest(found: Found) -> Mechanic | None:
    """As `20% + 20% extra`: the second is taken off what is left."""
    left = (1 - _share(found[1])) * (1 - _share(found[2]))
    return Mechanic("share_off", share_off=round(1 - left, 4))


def _sure_bundle(found: Found) -> Mechanic | None:
    buys = _count(found[1])
    if not 1 < buys <= MOST_UNITS:
        return None
    return Mechanic("bundle_price", buys=buys, amount=_money(found[2]))


RULES: tuple[tuple[re.Pattern[str], Callable[[Found], Mechanic | None]], ...] = tuple(
    (re.compile(pattern), meaning)
    for pattern, meaning in (
        (rf"\b{COUNT}\+{COUNT} ?(?:gratis|free|voor niets)", _added),
        (rf"^{COUNT}\+{COUNT}$", _added),
        (rf"\b{NTH}{UNIT} (?:voor |is |at |for )?(?:gratis|free|niets|nothing)\b", _nth_free),
        (rf"\b{NTH}{UNIT} (?:voor |at |for |tegen |aan )?(?:de )?(?:halve prijs|half price|helft)", _nth_half),
        (rf"\b{NTH}{UNIT} (?:voor |met |at |with )?{SHARE}", _nth_share_off),
        (rf"{SHARE} (?:{OFF} )?(?:(?:op|on|bij) )?(?:het |je |uw |your )?{NTH}\b", _share_off_nth),
        (rf"{SHARE} (?:{OFF} )?(?:vanaf|bij(?: aankoop van)?|from|when you buy|on) {COUNT} {PIECES}", lambda found: _several(found[2], found[1])),
        (rf"\b(?:vanaf|bij(?: aankoop van)?|from|when you buy) {COUNT}(?: [a-z]+)?(?: of meer| or more)?[,:]? {SHARE}", lambda found: _several(found[1], found[2])),
        (rf"\b{COUNT} ?= ?{SHARE}", lambda found: _several(found[1], found[2])),
        (rf"\b{COUNT} {PIECES}(?: of meer| or more)?[,:]? {SHARE}", lambda found: _several(found[1], found[2])),
        (rf"\b(?:buy|koop) {COUNT},? (?:get|krijg|ontvang) {COUNT} (?:free|gratis)", _added),
        (rf"\b(?:buy|koop) {COUNT},? (?:get|krijg) {COUNT} (?:at |voor )?(?:half price|50% off|halve prijs|de halve prijs)", _more_at_half),
        (rf"\b(?:buy|koop|bij aankoop van) {COUNT}(?: [a-z]+)?,? {COUNT} (?:free|gratis)", _added),
        (rf"\b{COUNT} (?:gratis|free) (?:bij aankoop van|when you buy) {COUNT}\b", lambda found: _multi_buy(_count(found[1]) + _count(found[2]), _count(found[2]))),
        (rf"\b(?:buy|koop) {COUNT},? (?:and )?(?:get|krijg) (?:one|een|één|1|another|the (?:next|second|2nd)(?: one)?|de (?:tweede|volgende|2e)) {FOR} {MONEY}", _next_price),
        (rf"\b(?:buy|koop|bij aankoop van) {COUNT}(?: {PIECES})?(?: or more| of meer)?,? (?:and )?(?:get |save |krijg |bespaar )?{MONEY} {OFF}", _off_together),
        (r"\bbogohp\b", lambda _: _multi_buy(2, 1.5)),
        (r"\b(?:bogof?|buy one get one free)\b", lambda _: _multi_buy(2, 1)),
        (rf"\b{COUNT} (?:halen|nemen|pakken|kopen),?(?: ?= ?| is | )?{COUNT} betalen", _fewer_paid),
        (rf"\b(?:koop|neem|haal|pak|buy|take) {COUNT},? (?:en |and )?(?:betaal|pay(?: for)?) (?:er )?{COUNT}\b(?![.,]\d| ?(?:€|eur|pound))", _fewer_paid),
        (rf"\b{COUNT} (?:voor|for) (?:de prijs van|the price of) {COUNT}\b", _fewer_paid),
        (rf"\b{COUNT} ?= ?{COUNT}\b", _fewer_paid),
        (rf"\b{SPOKEN} (?:voor|for) {SPOKEN}\b(?! (?:euro|pound|penny))", _fewer_paid),
        (rf"\b{NTH}{UNIT} {FOR} {MONEY}", _nth_price),
        (r"^(?:gratis|free)\b|\b(?:gratis|free) (?:bezorging|verzending|delivery|shipping|cadeau|gift)", lambda _: Mechanic("extra")),
        # A discount on a whole basket, or a tax that is left out: not what one unit costs.
        (rf"\b(?:btw|vat)\b|\b(?:spend|besteding|besteed|orders? (?:over|above|from))\b|\b(?:bij|vanaf|boven) (?!{SURE_MONEY} ?(?:voor|nu)){SURE_MONEY}", lambda _: Mechanic("unread")),
        (rf"{SHARE} (?:extra|meer|more|bigger|larger)\b(?! ?(?:korting|voordeel|off|discount))", lambda _: Mechanic("extra")),
        (rf"\b(?:\d+ ?)?{MEASURE}\.? (?:voor |for )?{MONEY}", lambda found: Mechanic("measure_price", amount=_money(found[1]))),
        (rf"{MONEY} ?(?:/|per ) ?(?:\d+ ?)?{MEASURE}\b", lambda found: Mechanic("measure_price", amount=_money(found[1]))),
        (rf"\b(?:per )?{COUNT} {PIECES},? {MONEY}", _sure_bundle),
        (rf"\bper {COUNT}:? {MONEY}", _sure_bundle),
        (rf"\b{COUNT}(?: [a-z]+)? (?:voor|for) {MONEY}", _bundle),
        (rf"\b(?:tot|up to|max\.?|maximaal)(?: wel)? {SHARE}", lambda found: Mechanic("up_to", share_off=_share(found[1]))),
        (rf"\b1/([2-4]) ?(?:{OFF}|prijs|price)", _part),
        (rf"(\d{{1,2}}) ?%? ?\+ ?{SHARE} extra\b", _share_of_the_rest),
        (rf"{SHARE}", lambda found: Mechanic("share_off", share_off=_share(found[1]))),
        (r"\b(?:halve prijs|half price|voor de helft)\b", lambda _: Mechanic("share_off", share_off=0.5)),
        (rf"\b{USUAL} {MONEY},? (?:voor|nu|now|for|to) {MONEY}", lambda found: Mechanic("price", amount=_money(found[2]))),
        (rf"\b(?:nu|now|voor|for) {MONEY},? {USUAL} {MONEY}", lambda found: Mechanic("price", amount=_money(found[1]))),
        (rf"{MONEY} {OFF}\b", lambda found: Mechanic("amount_off", amount=_money(found[1]))),
        (rf"\b(?:bespaar|korting van|save|korting:?) {MONEY}", lambda found: Mechanic("amount_off", amount=_money(found[1]))),
        (rf"^(?:nu |now |slechts |only |actieprijs |per stuk |each )?(?:voor |for |slechts |only )?{MONEY}(?: per stuk| each)?$", lambda found: Mechanic("price", amount=_money(found[1]))),
    )
)  # fmt: skip
