"""Messages of the rooms below, in the reader's language."""

from __future__ import annotations

import pytest

from klantreis.errors import message
from klantreis.words import translator
from klantreis.words.problems import part_told, problem_told

DUTCH, ENGLISH = translator("nl"), translator("en")


def test_a_whole_message_is_told_with_its_numbers() -> None:
    told = message(
        "The zip file cannot be read",
        where="a.zip",
        got="3,000,000 bytes when unpacked",
        allowed="at most 1,048,576 bytes",
        next_step="export it again, or unpack it yourself",
    )
    assert problem_told(DUTCH, told.parts) == (
        "Het zipbestand is niet te lezen (a.zip): gevonden: 3.000.000 bytes na uitpakken; toegestaan:"
        " hoogstens 1.048.576 bytes. Exporteer het opnieuw, of pak het zelf uit."
    )
    assert problem_told(ENGLISH, told.parts).startswith("The zip file cannot be read (a.zip): got")


@pytest.mark.parametrize(
    ("part", "dutch"),
    [
        ("1 values", "1 waarde"),
        ("2 values", "2 waarden"),
        ("1,234 files", "1.234 bestanden"),
        ("a file with columns a, b", "een bestand met kolommen a, b"),
        ("what nobody knows", "what nobody knows"),
        ("source a and b of c to d", "bron a and b of c to d"),
        ("1 to 5", "1 to 5"),
        ("", ""),
    ],
)
def test_a_part_is_told_and_what_is_not_known_stays(part: str, dutch: str) -> None:
    assert part_told(DUTCH, part) == dutch


def test_a_message_without_parts_is_one_sentence() -> None:
    assert problem_told(DUTCH, ("Zo kan het niet", "", "", "", "")) == "Zo kan het niet."
