"""The contract of `need_overlaps`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="need_overlaps",
    room="personas",
    meaning="How far the needs of two target groups overlap.",
    key=("target_group", "other_group"),
    columns=(
        column("target_group", "string", "the one", required=True),
        column("other_group", "string", "the other", required=True),
        column(
            "overlap",
            "float64",
            "sum over the needs of the smaller share, divided by that of the larger share",
            unit="share",
            required=True,
        ),
        column("low", "float64", "lower end of the 95 % interval (bootstrap)", unit="share"),
        column("high", "float64", "upper end of the 95 % interval (bootstrap)", unit="share"),
        column("speakers", "int64", "customers of the one who said anything", required=True),
        column(
            "other_speakers", "int64", "customers of the other who said anything", required=True
        ),
    ),
    order=("target_group", "other_group"),
)
