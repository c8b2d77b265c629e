"""The contract of `searches`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="searches",
    room="research",
    meaning="A term that was searched, with how often and the topic that it is about most.",
    key=("place", "term"),
    columns=(
        column("place", "string", "search engine, or `site` for our own", required=True),
        column("term", "string", "in small letters", required=True),
        column("topic", "string", "topic, as in the topic list; empty when it holds no keyword"),
        column(
            "times",
            "int64",
            "of a search engine: times our pages were shown; of our own: times searched",
            unit="times",
            required=True,
        ),
        column("clicks", "int64", "times clicked; empty for our own", unit="clicks"),
        column(
            "position",
            "float64",
            "mean place among the results, weighed by times shown; empty for our own",
        ),
    ),
    order=("place", "term"),
)
