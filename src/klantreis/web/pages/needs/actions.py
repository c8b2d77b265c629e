"""What a person can change on the page of needs: topics and notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, Path

from klantreis.web.action import Action
from klantreis.web.actors import Actor
from klantreis.workspace import Workspace

__all__ = ["ACTIONS"]

Word = Annotated[str, Form(max_length=200)]
Words = Annotated[str, Form(max_length=5000)]
Code = Annotated[str, Path(max_length=60)]
TOPICS, NOTES = "/needs#topics", "/needs#notes"


@dataclass(frozen=True)
class Noting:
    """What somebody heard."""

    text: Annotated[str, Form(max_length=2000)]
    language: Annotated[str, Form(max_length=2)] = "nl"
    moment: Word = ""


@dataclass(frozen=True)
class OnNote:
    """Which note."""

    note_id: Annotated[int, Path()]


@dataclass(frozen=True)
class Listing:
    """A topic, new or as it is to be."""

    topic_id: Word
    name_nl: Word
    name_en: Word
    keywords_nl: Words
    keywords_en: Words
    description_nl: Words = ""
    description_en: Words = ""
    moment: Word = "before"
    is_problem: Word = ""


@dataclass(frozen=True)
class OnTopic:
    """Which topic."""

    topic_id: Code


def write_note(workspace: Workspace, form: Noting, actor: Actor) -> str:
    """Write down what customers ask."""
    workspace.research.write_note(
        form.text, language=form.language, moment=form.moment, by=actor.name
    )
    return NOTES


def remove_note(workspace: Workspace, form: OnNote, actor: Actor) -> str:
    """Take a note off."""
    workspace.research.remove_note(form.note_id, by=actor.name)
    return NOTES


def keep_topic(workspace: Workspace, form: Listing, actor: Actor) -> str:
    """Add or change a topic."""
    definition = {
        "id": form.topic_id.strip(),
        "moment": form.moment,
        "is_problem": bool(form.is_problem),
        "name": {"nl": form.name_nl.strip(), "en": form.name_en.strip()},
        "description": {"nl": form.description_nl.strip(), "en": form.description_en.strip()},
        "keywords": {"nl": _listed(form.keywords_nl), "en": _listed(form.keywords_en)},
    }
    workspace.research.change_topic(definition, by=actor.name)
    return TOPICS


def remove_topic(workspace: Workspace, form: OnTopic, actor: Actor) -> str:
    """Take a topic off the list."""
    workspace.research.remove_topic(form.topic_id, by=actor.name)
    return TOPICS


def restore_topic(workspace: Workspace, form: OnTopic, actor: Actor) -> str:
    """Put a topic back as the product ships it."""
    workspace.research.restore_topic(form.topic_id, by=actor.name)
    return TOPICS


def _listed(words: str) -> list[str]:
    return [word.strip() for word in words.replace("\n", ",").split(",") if word.strip()]


ACTIONS = (
    Action("needs_write_note", "/needs/notes", Noting, write_note),
    Action("needs_remove_note", "/needs/notes/{note_id}/remove", OnNote, remove_note),
    Action("needs_keep_topic", "/needs/topics", Listing, keep_topic),
    Action("needs_remove_topic", "/needs/topics/{topic_id}/remove", OnTopic, remove_topic),
    Action("needs_restore_topic", "/needs/topics/{topic_id}/restore", OnTopic, restore_topic),
)
