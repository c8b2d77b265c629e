"""The contract of `search_terms`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="search_terms",
    room="sources",
    meaning="What people typed into a search engine that showed our pages, with how often.",
    key=("search_term_id",),
    columns=(
        column("search_term_id", "string", "unique in all sources", required=True),
        column(
            "source", "string", "name of the source folder that the record came from", required=True
        ),
        column(
            "file_id",
            "string",
            "import file that the record came from; see the import log",
            required=True,
        ),
        column("engine", "string", "`google` ...", required=True),
        column("term", "string", "as the search engine gives it", required=True),
        column(
            "span",
            "string",
            "whether it is counted for one day, or for the whole period of a report",
            required=True,
            allowed=("day", "period"),
        ),
        column(
            "ends_on", "date", "the day; of a period the day of the report, where that is known"
        ),
        column("page", "string", "address that was shown, where it is counted by page"),
        column("country", "string", "country of who searched, as the search engine gives it"),
        column("device", "string", "`desktop`, `mobile` or `tablet`"),
        column("impressions", "int64", "times our pages were shown", unit="views", required=True),
        column("clicks", "int64", "times clicked", unit="clicks"),
        column("position", "float64", "mean place of our highest page among the results, from 1"),
    ),
    period="ends_on",
)
