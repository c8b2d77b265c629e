"""How the page of all personas is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from klantreis.web import persona_figures as figures
from klantreis.web.figures import counted
from klantreis.web.named import Named, group_name, topic_names
from klantreis.web.page import NoQuery
from klantreis.web.pages.personas.context import Face, Merge, Overlap, Personas
from klantreis.words import Evidence, Figure
from klantreis.workspace import PersonaCard, Workspace

__all__ = ["personas"]


def personas(workspace: Workspace, query: NoQuery) -> Personas:
    """Answer the page of all personas."""
    published = workspace.published
    assert published is not None
    cards = workspace.personas.cards()
    topics = topic_names(workspace)
    overlaps = workspace.personas.overlaps()
    codes = [group for card in cards for group in card.target_groups]
    stability = cards[0].stability if cards else 0.0
    return Personas(
        as_of=published.as_of,
        by=workspace.settings.persona_groups,
        speakers=counted(sum(row["speakers"] for row in workspace.personas.rows()), "customers"),
        groups=tuple(group_name(code, topics) for code in codes),
        overlaps=tuple(_overlaps(overlaps, codes)),
        merges=tuple(_merge(row, topics, len(cards)) for row in workspace.personas.merges()),
        faces=tuple(_face(card, topics) for card in cards),
        stability=stability,
        is_stable=stability >= figures.STABLE_FROM,
        is_many=len(cards) > workspace.personas.most_advised,
        most_advised=workspace.personas.most_advised,
    )


def _overlaps(rows: Sequence[Mapping[str, Any]], codes: Sequence[str]) -> list[Overlap]:
    found = []
    for row in rows:
        if row["target_group"] in codes and row["other_group"] in codes:
            places = codes.index(row["target_group"]), codes.index(row["other_group"])
            speakers = row["speakers"] + row["other_speakers"]
            found.append(
                Overlap(max(places), min(places), row["overlap"], row["low"], row["high"], speakers)
            )
    return found


def _merge(row: Mapping[str, Any], topics: dict[str, Named], chosen: int) -> Merge:
    return Merge(
        left=row["personas_left"],
        groups=tuple(group_name(code, topics) for code in row["target_groups"]),
        others=tuple(group_name(code, topics) for code in row["other_groups"]),
        overlap=row["overlap"],
        lost_share=row["lost_share"],
        lost_so_far=row["lost_so_far"],
        stability=row["stability"],
        same_share=row["same_share"],
        is_chosen=row["personas_left"] == chosen,
    )


def _face(card: PersonaCard, topics: dict[str, Named]) -> Face:
    channel = card.channels[0] if card.channels else None
    return Face(
        persona_id=card.persona_id,
        name=Named(card.persona_id, card.told("name", "nl"), card.told("name", "en")),
        quote=Named(card.persona_id, card.told("quote", "nl"), card.told("quote", "en")),
        groups=tuple(group_name(code, topics) for code in card.target_groups),
        needs=tuple(group_name(code, topics) for code in card.needs),
        size=figures.size(card),
        size_share=card.size_share,
        members=card.members,
        revenue=figures.revenue(card),
        nps=figures.nps(card),
        returned=figures.returned(card),
        channel=channel.code if channel else "",
        channel_share=figures.part(channel, "customers")
        if channel
        else Figure(None, "share", Evidence("measured", 0, "customers")),
    )
