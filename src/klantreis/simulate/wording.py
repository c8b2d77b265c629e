"""Turn voices into rows with their words: the only place that goes row by row, for texts alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from klantreis.simulate.clock import DAY
from klantreis.simulate.draws import Ints, stream
from klantreis.simulate.kinds import kinds
from klantreis.simulate.lives import Lives
from klantreis.simulate.mailings import MONTHS
from klantreis.simulate.market import Market
from klantreis.simulate.people import LANGUAGES
from klantreis.simulate.reference import rows, toml
from klantreis.simulate.texts import write
from klantreis.simulate.voices import SURVEY, TOPICS, several, survey_scores

__all__ = ["QUESTIONS", "worded"]

QUESTIONS = {"sources": 4, "topics": 3, "reasons": 3, "planned": 1}  # boxes ticked at most
WEEKDAYS = ("donderdag", "vrijdag", "zaterdag", "zondag", "maandag", "dinsdag", "woensdag")
WEEKDAYS_EN = ("Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday")
MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
PAYMENTS = ("iDEAL", "Klarna", "creditcard", "PayPal", "Bancontact", "een cadeaukaart")
REMARKS = 0.42  # part of the surveys in which the open question is answered


def worded(
    market: Market, chunk: int, lives: Lives
) -> dict[str, npt.NDArray[np.generic] | pa.Array]:
    """Texts and answers for every voice of a chunk, in the order of the voices."""
    rng = stream(market.plan.seed, 11, chunk)
    voices = lives.voices
    seeds = rng.integers(0, 2**63, len(voices))
    texts = [_text(market, lives, place, int(seed)) for place, seed in enumerate(seeds)]
    silent = (voices.where == SURVEY) & (rng.random(len(voices)) >= REMARKS)
    bodies = ["" if hushed else body for (_, body), hushed in zip(texts, silent, strict=True)]
    nps, csat, ease = survey_scores(rng, voices.feeling)
    return {
        "subject": pa.array([subject for subject, _ in texts], pa.string()),
        "body": pa.array(bodies, pa.string()),
        "nps": nps,
        "csat": csat,
        "ease": ease,
        **_answers(rng, lives.journeys.kind[voices.journey]),
    }


def _text(market: Market, lives: Lives, place: int, seed: int) -> tuple[str, str]:
    voices, people = lives.voices, lives.people
    language = LANGUAGES[people.language[voices.human[place]]]
    slots = _slots(market, lives, place, seed)
    return write(language, TOPICS[voices.topic[place]], int(voices.emotion[place]), seed, slots)


def _slots(market: Market, lives: Lives, place: int, seed: int) -> dict[str, str]:
    """What the grammar's braces stand for; the order's number is only known at the end."""
    voices, people, products = lives.voices, lives.people, market.products
    human, product = int(voices.human[place]), int(voices.product[place])
    purchase, said = int(voices.purchase[place]), int(voices.at[place])
    since = int(lives.purchases.at[purchase]) if purchase >= 0 else said - 3 * DAY
    day, days = since // DAY, max((said - since) // DAY, 2)
    category = toml("products")["category"][products.category[product]]
    series = " ".join(products.name[product].split(products.noun[product])[0].split())
    dutch = people.language[human] == 0
    amount = (
        int(lives.purchases.subtotal[purchase]) if purchase >= 0 else int(products.price[product])
    )
    return {
        "product": products.name[product],
        "product_en": f"the {series} {products.noun_en[product]}",
        "noun": products.noun[product].split(" ")[0],
        "noun_en": products.noun_en[product],
        "days": str(days),
        "weeks": str(max(days // 7, 2 + seed % 5)),
        "day": _day(day, seed, dutch=dutch),
        "town": market.store_towns[people.store[human]],
        "name": rows("first_names")[people.first[human]]["name"],
        "category": products.category_names[products.category[product]].lower(),
        "amount": f"{amount / 100:.2f}".replace(".", ",") if dutch else f"{amount / 100:.2f}",
        "method": PAYMENTS[seed // 7 % len(PAYMENTS)],
        "room": category["room"],
        "room_en": category["room_en"],
    }


def _day(day: int, seed: int, *, dutch: bool) -> str:
    if seed % 3 == 0:
        return (WEEKDAYS if dutch else WEEKDAYS_EN)[day % 7]
    date = np.datetime64(day, "D").astype(object)
    month = (MONTHS if dutch else MONTHS_EN)[date.month - 1]
    return f"{date.day} {month}"


def _answers(rng: np.random.Generator, kind: Ints) -> dict[str, Ints]:
    """Boxes ticked by type of customer, as bits in the order of the options."""
    needs = toml("survey")["need"]
    answers = {}
    for question, most in QUESTIONS.items():
        weights = np.array([needs[need][question] for need in kinds().needs], dtype=np.float64)
        answers[question] = several(rng, weights, kind, most)
    return answers
