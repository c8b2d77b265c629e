"""A letter as an editor writes it, and what becomes of it for one customer.

Texts are Jinja2 in a sandbox: `{{ first_name }}`, `{% if city %} ... {% endif %}`. The layout is
MJML, so that every mail program shows it well; the plain text says the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

import mrml
from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from klantreis.errors import FieldError, InputError, message

__all__ = ["Letter", "Rendered", "check_letter", "render"]

LONGEST = 20_000
FOOTERS: Mapping[str, tuple[str, str]] = {
    "nl": ("U krijgt deze mail omdat u klant bent van {shop}.", "Afmelden"),
    "en": ("You receive this mail as a customer of {shop}.", "Unsubscribe"),
}


@dataclass(frozen=True)
class Letter:
    """A mail in one language.

    Attributes:
        subject: subject line.
        text: paragraphs, with an empty line between them.
        preview: what mail programs show beside the subject.
        button, link: words on the button and where it leads; no button when either is empty.
    """

    subject: str
    text: str
    preview: str = ""
    button: str = ""
    link: str = ""


@dataclass(frozen=True)
class Rendered:
    """A letter for one customer."""

    subject: str
    html: str
    text: str


def check_letter(letter: Letter, names: tuple[str, ...]) -> None:
    """Refuse a letter that could not be rendered for everyone.

    Args:
        letter: as an editor wrote it.
        names: what it may speak of, as `first_name`.

    Raises:
        FieldError: no valid template, an unknown name, or no subject or text; says which field.
    """
    for field in fields(letter):
        text = getattr(letter, field.name)
        if field.name in ("subject", "text") and not text.strip():
            told = message("A letter lacks a part", where=field.name, allowed="a text")
            raise FieldError(field.name, told, "''", "a text")
        try:
            unknown = meta.find_undeclared_variables(_sandbox().parse(text)) - set(names)
        except TemplateError as error:
            told = message("Not a valid template", where=field.name, got=str(error))
            raise FieldError(field.name, told, str(error)) from error
        if unknown or len(text) > LONGEST:
            got = ", ".join(sorted(unknown)) or f"{len(text)} characters"
            told = message(
                "A letter speaks of what it cannot know",
                where=field.name,
                got=got,
                allowed=", ".join(names),
            )
            raise FieldError(field.name, told, got, ", ".join(names))


def render(
    letter: Letter,
    values: Mapping[str, Any],
    *,
    shop: str,
    language: str,
    unsubscribe_url: str = "",
) -> Rendered:
    """Write a letter to one customer.

    Args:
        letter: checked by `check_letter`.
        values: what it may speak of; all texts are escaped where they become HTML.
        shop: name of the sender.
        language: `nl` or `en`; of the footer.
        unsubscribe_url: empty for a service message.

    Raises:
        InputError: the template fails on these values.
    """
    filled = {field.name: _filled(getattr(letter, field.name), values) for field in fields(letter)}
    paragraphs = [part.strip() for part in filled["text"].split("\n\n") if part.strip()]
    footer, unsubscribe = FOOTERS.get(language, FOOTERS["en"])
    layout = _layout().render(
        preview=filled["preview"] or paragraphs[0][:120],
        paragraphs=paragraphs,
        button=filled["button"] if filled["link"] else "",
        link=filled["link"],
        shop=shop,
        footer=footer.format(shop=shop),
        unsubscribe=unsubscribe if unsubscribe_url else "",
        unsubscribe_url=unsubscribe_url,
        language=language,
    )
    plain = [*paragraphs]
    if filled["button"] and filled["link"]:
        plain.append(f"{filled['button']}: {filled['link']}")
    plain.append(f"-- \n{footer.format(shop=shop)}")
    if unsubscribe_url:
        plain[-1] += f"\n{unsubscribe}: {unsubscribe_url}"
    html = mrml.to_html(layout).content.replace('lang="und"', f'lang="{escape(language)}"', 1)
    return Rendered(" ".join(filled["subject"].split()), html, "\n\n".join(plain) + "\n")


def _filled(text: str, values: Mapping[str, Any]) -> str:
    try:
        return _sandbox().from_string(text).render(**values)
    except (TemplateError, TypeError, ValueError, ArithmeticError, MemoryError) as error:
        raise InputError(message("A letter cannot be written", got=str(error))) from error


@cache
def _sandbox() -> ImmutableSandboxedEnvironment:
    # Autoescape is off: these are plain texts. The layout escapes them where they become HTML.
    return ImmutableSandboxedEnvironment(autoescape=False, undefined=StrictUndefined)


@cache
def _layout() -> Any:
    source = files("klantreis.channels").joinpath("email", "layout.mjml").read_text("utf-8")
    environment = ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.from_string(source)
