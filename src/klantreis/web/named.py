"""Names that a workspace's owner may write: they come in both languages, not from a catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from klantreis.workspace import Workspace

__all__ = ["Named", "group_name", "persona_names", "topic_names"]


@dataclass(frozen=True)
class Named:
    """A code with its name in Dutch and English; both empty where the catalogue has the words."""

    code: str
    nl: str
    en: str

    def told(self, language: str) -> str:
        """The name in a language; empty where the catalogue has the words."""
        return self.nl if language == "nl" else self.en


def topic_names(workspace: Workspace) -> dict[str, Named]:
    """The topics in use, by code."""
    return {
        topic.id: Named(topic.id, topic.name["nl"], topic.name["en"])
        for topic in workspace.research.topics()
    }


def persona_names(workspace: Workspace) -> tuple[Named, ...]:
    """The personas, the largest first, by the names on their cards."""
    return tuple(
        Named(persona_id, names["nl"], names["en"])
        for persona_id, names in workspace.personas.names().items()
    )


def group_name(code: str, topics: dict[str, Named]) -> Named:
    """A target group: a topic, or else the segment of a segmentation."""
    return topics.get(code, Named(code, "", ""))
