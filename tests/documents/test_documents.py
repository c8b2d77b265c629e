"""Paper and slides: what goes in comes out, in our typeface, and nothing is fetched."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from threading import Thread

import pypdfium2
import pytest
from PIL import Image
from pptx import Presentation

from klantreis.documents import Deck, page_as_png, pdf, png
from klantreis.errors import InputError

SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#1d5f5b"/></svg>'


def words_of(document: bytes) -> str:
    opened = pypdfium2.PdfDocument(document)
    return "\n".join(page.get_textpage().get_text_range() for page in opened)


def fonts_of(document: bytes) -> set[str]:
    opened = pypdfium2.PdfDocument(document)
    return {
        found.get_font().get_family_name()
        for page in opened
        for found in page.get_objects()
        if found.type == pypdfium2.raw.FPDF_PAGEOBJ_TEXT
    }


def test_a_document_holds_its_words_on_the_paper_asked_for() -> None:
    made = pdf(
        "<h1>Wat wil de klant weten?</h1><p class='break'>€ 1.204 – één</p>",
        title="Persona",
        language="nl",
        paper="A3 landscape",
        footer='Huis & "Haard"',
    )
    opened = pypdfium2.PdfDocument(made)
    assert len(opened) == 2
    assert [round(side / 72 * 25.4) for side in opened[0].get_size()] == [420, 297]
    assert "Wat wil de klant weten?" in words_of(made)
    assert "€ 1.204 – één" in words_of(made)
    assert 'Huis & "Haard"' in words_of(made)
    assert fonts_of(made) == {"Inter"}
    assert opened.get_metadata_dict()["Title"] == "Persona"


def test_an_address_in_a_document_is_never_opened() -> None:
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        made = pdf(
            f'<img src="{address}/a.png"><img src="file:///etc/hostname"><p>kept</p>',
            title="",
            language="en",
            style=f'p {{ background: url("{address}/b.png") }}',
        )
        server.shutdown()
    assert asked == []
    assert "kept" in words_of(made)


def test_a_drawing_becomes_a_picture_of_its_size_and_colour() -> None:
    picture = Image.open(BytesIO(png(SQUARE, scale=3)))
    assert picture.size == (120, 60)
    assert picture.convert("RGB").getpixel((60, 30)) == (0x1D, 0x5F, 0x5B)


def test_a_drawing_without_a_size_is_refused() -> None:
    with pytest.raises(InputError, match="Not a drawing"):
        png("<svg></svg>")


def test_a_page_becomes_a_picture() -> None:
    made = pdf("<p>A</p><p class='break'>B</p>", title="", language="en")
    assert Image.open(BytesIO(page_as_png(made, page=1, scale=1))).size == (596, 842)


def test_a_deck_is_made_of_shapes_that_can_be_changed() -> None:
    deck = Deck("Persona", language="nl")
    slide = deck.slide("Zekerheid voor alles", eyebrow="gemeten, 1.204 klanten")
    slide.text(["eerste", "tweede"], 14, 40, 60, 20, fill="#e6f3ec")
    slide.table([["Fase", "Vragen"], ["Denken", "12"]], 14, 70, 100)
    slide.bars(["winkel", "webshop"], [0.6, 0.4], 120, 70, 100, 40, series="aandeel")
    slide.curve([(14, 120), (50, 110), (90, 130)])
    slide.dot(50, 110, 1.5)
    slide.drawing(SQUARE, 14, 140, 30, name="gezicht")
    slide.notes("zeg dit")
    opened = Presentation(BytesIO(deck.content()))
    shapes = list(opened.slides[0].shapes)
    texts = [shape.text_frame.text for shape in shapes if shape.has_text_frame]
    assert "Zekerheid voor alles" in texts
    assert "eerste\ntweede" in texts
    table = next(shape.table for shape in shapes if shape.has_table)
    assert [cell.text for cell in table.rows[1].cells] == ["Denken", "12"]
    chart = next(shape.chart for shape in shapes if shape.has_chart)
    assert list(chart.plots[0].series[0].values) == [0.6, 0.4]
    assert opened.slides[0].notes_slide.notes_text_frame.text == "zeg dit"
    assert opened.core_properties.title == "Persona"
