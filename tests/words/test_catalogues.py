from __future__ import annotations

import importlib.util
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from klantreis import registry
from klantreis.identity.comparing import FIELDS
from klantreis.segments import CHANNEL_SEGMENTS, DIVISIONS, RFM_GROUPS, TRAITS, VALUE_SEGMENTS
from klantreis.words import LOCALES
from klantreis.words.codes import SUBJECTS, codes

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "src" / "klantreis" / "words" / "catalogues"


def updating() -> ModuleType:
    loader = SourceFileLoader("catalogues", str(ROOT / "scripts" / "catalogues.py"))
    spec = importlib.util.spec_from_loader("catalogues", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(ROOT / "scripts"))  # as when it is run: it reads its neighbour
    try:
        loader.exec_module(module)
    finally:
        sys.path.remove(str(ROOT / "scripts"))
    return module


def held(language: str) -> Catalog:
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def keys(catalogue: Catalog) -> set[tuple[object, str | None]]:
    return {(message.id, message.context) for message in catalogue if message.id}


def translations(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


@pytest.mark.parametrize("language", LOCALES)
def test_a_catalogue_holds_every_text_of_the_pages_and_nothing_else(language: str) -> None:
    wanted = keys(updating().wanted(language))
    assert keys(held(language)) == wanted, "run python scripts/catalogues.py and translate"


@pytest.mark.parametrize("language", LOCALES)
def test_nothing_is_left_untranslated_not_even_a_plural(language: str) -> None:
    lacking = [
        message.id
        for message in held(language)
        if message.id and (message.fuzzy or not all(translations(message)))
    ]
    assert lacking == []


def test_a_translation_fills_in_the_same_values_as_its_source() -> None:
    for message in held("nl"):
        if message.id:
            assert not [str(error) for error in message.check()], message.id


@pytest.mark.parametrize("language", LOCALES)
def test_every_code_has_words(language: str) -> None:
    catalogue = held(language)
    for context, names in codes().items():
        for name in names:
            message = catalogue.get(name, context)
            assert message is not None, (context, name)
            assert message.string, (context, name)


def test_a_context_of_codes_is_of_one_subject() -> None:
    assert len(codes()) == sum(map(len, SUBJECTS))


def test_the_identity_room_and_the_catalogues_name_the_same_degrees_of_agreement() -> None:
    levels = {level.name for field in FIELDS for level in field.levels}
    assert set(codes()["match_level"]) == levels | {"other", "lacking"}


def test_the_segments_room_and_the_catalogues_name_the_same_groups() -> None:
    rfm = {group.name for group in RFM_GROUPS}
    divided = {name for names in DIVISIONS.values() for name in names}
    others = {*CHANNEL_SEGMENTS, *VALUE_SEGMENTS, *divided, "category_other", "category_unknown"}
    others.add("not_yet")
    assert set(codes()["segment"]) == rfm | others
    assert codes()["channel_segment"] == CHANNEL_SEGMENTS
    assert set(codes()["segment_meaning"]) == rfm
    named = {"rfm", "value", "channel", "category", *DIVISIONS}
    assert set(codes()["segmentation_meaning"]) == named
    assert codes()["trait"] == tuple(trait.name for trait in TRAITS)


@pytest.mark.parametrize("language", LOCALES)
def test_every_phase_model_names_itself_and_its_phases(language: str) -> None:
    for model in registry.load_all("phase_models").values():
        assert model.name[language]
        assert all(phase.name[language] for phase in model.phases)
