"""Names of phase models and phases; a model brings its own, in every language that it speaks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from klantreis import registry

__all__ = ["FIRST_CHOICE", "model_name", "phase_description", "phase_name", "usual_model"]

FIRST_CHOICE = "see_think_do_care"


def usual_model(models: Sequence[str]) -> str:
    """The usual model when it is there, otherwise the first; empty when there is none.

    >>> usual_model(["ours", "see_think_do_care"])
    'see_think_do_care'
    """
    if FIRST_CHOICE in models:
        return FIRST_CHOICE
    return models[0] if models else ""


def model_name(model: str, language: str) -> str:
    """Name of a phase model; its code when it is not installed here any more."""
    found = _models().get(model)
    return _in(found.name, language, model) if found else _readable(model)


def phase_name(model: str, phase: str, language: str) -> str:
    """Name of a phase."""
    found = _phase(model, phase)
    return _in(found.name, language, phase) if found else _readable(phase)


def phase_description(model: str, phase: str, language: str) -> str:
    """What a phase stands for; empty when the model does not say."""
    found = _phase(model, phase)
    return _in(found.description, language, "") if found else ""


@cache
def _models() -> dict[str, Any]:
    return {model.id: model for model in registry.load_all("phase_models").values()}


def _phase(model: str, phase: str) -> Any:
    found = _models().get(model)
    return next((one for one in found.phases if one.id == phase), None) if found else None


def _in(texts: Any, language: str, otherwise: str) -> str:
    return str(texts.get(language) or texts.get("en") or _readable(otherwise))


def _readable(code: str) -> str:
    return code.replace("_", " ")
