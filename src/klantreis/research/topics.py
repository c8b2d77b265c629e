"""The topic list: what statements can be about. It ships as data, and the owner changes it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from klantreis.errors import InputError, message
from klantreis.research.wording import LANGUAGES

__all__ = ["MOMENTS", "Topic", "asks", "checked_topic", "shipped_topics", "topic_list"]

FILE = Path(__file__).with_name("topics.toml")
MOMENTS = ("before", "purchase", "after")


@dataclass(frozen=True)
class Topic:
    """One topic.

    Attributes:
        id: small letters, digits and `_`.
        moment: where a statement belongs when nothing tells where the customer stood.
        name, description: by language (`nl`, `en`).
        keywords: words and phrases by language; `*` stands for any letters.
        is_problem: whether something went wrong, rather than a need that customers come with.
    """

    id: str
    moment: str
    name: Mapping[str, str]
    description: Mapping[str, str]
    keywords: Mapping[str, tuple[str, ...]]
    is_problem: bool = False


def topic_list(changes: Sequence[Mapping[str, Any]] = ()) -> tuple[Topic, ...]:
    """The topics in use: the shipped ones with the owner's changes laid over them.

    Args:
        changes: topics in the shape of `topics.toml`; with `is_removed` a topic is left out.
    """
    topics = {topic.id: topic for topic in shipped_topics()}
    for change in changes:
        if change.get("is_removed"):
            topics.pop(change["id"], None)
        else:
            topics[change["id"]] = checked_topic(change)
    return tuple(topics.values())


@cache
def shipped_topics() -> tuple[Topic, ...]:
    """The topics that come with the product."""
    return tuple(checked_topic(raw) for raw in _raw()["topics"])


@cache
def asks() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Words that tell what a survey's question asks after, by `question` or `need`, by language."""
    return {
        kind: {language: tuple(words[language]) for language in LANGUAGES}
        for kind, words in _raw()["asks"].items()
    }


def checked_topic(raw: Mapping[str, Any]) -> Topic:
    """A topic from its raw parts.

    Raises:
        InputError: says which part is wrong, and what is allowed there.
    """
    own = str(raw.get("id", ""))
    if not own.isidentifier() or not own.islower() or len(own) > 60:
        raise _refused("Wrong topic", "id", own, "at most 60 small letters, digits and _")
    if raw.get("moment") not in MOMENTS:
        raise _refused("Wrong moment", own, raw.get("moment"), ", ".join(MOMENTS))
    for part in ("name", "keywords"):
        texts = raw.get(part, {})
        if not all(texts.get(language) for language in LANGUAGES):
            allowed = f"something for {', '.join(LANGUAGES)}"
            raise _refused(f"Topic lacks {part}", own, texts, allowed)
    keywords = {
        language: tuple(word.strip().lower() for word in raw["keywords"][language] if word.strip())
        for language in LANGUAGES
    }
    for word in (word for words in keywords.values() for word in words):
        if not any(letter.isalnum() for letter in word):
            raise _refused("Wrong keyword", own, word, "words; `*` stands for any letters")
    description = raw.get("description", {})
    return Topic(
        own,
        raw["moment"],
        {language: str(raw["name"][language]) for language in LANGUAGES},
        {language: str(description.get(language, "")) for language in LANGUAGES},
        keywords,
        bool(raw.get("is_problem", False)),
    )


def _raw() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _refused(what: str, where: str, got: object, allowed: str) -> InputError:
    return InputError(message(what, where=f"topic {where}", got=repr(got), allowed=allowed))
