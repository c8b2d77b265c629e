"""What the page hands out: an audience as a list, hashed for a platform; words for its editor."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Query

from klantreis.web.download import Download, DownloadedFile
from klantreis.web.pages.audiences.meanings import MEANINGS
from klantreis.web.pages.audiences.view import asked_moment
from klantreis.words import Translator
from klantreis.workspace import RULE_PURPOSES, Completion, Workspace

__all__ = ["DOWNLOADS"]

CSV = "text/csv; charset=utf-8"
EXPLAINED = ("word", "function", "measure", "field")


@dataclass(frozen=True)
class RuleQuery:
    """Which customers."""

    rule: Annotated[str, Query(max_length=4000)]


@dataclass(frozen=True)
class ListQuery:
    """Which customers, for which platform."""

    rule: Annotated[str, Query(max_length=4000)]
    platform: Annotated[str, Query(max_length=20)]


@dataclass(frozen=True)
class WordsQuery:
    """A rule that is being written, and where the cursor is."""

    rule: Annotated[str, Query(max_length=4000)] = ""
    at: Annotated[int, Query(ge=0, le=4000)] = 0


@dataclass(frozen=True)
class MovesQuery:
    """Of which saved audience and run, by default the last one, and whether who came or who left."""

    name: Annotated[str, Query(max_length=200)]
    way: Literal["came", "left"]
    at: Annotated[str, Query(max_length=40)] = ""


def listed(workspace: Workspace, query: RuleQuery, words: Translator) -> DownloadedFile:
    """The customers of a rule, with who may be mailed."""
    return DownloadedFile("audience.csv", CSV, workspace.audiences.listed(query.rule))


def moved_list(workspace: Workspace, query: MovesQuery, words: Translator) -> DownloadedFile:
    """Who came into a saved audience at a run, or who left it, with who may be mailed."""
    audiences = workspace.audiences
    ask = audiences.came if query.way == "came" else audiences.left
    content = audiences.listed_members(ask(query.name, asked_moment(query.at)))
    return DownloadedFile(f"audience-{query.way}.csv", CSV, content)


def hashed_list(workspace: Workspace, query: ListQuery, words: Translator) -> DownloadedFile:
    """The customers of a rule who may be mailed, with hashed identifiers."""
    content = workspace.audiences.hashed(query.rule, query.platform)
    return DownloadedFile(f"audience-{query.platform}.csv", CSV, content)


def rule_words(workspace: Workspace, query: WordsQuery, words: Translator) -> DownloadedFile:
    """What may stand at the cursor, with what it means."""
    found = workspace.audiences.complete(query.rule, query.at)
    told = words.plural("%(number)s suggestion", "%(number)s suggestions", len(found))
    offered = {"told": told, "words": [_offered(one, words) for one in found]}
    return DownloadedFile("words.json", "application/json", json.dumps(offered).encode())


def _offered(one: Completion, words: Translator) -> dict[str, object]:
    meaning, language = _meaning(one, words)
    return {
        "text": one.text,
        "start": one.start,
        "end": one.end,
        "kind": words.code("rule_part", one.kind),
        "meaning": meaning,
        "lang": language,
    }


def _meaning(one: Completion, words: Translator) -> tuple[str, str]:
    """What a word means, and in which language that is told."""
    if one.kind in ("event", "channel"):
        return words.code(one.kind, one.name), words.language
    if one.kind == "consent":
        return words.code("consent", RULE_PURPOSES[one.name]), words.language
    if one.kind in EXPLAINED:
        return words.code("rule_word", one.name), words.language
    if one.kind == "column":
        return words.meaning(MEANINGS[one.name]), words.language
    return "", words.language


DOWNLOADS = (
    Download("audiences_words", "/audiences/words.json", WordsQuery, rule_words, is_noted=False),
    Download("audiences_csv", "/audiences/customers.csv", RuleQuery, listed, role="editor"),
    Download("audiences_moves", "/audiences/moves.csv", MovesQuery, moved_list, role="editor"),
    Download("audiences_hashed", "/audiences/hashed.csv", ListQuery, hashed_list, role="editor"),
)
