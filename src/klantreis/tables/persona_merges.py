"""The contract of `persona_merges`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="persona_merges",
    room="personas",
    meaning="One merge of target groups on the way to fewer personas, and what is lost by it.",
    key=("position",),
    columns=(
        column("position", "int64", "1 for the first merge", required=True),
        column("personas_left", "int64", "clusters after it", unit="personas", required=True),
        column("target_groups", "array<string>", "groups of the one cluster", required=True),
        column("other_groups", "array<string>", "groups of the other cluster", required=True),
        column("overlap", "float64", "overlap of their needs", unit="share", required=True),
        column(
            "lost_share",
            "float64",
            "part of all difference in needs between target groups that is given up by this merge",
            unit="share",
            required=True,
        ),
        column(
            "lost_so_far",
            "float64",
            "the same for all merges up to it",
            unit="share",
            required=True,
        ),
        column(
            "stability",
            "float64",
            "mean adjusted Rand index of this division over bootstrap samples; 1 is always the same",
            required=True,
        ),
        column(
            "same_share",
            "float64",
            "part of the bootstrap samples that give exactly this division",
            unit="share",
            required=True,
        ),
    ),
    order=("position",),
)
