"""What text files look like is recognised."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.errors import UnreadableFileError
from klantreis.sources.reading.dialect import (
    decimal_sign,
    decoded,
    file_bytes,
    header,
    separator_of,
    unique_names,
)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("Zoë;1\n".encode(), "UTF-8"),
        ("\ufeffZoë;1\n".encode(), "UTF-8 (BOM)"),
        ("\ufeffZoë;1\n".encode("utf-16-le"), "UTF-16"),
        ("\ufeffZoë;1\n".encode("utf-16-be"), "UTF-16"),
        ("Zoë;1\n".encode("cp1252"), "Windows-1252"),
        ("€ 5;Zoë\n".encode("cp1252"), "Windows-1252"),
    ],
)
def test_encodings_are_recognised(content: bytes, encoding: str) -> None:
    text, name = decoded(content)
    assert name == encoding
    assert "Zoë" in text.decode()
    assert "\ufeff" not in text.decode()


# A nought at every other place is how UTF-16 without a mark shows.
@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff\0")))
def test_any_unicode_text_comes_back(text: str) -> None:
    assert decoded(text.encode())[0].decode() == text


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("a;b;c\n1,5;2,5;3,5\n", ";"),
        ('a,b,c\n"1;2;3;4;5",2,3\n', ","),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("alone\n1\n", ";"),
        ("", ";"),
    ],
)
def test_separators_are_recognised(text: str, separator: str) -> None:
    assert separator_of(text) == separator


@pytest.mark.parametrize(
    ("values", "sign"),
    [
        (["1.234,56", "12,5"], ","),
        (["1,234.56", "12.5"], "."),
        (["€ 12,95", None, "7"], ","),
        (["1.234", "5.678"], "?"),  # thousands or thousandths: the values do not tell
        (["12", "n.v.t."], "?"),
        ([], "?"),
    ],
)
def test_decimal_signs_are_recognised(values: list[str | None], sign: str) -> None:
    assert decimal_sign([pa.array(values, pa.string())], "?") == sign


def test_column_names_are_unique_and_without_needless_blanks() -> None:
    assert unique_names([" Price ", "Price", "", "Price", "Net\nprice"]) == [
        "Price",
        "Price (2)",
        "column 3",
        "Price (3)",
        "Net price",
    ]


def test_a_heading_may_be_quoted_and_run_over_lines() -> None:
    assert header('\n"Wat vindt u\nvan ons; eerlijk?";Naam\n1;2\n', ";") == [
        "Wat vindt u van ons; eerlijk?",
        "Naam",
    ]


def test_zipped_files_are_unpacked_and_broken_ones_named(tmp_path: Path) -> None:
    whole = tmp_path / "a.csv.gz"
    whole.write_bytes(gzip.compress(b"a;b\n1;2\n"))
    assert file_bytes(whole) == b"a;b\n1;2\n"
    whole.write_bytes(gzip.compress(b"a;b\n1;2\n" * 1000)[:30])
    with pytest.raises(UnreadableFileError, match=r"a\.csv\.gz"):
        file_bytes(whole)
