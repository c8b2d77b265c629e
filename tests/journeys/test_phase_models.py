from __future__ import annotations

from pathlib import Path

import pytest

from klantreis.errors import SettingsError
from klantreis.journeys import phase_models, read_phase_model
from klantreis.journeys.phase_models import (
    AWARENESS_TO_ADVOCACY,
    INSPIRATION_TO_FEEDBACK,
    SEE_THINK_DO_CARE,
)
from klantreis.testing.phase_models import PhaseModelContract

GOOD = """\
id = "two"
name.nl = "Twee"
name.en = "Two"
[[phases]]
id = "look"
name = { nl = "Kijken", en = "Look" }
description = { nl = "Kijkt.", en = "Looks." }
[[phases]]
id = "buy"
name = { nl = "Kopen", en = "Buy" }
description = { nl = "Koopt.", en = "Buys." }
[[rules]]
phase = "buy"
events = ["purchase"]
[[rules]]
phase = "look"
"""


class TestSeeThinkDoCare(PhaseModelContract):
    model = SEE_THINK_DO_CARE


class TestAwarenessToAdvocacy(PhaseModelContract):
    model = AWARENESS_TO_ADVOCACY


class TestInspirationToFeedback(PhaseModelContract):
    model = INSPIRATION_TO_FEEDBACK


def test_the_three_models_of_the_product_are_there() -> None:
    assert {model.id: model.phase_ids for model in phase_models()} == {
        "awareness_to_advocacy": (
            "awareness",
            "consideration",
            "purchase",
            "retention",
            "advocacy",
        ),
        "inspiration_to_feedback": ("inspiration", "orientation", "purchase", "feedback"),
        "see_think_do_care": ("see", "think", "do", "care"),
    }


def test_a_model_of_ones_own_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "two.toml"
    file.write_text(GOOD, encoding="utf-8")
    model = read_phase_model(file)
    assert model.phase_ids == ("look", "buy")
    assert model.phases[0].name == {"nl": "Kijken", "en": "Look"}
    assert [rule.phase for rule in model.rules] == ["buy", "look"]


@pytest.mark.parametrize(
    ("good", "bad", "message"),
    [
        ('id = "two"', "id = two", "Not a readable TOML file"),
        ('id = "two"', 'id = "Two words"', "Wrong id in id"),
        ('id = "two"', 'id = "two"\ncolour = "red"', "Unknown name in the model .*'colour'"),
        ('name.en = "Two"', "", "Text is lacking in name"),
        ('en = "Look"', 'de = "Schauen"', "Text is lacking in name of phase look"),
        ('id = "buy"', 'id = "look"', "Wrong phases"),
        ('id = "look"', 'id = "start"', "Wrong phases"),
        ('phase = "buy"', 'phase = "bye"', "Unknown name in phase in .*'bye'"),
        ('phase = "buy"', 'phase = "look"', "Phase without a rule .*buy"),
        ('events = ["purchase"]', "", "Rules are not complete"),
        ('phase = "look"\n', 'phase = "look"\nentry = true\n', "Rules are not complete"),
        ('events = ["purchase"]', 'events = "purchase"', "Wrong kind of value in events"),
        ('events = ["purchase"]', 'moments = ["during"]', "Unknown name in moments"),
        ('events = ["purchase"]', 'roles = ["hero"]', "Unknown name in roles"),
        ('events = ["purchase"]', 'entry = "yes"', "Wrong kind of value in entry"),
        ("[[rules]]", "[[ruels]]", "Unknown name in the model"),
    ],
)
def test_a_faulty_model_is_refused_with_the_place_of_the_fault(
    tmp_path: Path, good: str, bad: str, message: str
) -> None:
    file = tmp_path / "two.toml"
    assert good in GOOD
    file.write_text(GOOD.replace(good, bad), encoding="utf-8")
    with pytest.raises(SettingsError, match=message) as refused:
        read_phase_model(file)
    assert str(file) in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Not a readable TOML file"):
        read_phase_model(tmp_path / "absent.toml")
