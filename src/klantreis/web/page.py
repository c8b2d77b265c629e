"""What a page is: a question to the workspace, answered by one documented dataclass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from klantreis.web.action import Action
from klantreis.web.download import Download
from klantreis.web.marks import Svg
from klantreis.words import Translator
from klantreis.workspace import Workspace

__all__ = ["Moved", "NoQuery", "Page", "no_drawings"]


@dataclass(frozen=True)
class NoQuery:
    """The query of a page that takes none."""


@dataclass(frozen=True)
class Moved:
    """What was asked for is found elsewhere now; `path` fills the page's path again."""

    path: Mapping[str, object]


def no_drawings(context: Any, words: Translator) -> Mapping[str, Svg]:
    """For a page without charts."""
    return {}


@dataclass(frozen=True)
class Page:
    """One page and its `.json` twin.

    Attributes:
        name: its folder below `pages/`; the template is `<name>/template.html`.
        path: where it is, as `/customers/{customer_id}`; the twin has `.json` behind it.
        query: dataclass of what the address may ask.
        context: dataclass that the template renders and the twin shows.
        view: from workspace and query to context.
        drawings: from context and language to the page's charts, by name.
        is_kept: whether an answer holds until the next publication, so that it may be kept.
        actions: what a person can change there.
        downloads: files that it hands out.
        role: the least role that may see it.
        needs_tables: whether it says that there is nothing to show before the first run.
        renewed: puts what people decided since into a kept context, at each request.
    """

    name: str
    path: str
    query: type
    context: type
    view: Callable[[Workspace, Any], Any]
    drawings: Callable[[Any, Translator], Mapping[str, Svg]] = no_drawings
    is_kept: bool = True
    actions: tuple[Action, ...] = ()
    downloads: tuple[Download, ...] = ()
    role: str = "viewer"
    needs_tables: bool = True
    renewed: Callable[[Workspace, Any], Any] | None = None

    @property
    def twin(self) -> str:
        return f"{self.path}.json" if self.path != "/" else f"/{self.name}.json"
