"""The contract of `personas`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="personas",
    room="personas",
    meaning="A cluster of target groups whose needs overlap: what a persona is the face of.",
    key=("persona_id",),
    columns=(
        column("persona_id", "string", "its largest target group", required=True),
        column("position", "int64", "1 for the persona with most speakers", required=True),
        column("target_groups", "array<string>", "groups in it, the largest first", required=True),
        column(
            "needs",
            "array<string>",
            "topics that set it apart from the others, the most distinctive first",
            required=True,
        ),
        column("speakers", "int64", "its customers who said anything", required=True),
        column(
            "overlap_inside",
            "float64",
            "mean overlap of needs between its target groups; 1 with one group",
            unit="share",
            required=True,
        ),
        column(
            "stability",
            "float64",
            "mean adjusted Rand index of the whole division over bootstrap samples",
            required=True,
        ),
    ),
    order=("position",),
)
