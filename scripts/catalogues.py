"""Bring the catalogues up to date with the texts in the source: `python scripts/catalogues.py`.

New texts appear with an empty translation, which a test then names; texts no longer used go.
English needs words for codes only: its other texts are the source itself.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from error_texts import error_texts

from klantreis.web.pages.audiences.meanings import MEANINGS
from klantreis.words.codes import codes
from klantreis.words.problems import PUT_TOGETHER

SOURCE = Path(__file__).parent.parent / "src" / "klantreis"
FOLDER = SOURCE / "words" / "catalogues"
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
# A fixed date in the header: a catalogue only changes when its words do.
DATED = datetime(2026, 1, 1, tzinfo=UTC)
# `text` and `plural` are the methods of Translator, the others are those of the templates.
KEYWORDS = {"_": None, "gettext": None, "text": None, "ngettext": (1, 2), "plural": (1, 2)}
OPTIONS = {"**.html": {"newstyle_gettext": "true", "trimmed": "true"}}


def wanted(language: str) -> Catalog:
    """A catalogue with everything that a language has to say, still without translations."""
    catalogue = Catalog(
        locale=language,
        header_comment="# Words of Klantreis; see scripts/catalogues.py.",
        project="Klantreis",
        version="1",
        copyright_holder="the authors of Klantreis",
        msgid_bugs_address="-",
        creation_date=DATED,
        revision_date=DATED,
        last_translator="-",
        language_team="-",
        fuzzy=False,
    )
    if language != "en":
        for room in ("cli", "web", "words", "charts"):
            found = extract_from_dir(
                SOURCE / room, METHODS, OPTIONS, KEYWORDS, callback=None, comment_tags=()
            )
            for file, _, text, _, context in found:
                catalogue.add(text, locations=[(f"{room}/{file}", 0)], context=context)
        for text, file in error_texts(SOURCE):
            catalogue.add(text, locations=[(file, 0)], context="problem")
        for text in PUT_TOGETHER:
            catalogue.add(text, context="problem")
        for meaning in MEANINGS.values():
            catalogue.add(meaning, context="meaning")
    for context, names in codes().items():
        for name in names:
            catalogue.add(name, context=context)
    return catalogue


def main() -> None:
    """Rewrite the catalogues in place."""
    for language in ("nl", "en"):
        file = FOLDER / f"{language}.po"
        held = Catalog(locale=language)
        if file.exists():
            with file.open("rb") as opened:
                held = read_po(opened, locale=language)
        fresh = wanted(language)
        for message in fresh:
            known = held.get(message.id, message.context) if message.id else None
            if known is not None:
                message.string = known.string
        with file.open("wb") as opened:
            write_po(
                opened, fresh, width=100, sort_output=True, omit_header=False,
                include_lineno=False, ignore_obsolete=True,
            )  # fmt: skip


if __name__ == "__main__":
    main()
