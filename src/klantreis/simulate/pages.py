"""The webshop's pages and the words that people search for, as numbers and as text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klantreis.simulate.draws import Ints
from klantreis.simulate.products import Products

__all__ = ["SITE", "Site", "site"]

SITE = "https://www.huisenhaard.example"
HOME, SEARCH, CART, CHECKOUT, THANKS, ACCOUNT, ORDERS, STORES, OFFERS, WISHLIST = range(10)
FIXED = (
    ("/", "Huis & Haard - thuis begint hier"),
    ("/zoeken", "Zoekresultaten"),
    ("/winkelmandje", "Winkelmandje"),
    ("/bestellen", "Bestelling afronden"),
    ("/bedankt", "Bedankt voor je bestelling"),
    ("/account", "Mijn account"),
    ("/account/bestellingen", "Mijn bestellingen"),
    ("/winkels", "Winkels en openingstijden"),
    ("/aanbiedingen", "Aanbiedingen van deze week"),
    ("/verlanglijst", "Mijn verlanglijst"),
)
SERVICE = (
    ("/klantenservice", "Klantenservice"),
    ("/klantenservice/bezorging", "Bezorging en verzendkosten"),
    ("/klantenservice/retourneren", "Ruilen en retourneren"),
    ("/klantenservice/betalen", "Betalen"),
    ("/klantenservice/garantie", "Garantie en reparatie"),
)
ARTICLES = (
    ("/inspiratie", "Wooninspiratie"),
    ("/inspiratie/kleine-woonkamer", "Een kleine woonkamer groot maken"),
    ("/inspiratie/lichtplan", "In vijf stappen naar een lichtplan"),
    ("/inspiratie/kleuren-van-het-seizoen", "De kleuren van dit seizoen"),
    ("/inspiratie/gedekte-tafel", "Zo dek je een feestelijke tafel"),
    ("/inspiratie/opgeruimd-huis", "Een opgeruimd huis in een weekend"),
    ("/inspiratie/balkon", "Van balkon naar buitenkamer"),
    ("/inspiratie/slaapkamer", "Een slaapkamer die rust geeft"),
)
SERVICE_TERMS = (
    "openingstijden",
    "retourneren",
    "verzendkosten",
    "cadeaukaart",
    "folder",
    "garantie",
)
SUFFIXES = ("", "", "", " {colour}", " aanbieding", " goedkoop", " klein", " groot")


@dataclass(frozen=True)
class Site:
    """Pages by number, and search terms by number.

    Attributes:
        location, title: address and title of each page.
        category_page, product_page, service_page, article: first number of each kind of page.
        terms: what people type; `term_of` the terms that fit each product.
    """

    location: tuple[str, ...]
    title: tuple[str, ...]
    service_page: int
    article: int
    category_page: int
    product_page: int
    terms: tuple[str, ...]
    term_of: Ints

    @property
    def articles(self) -> int:
        return self.category_page - self.article

    @property
    def service_pages(self) -> int:
        return self.article - self.service_page


def site(products: Products) -> Site:
    """Number the pages and the search terms of the shop."""
    pages = [*FIXED, *SERVICE, *ARTICLES]
    category_page = len(pages)
    pages += [
        (f"/c/{slug}", name)
        for slug, name in zip(products.category_slugs, products.category_names, strict=True)
    ]
    product_page = len(pages)
    pages += [
        (f"/p/{handle}-{sku.lower()}", name)
        for handle, sku, name in zip(products.handle, products.sku, products.name, strict=True)
    ]
    terms, term_of = _terms(products)
    return Site(
        location=tuple(SITE + path for path, _ in pages),
        title=tuple(title for _, title in pages),
        service_page=len(FIXED),
        article=len(FIXED) + len(SERVICE),
        category_page=category_page,
        product_page=product_page,
        terms=terms,
        term_of=term_of,
    )


def _terms(products: Products) -> tuple[tuple[str, ...], Ints]:
    """Every product's terms: its noun, bare or with a word beside it."""
    number: dict[str, int] = {term: place for place, term in enumerate(SERVICE_TERMS)}
    rows = []
    for name, noun in zip(products.name, products.noun, strict=True):
        colour = name.rsplit(noun, 1)[-1].strip()
        words = [noun.split(" ")[0] + suffix.format(colour=colour) for suffix in SUFFIXES]
        rows.append([number.setdefault(word, len(number)) for word in words])
    return tuple(number), np.array(rows, dtype=np.int64)
