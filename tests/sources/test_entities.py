"""Texts as HTML writes them, read as the standard library does."""

from __future__ import annotations

import html

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantreis.sources.reading.entities import NAMES, unescaped

SQL = f"SELECT {unescaped('$1::VARCHAR')}"


def read(text: str | None) -> str | None:
    row = duckdb.execute(SQL, [text]).fetchone()
    assert row is not None
    return row[0]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("&quot;Anna&quot; O&#039;Neil", '"Anna" O\'Neil'),
        ("Jan &amp; Piet", "Jan & Piet"),
        ("Lamp &#8211; wit &#x2f; 40&nbsp;cm", "Lamp – wit / 40\u00a0cm"),
        ("Caf&eacute; &euro; 5", "Café € 5"),
        ("&amp;quot;", "&quot;"),  # once: a text may tell of an entity
        # No entities: they stay.
        ("Jan & Piet", "Jan & Piet"),
        ("AT&T; en H&M", "AT&T; en H&M"),
        ("&onbekend; &#0; &#9999999; &", "&onbekend; &#0; &#9999999; &"),
        ("", ""),
        (None, None),
    ],
)
def test_entities_become_the_signs_that_they_stand_for(
    written: str | None, meant: str | None
) -> None:
    assert read(written) == meant


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(NAMES),
            st.integers(160, 0xD7FF).map(lambda n: f"&#{n};"),
            st.integers(0xE000, 0xFDCF).map(lambda n: f"&#x{n:x};"),
            st.text(
                st.characters(exclude_characters="&\x00", exclude_categories=["Cs"]), max_size=5
            ),
        ),
        max_size=6,
    ).map("".join)
)
def test_what_is_read_is_what_the_standard_library_reads(text: str) -> None:
    assert read(text) == html.unescape(text)
