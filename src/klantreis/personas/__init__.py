"""Personas: clusters of target groups whose needs overlap, and every customer's place in them."""

from __future__ import annotations

from klantreis.personas.drafting import FIELDS, Draft, Members, draft, gender_of
from klantreis.personas.faces import FACES, face
from klantreis.personas.facts import most_common, numbers, sizes
from klantreis.personas.need_overlaps import need_overlaps
from klantreis.personas.persona_memberships import persona_memberships
from klantreis.personas.persona_merges import persona_merges
from klantreis.personas.personas import MOST_ADVISED, personas
from klantreis.personas.target_groups import target_groups

__all__ = [
    "FACES",
    "FIELDS",
    "MOST_ADVISED",
    "Draft",
    "Members",
    "draft",
    "face",
    "gender_of",
    "most_common",
    "need_overlaps",
    "numbers",
    "persona_memberships",
    "persona_merges",
    "personas",
    "sizes",
    "target_groups",
]
