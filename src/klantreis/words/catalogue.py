"""Reading a catalogue: the .po file itself is what runs, so there is nothing to compile."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

__all__ = ["read_catalogue", "sources_of"]

EVERY_TEXT = "nl"  # English needs words for codes only: its other texts are the source itself


@cache
def read_catalogue(language: str) -> Translations:
    """The catalogue of a language, read once in the life of the process (about 20 ms)."""
    source = files("klantreis.words").joinpath("catalogues", f"{language}.po")
    with source.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


@cache
def sources_of(context: str) -> tuple[str, ...]:
    """The texts of a context, as they stand in the source."""
    before = context + "\x04"  # as gettext keeps a context
    known = read_catalogue(EVERY_TEXT)._catalog
    return tuple(
        source.removeprefix(before)
        for source in known
        if isinstance(source, str) and source.startswith(before)
    )
