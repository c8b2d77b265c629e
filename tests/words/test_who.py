from __future__ import annotations

import pytest

from klantreis.identity.lookup import FoundCustomer, Other
from klantreis.words import translator
from klantreis.words.who import found_told, other_told

DUTCH, ENGLISH = translator("nl"), translator("en")


@pytest.mark.parametrize(
    ("found", "dutch", "english"),
    [
        (FoundCustomer(), "Niemand die we kennen", "Nobody whom we know"),
        (
            FoundCustomer(12, "match", "email"),
            "Klant 12, gevonden op e-mailadres",
            "Customer 12, by e-mail address",
        ),
        (
            FoundCustomer(12, "match", "matched", 0.984),
            "Klant 12, gevonden op naam en adres, 98,4% kans",
            "Customer 12, by name and address, 98.4% likely",
        ),
        (
            FoundCustomer(12, "doubtful", "matched", 0.503),
            "Misschien klant 12, op naam en adres, 50,3% kans",
            "Perhaps customer 12, by name and address, 50.3% likely",
        ),
    ],
)
def test_which_customer_a_record_is_is_told_as_surely_as_it_is(
    found: FoundCustomer, dutch: str, english: str
) -> None:
    assert found_told(DUTCH, found) == dutch
    assert found_told(ENGLISH, found) == english


def test_no_probability_is_told_as_certain() -> None:
    found = FoundCustomer(12, "match", "matched", 0.9999999)
    assert found_told(ENGLISH, found) == "Customer 12, by name and address, > 99.9% likely"


def test_who_else_it_may_be_and_who_it_cannot_be() -> None:
    assert other_told(DUTCH, Other(3, 0.12)) == "Het kan ook klant 3 zijn, 12,0% kans"
    assert other_told(ENGLISH, Other(3, None)) == "It may be customer 3 too"
    told = other_told(ENGLISH, Other(3, None, "conflict"))
    assert told == "Not customer 3, though alike: they contradict each other"
