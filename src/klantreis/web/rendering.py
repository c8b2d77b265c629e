"""From a page's context to HTML in the reader's language."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from urllib.parse import urlencode

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from klantreis.web.channels import CHANNEL_ICONS, ON_SCREEN
from klantreis.web.marks import icon
from klantreis.web.phases import model_name, phase_description, phase_name
from klantreis.words import Translator, translator
from klantreis.words.problems import problem_told
from klantreis.words.strangers import nobody_has
from klantreis.words.who import bits, decision_told, match_told, obstacle_told, tie_told
from klantreis.words.worth import accuracy_told, off_told

__all__ = ["address", "asset", "environment"]


@cache
def environment(language: str, time_zone: str) -> Environment:
    """The templates, bound to one language and time zone."""
    words = translator(language, time_zone)
    templates = Environment(
        loader=ChoiceLoader(
            [
                PackageLoader("klantreis.web", "templates"),
                PackageLoader("klantreis.web", "pages"),
            ]
        ),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    _install_words(templates, words)
    templates.globals.update(
        words=words,
        language=language,
        icon=icon,
        asset=asset,
        address=address,
        channel_icons=CHANNEL_ICONS,
        on_screen=ON_SCREEN,
        model_name=lambda model: model_name(model, language),
        phase_name=lambda model, phase: phase_name(model, phase, language),
        phase_description=lambda model, phase: phase_description(model, phase, language),
    )
    return templates


def _install_words(templates: Environment, words: Translator) -> None:
    catalogue = words.catalogue
    install = templates.install_gettext_callables  # type: ignore[attr-defined]  # i18n brings it
    install(catalogue.gettext, catalogue.ngettext, newstyle=True, pgettext=catalogue.pgettext)
    templates.filters.update(
        number=words.number,
        money=words.money,
        percent=words.percent,
        day=words.day,
        moment=words.moment,
        clock=words.time,
        weekday=words.weekday,
        duration=words.duration,
        units=words.units,
        of_file=words.of_file,
        allowed=words.allowed,
        meaning=words.meaning,
        code=lambda code, context: words.code(context, code),
        tie=lambda tie: tie_told(words, tie),
        obstacle=lambda obstacle: obstacle_told(words, obstacle),
        match=lambda match: match_told(words, match),
        decision=lambda decision: decision_told(words, decision),
        accuracy=lambda one: accuracy_told(words, one),
        off=lambda one: off_told(words, one.item, one.gap),
        problem=lambda parts: problem_told(words, parts),
        bits=lambda weight: bits(words, weight),
        nobody_has=lambda one: nobody_has(words, one.asked, one.kind, one.name, one.known),
    )


def address(path: str, **query: object) -> str:
    """An address with the query parameters that are not empty.

    >>> address("/customers", q="de vries", page=1, segment="")
    '/customers?q=de+vries'
    """
    kept = {
        key: value
        for key, value in query.items()
        if value not in ("", None, False) and (key, value) != ("page", 1)
    }
    return f"{path}?{urlencode(kept)}" if kept else path


@cache
def asset(name: str) -> str:
    """Address of a static file; changes with its content, so that it may be kept for ever."""
    content = files("klantreis.web").joinpath("static", name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"
