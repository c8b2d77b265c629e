"""How an erasure is found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from klantreis.web.pages.erasure.context import STAGES, ErasurePage, ErasureQuery, ShownProof
from klantreis.workspace import Workspace

__all__ = ["erasure"]


def erasure(workspace: Workspace, query: ErasureQuery) -> ErasurePage:
    """Answer the page of an erasure."""
    found = workspace.privacy.erasure(query.erasure_id)
    proof = found.proof
    stages_done = len(STAGES) if found.is_done else 0
    if found.stage in STAGES:
        stages_done = STAGES.index(found.stage)
    return ErasurePage(
        erasure_id=found.erasure_id,
        customer_id=found.customer_id,
        begun_at=found.begun_at,
        begun_by=found.begun_by,
        done_at=found.done_at,
        stages=STAGES,
        stage=found.stage,
        stages_done=stages_done,
        proof=_shown(proof) if proof else None,
    )


def _shown(proof: Mapping[str, Any]) -> ShownProof:
    lists = {name: tuple(proof[name]) for name in ("found", "exports")}
    return ShownProof(**{**proof, **lists})
