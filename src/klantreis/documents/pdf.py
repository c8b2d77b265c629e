"""HTML to PDF with WeasyPrint, in our typeface and colours."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from importlib.resources import files
from typing import Literal

from klantreis.charts import palette
from klantreis.errors import MissingExtraError, message

__all__ = ["Paper", "pdf"]

Paper = Literal["A4", "A4 landscape", "A3", "A3 landscape"]

PALETTE = (
    "GROUND",
    "CARD",
    "INK",
    "MUTED",
    "LINE",
    "BRAND",
    "BRAND_SOFT",
    "OFFLINE",
    "POSITIVE",
    "NEGATIVE",
    "SKY",
    "ROSE",
    "MINT",
    "AMBER",
    "VIOLET",
)


def pdf(
    body: str, *, title: str, language: str, paper: Paper = "A4", style: str = "", footer: str = ""
) -> bytes:
    """Set a document on paper.

    Classes that the stylesheet knows: `card`, `columns`, `eyebrow`, `muted`, `pill`, `n` (numbers,
    to the right), `evidence`, `break` (starts a page). Colours are the variables of the pages, as
    `var(--brand)`. Drawings stand in the text as they are.

    Args:
        body: HTML inside `<body>`; what people typed must be escaped already.
        title: of the document, for readers and screen readers.
        language: `nl` or `en`.
        paper: size and position of the sheet.
        style: CSS of this document alone.
        footer: at the foot of each page, before the page number.

    Returns:
        The PDF, tagged for screen readers.

    Raises:
        MissingExtraError: the system's library for setting text is not there.
    """
    # WeasyPrint takes 0.4 s to load, so only when somebody prints.
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except OSError as error:
        raise MissingExtraError(
            message(
                "PDF files and pictures need Pango, which this machine does not have",
                got=str(error).splitlines()[0],
                next_step="apt-get install libpango-1.0-0 libpangoft2-1.0-0, or print from the browser",
            )
        ) from error

    page = _page(body, title, language, f"{_stylesheet()}{_sheet(paper, footer)}{style}")
    # Only what stands in the document itself: a typed address is never opened.
    inline_only = URLFetcher(allowed_protocols={"data"})
    document: bytes = HTML(string=page, url_fetcher=inline_only).write_pdf(pdf_tags=True)
    return document


def _page(body: str, title: str, language: str, style: str) -> str:
    from markupsafe import escape

    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body>{body}</body></html>"
    )


def _sheet(paper: Paper, footer: str) -> str:
    left = f'@bottom-left {{ content: "{_css_text(footer)}"; }}' if footer else ""
    return f'@page {{ size: {paper}; {left} @bottom-right {{ content: counter(page) " / " counter(pages); }} }}'


def _css_text(text: str) -> str:
    # Every letter but plain ones as its number: nothing that is typed can end the text.
    return "".join(c if c.isalnum() and c.isascii() else f"\\{ord(c):06x}" for c in text)


@cache
def _stylesheet() -> str:
    colours = "".join(
        f"--{name.lower().replace('_', '-')}: {getattr(palette, name)};" for name in PALETTE
    )
    font = files("klantreis").joinpath("web", "static", "inter-latin.woff2").read_bytes()
    face = (
        '@font-face { font-family: "Inter"; '
        f'src: url("data:font/woff2;base64,{b64encode(font).decode()}"); }}'
    )
    paper = files("klantreis.documents").joinpath("paper.css").read_text(encoding="utf-8")
    return f":root {{ {colours} }}{face}{paper}"
