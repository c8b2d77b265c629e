"""Texts as HTML writes them, read as the standard library does."""

from __future__ import annotations

import html
import json
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantreis.sources.magento import source as magento
from klantreis.sources.reading.entities import NAMES, unescaped
from klantreis.sources.woocommerce import source as woocommerce
from tests.sources.files import SAMPLES, export_file, rows_of, taken, written

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


def test_names_of_magento_are_read_and_its_numbers_are_not(tmp_path: Path) -> None:
    document = json.loads((SAMPLES / "magento" / "orders_2026-01.json").read_text("utf-8"))
    order = document["items"][0]
    order["customer_firstname"], order["customer_lastname"] = "&quot;Anna&quot;", "O&#039;Neil"
    order["items"][0] |= {"name": "Peper &amp; zout", "sku": "A&amp;B"}
    document["items"] = [order]
    file = written(tmp_path / "magento" / "orders.json", json.dumps(document))
    rows = rows_of(taken(magento, [export_file(file, "magento")], tmp_path / "parts"))
    person, line = rows["persons"][0], rows["order_lines"][0]
    assert (person["first_name"], person["last_name"]) == ('"Anna"', "O'Neil")
    assert (line["product_name"], line["product_id"]) == ("Peper & zout", "A&amp;B")


def test_products_of_woocommerce_are_called_as_people_read_them(tmp_path: Path) -> None:
    products = json.loads((SAMPLES / "woocommerce" / "products.json").read_text("utf-8"))
    products[0]["name"] = "Peper &amp; zout &#8211; set"
    products[0]["categories"] = [{"id": 1, "name": "Koken &amp; tafelen", "slug": "koken"}]
    file = written(tmp_path / "woocommerce" / "products.json", json.dumps(products[:1]))
    rows = rows_of(taken(woocommerce, [export_file(file, "woocommerce")], tmp_path / "parts"))
    product = rows["products"][0]
    assert product["name"] == "Peper & zout \u2013 set"
    assert product["category"] == "Koken & tafelen"
