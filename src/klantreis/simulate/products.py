"""The assortment: products made from a grammar, and what each type of customer takes from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from klantreis.simulate.draws import Choice, Floats, Ints, stream
from klantreis.simulate.kinds import kinds
from klantreis.simulate.reference import toml

__all__ = ["Products", "assortment"]


@dataclass(frozen=True)
class Products:
    """One entry a product; `taste` draws a product for type x month of the year x category.

    Attributes:
        companion: the product that is often bought with it.
        price: normal price in cents; `cost` what it costs the shop.
        popularity: relative demand before price and season.
    """

    sku: tuple[str, ...]
    name: tuple[str, ...]
    noun: tuple[str, ...]
    brand: tuple[str, ...]
    handle: tuple[str, ...]
    category: Ints
    companion: Ints
    price: Ints
    cost: Ints
    popularity: Floats
    noun_en: tuple[str, ...]
    category_names: tuple[str, ...]
    category_slugs: tuple[str, ...]
    category_choice: Choice
    product_choice: Choice

    def __len__(self) -> int:
        return len(self.sku)

    def categories(self, rng: np.random.Generator, types: Ints, months: Ints) -> Ints:
        """The category of a need, by type of customer and month of the year (0 to 11)."""
        return self.category_choice.draw(rng, types * 12 + months)

    def wanted(self, rng: np.random.Generator, types: Ints, categories: Ints) -> Ints:
        """A product of the category to the taste and purse of the type."""
        return self.product_choice.draw(rng, types * len(self.category_names) + categories)


def assortment(seed: int) -> Products:
    """Make the products of a shop; the same seed gives the same assortment."""
    rng = stream(seed, 1, 1)
    grammar = toml("products")
    categories, per_category = grammar["category"], int(grammar["per_category"])
    made: list[tuple[str, str, str, int, float]] = []
    for number, category in enumerate(categories):
        for place in range(per_category):
            noun, base, _ = category["nouns"][place % len(category["nouns"])]
            colour = category["colours"][(place // len(category["nouns"])) % 5]
            brand = category["brands"][int(rng.integers(len(category["brands"])))]
            series = grammar["series"][int(rng.integers(len(grammar["series"])))]
            made.append(
                (
                    f"{brand} {series} {noun} {colour}",
                    noun,
                    brand,
                    number,
                    base * rng.lognormal(0, 0.25),
                )
            )
    category_of = np.array([row[3] for row in made])
    price = _shelf_prices(np.array([row[4] for row in made]))
    popularity = _popularity(rng, category_of)
    return Products(
        sku=tuple(f"HH-{10_000 + 7 * place}" for place in range(len(made))),
        name=tuple(row[0] for row in made),
        noun=tuple(row[1] for row in made),
        brand=tuple(row[2] for row in made),
        handle=tuple(_handle(row[0]) for row in made),
        category=category_of,
        companion=_companions(rng, category_of, categories),
        price=price,
        cost=(price / 1.21 * rng.uniform(0.42, 0.62, len(made))).astype(np.int64),
        popularity=popularity,
        noun_en=_english(categories, [row[1] for row in made]),
        category_names=tuple(row["name"] for row in categories),
        category_slugs=tuple(row["slug"] for row in categories),
        category_choice=_category_choice(categories),
        product_choice=_product_choice(category_of, price, popularity),
    )


def _shelf_prices(prices: Floats) -> Ints:
    """Prices as shops write them: 7.49, 24.95, 149.00."""
    cents = np.where(
        prices < 10,
        np.round(prices * 2) * 50 - 1,
        np.where(prices < 100, np.round(prices) * 100 - 5, np.round(prices / 5) * 500 - 100),
    )
    return np.maximum(cents, 199).astype(np.int64)


def _popularity(rng: np.random.Generator, category: Ints) -> Floats:
    popularity = np.zeros(len(category))
    for number in range(int(category.max()) + 1):
        places = np.flatnonzero(category == number)
        popularity[rng.permutation(places)] = 1 / (np.arange(len(places)) + 3.0)
    return popularity


def _companions(rng: np.random.Generator, category: Ints, categories: list[dict[str, Any]]) -> Ints:
    slugs = [row["slug"] for row in categories]
    beside = np.array([slugs.index(row["beside"]) for row in categories])[category]
    members = [np.flatnonzero(category == number) for number in range(len(slugs))]
    return np.array([int(rng.choice(members[number])) for number in beside])


def _category_choice(categories: list[dict[str, Any]]) -> Choice:
    season = np.array([row["season"] for row in categories], dtype=np.float64)  # category x month
    taste = kinds().categories  # type x category
    return Choice((taste[:, None, :] * season.T[None, :, :]).reshape(-1, len(categories)))


def _product_choice(category: Ints, price: Ints, popularity: Floats) -> Choice:
    """Price-sensitive types choose the cheaper products of a category, others hardly look."""
    count = int(category.max()) + 1
    relative = np.zeros(len(price))
    for number in range(count):
        inside = category == number
        relative[inside] = np.log(price[inside]) - np.log(price[inside]).mean()
    rows = [
        popularity * np.exp(-0.45 * (sensitivity - 0.6) * relative) * (category == number)
        for sensitivity in kinds().price_sensitivity
        for number in range(count)
    ]
    return Choice(rows)


def _english(categories: list[dict[str, Any]], nouns: list[str]) -> tuple[str, ...]:
    names = {noun: english for row in categories for noun, _, english in row["nouns"]}
    return tuple(names[noun] for noun in nouns)


def _handle(name: str) -> str:
    plain = name.lower().replace("è", "e").replace("ë", "e").replace("&", "en")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
