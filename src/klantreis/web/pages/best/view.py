"""Finds what the page of the best customers shows."""

from __future__ import annotations

from klantreis.web.page import NoQuery
from klantreis.web.pages.best.context import Aspect, BestPage, DifferenceShown
from klantreis.web.phases import phase_name, usual_model
from klantreis.words import translator
from klantreis.words.patterns import best_item_told, best_told
from klantreis.workspace import BestDifference, Workspace

__all__ = ["best"]

ASPECTS = ("purchase", "channel", "touchpoint", "path", "entry", "category", "page", "stop")


def best(workspace: Workspace, query: NoQuery) -> BestPage:
    """What the fifth who brought in most do differently from the other buyers."""
    published = workspace.reading.published
    assert published is not None
    found = _of_one_model(workspace.best.differences())
    customers, others = workspace.best.customers()
    aspects = [
        Aspect(aspect, tuple(_shown(one) for one in found if one.aspect == aspect))
        for aspect in ASPECTS
    ]
    return BestPage(
        as_of=published.as_of,
        customers=customers,
        others=others,
        compared=workspace.best.looked().compared,
        told=len(found),
        first=_shown(found[0]) if found else None,
        aspects=tuple(sorted(aspects, key=lambda one: not one.differences)),
    )


def _of_one_model(found: tuple[BestDifference, ...]) -> list[BestDifference]:
    """Stops in the usual phase model only: the others tell the same in other words."""
    models = sorted({one.item.split(".")[0] for one in found if one.aspect == "stop"})
    usual = usual_model(models)
    return [one for one in found if one.aspect != "stop" or one.item.startswith(f"{usual}.")]


def _shown(one: BestDifference) -> DifferenceShown:
    return DifferenceShown(
        item=one.item,
        name_nl=_name(one, "nl"),
        name_en=_name(one, "en"),
        told_nl=best_told(translator("nl"), one, _name(one, "nl")),
        told_en=best_told(translator("en"), one, _name(one, "en")),
        value=one.value,
        rest=one.rest,
        difference=one.difference,
        low=one.low,
        high=one.high,
        customers=one.customers,
        rest_customers=one.rest_customers,
    )


def _name(one: BestDifference, language: str) -> str:
    if one.aspect == "stop":
        model, phase = one.item.split(".", 1)
        return phase_name(model, phase, language)
    return best_item_told(translator(language), one)
