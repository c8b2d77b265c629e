"""One way of writing for the towns in records, made once for every way in which they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.identity.gazetteer import COUNTRIES
from klantreis.identity.town_names import is_named, town_names

__all__ = ["known_homes", "town_spelling", "town_spellings"]

FEWEST_RECORDS = 30  # from which it shows whether a column holds towns that we know
LEAST_NAMED = 0.5  # share of the records with a town as we know it; with less we correct nothing
SCHEMA = pa.schema([("city", pa.string()), ("home", pa.string()), ("town", pa.string())])


def town_spellings(
    records: ir.Table, *, engine: Engine, homes: Sequence[str] | None = None
) -> ir.Table:
    """The town that each way of writing means.

    Where less than half of a country's records name a town that we know as it is written, the
    column holds something else (places abroad, places of birth), and nothing is corrected.

    Args:
        records: columns `city` as written, and `home`, the ISO code of its country or of the
            workspace's; towns of the other countries that we know are only recognised as they
            are written.
        homes: the countries of which towns are corrected, where that is known from more records
            than these.

    Returns:
        `city`, `home`, `town`, each way of writing once; what is near no town stays as it was,
        with its spaces and capitals in order.
    """
    found = [
        {"city": row["city"], "home": home, "town": town}
        for home, some in _by_home(records, engine).items()
        for row, town in zip(some, _towns(some, home, homes), strict=True)
    ]
    return engine.table(pa.Table.from_pylist(found, SCHEMA))


def known_homes(records: ir.Table, *, engine: Engine) -> tuple[str, ...]:
    """The countries of which the records name towns that we know, so that they are corrected.

    Args:
        records: as in `town_spellings`.
    """
    homes = _by_home(records, engine).items()
    return tuple(sorted(home for home, some in homes if _are_known_towns(some, home)))


def town_spelling(text: str, home: str, *, is_known: bool) -> str:
    """The town that one text means, as `town_spellings` has it.

    Args:
        home: ISO code of its country.
        is_known: whether that is one of `known_homes`.
    """
    if not is_known:
        return _tidy(text)
    return town_names([text], home)[0] or _abroad(text, home) or _tidy(text)


def _by_home(records: ir.Table, engine: Engine) -> Mapping[str, Sequence[Mapping[str, object]]]:
    told = records.filter(records["city"].notnull()).select("city", "home")
    ways = told.group_by("city", "home").aggregate(records=told.count())
    by_home: dict[str, list[Mapping[str, object]]] = {}
    for row in engine.fetch(ways.order_by("home", "city")).to_pylist():
        by_home.setdefault(str(row["home"]), []).append(row)
    return by_home


def _towns(
    rows: Sequence[Mapping[str, object]], home: str, homes: Sequence[str] | None
) -> list[str]:
    texts = [str(row["city"]) for row in rows]
    if not (_are_known_towns(rows, home) if homes is None else home in homes):
        return [_tidy(text) for text in texts]
    towns = town_names(texts, home)
    return [
        town or _abroad(text, home) or _tidy(text) for text, town in zip(texts, towns, strict=True)
    ]


def _are_known_towns(rows: Sequence[Mapping[str, object]], home: str) -> bool:
    if home not in COUNTRIES:
        return False
    texts = [str(row["city"]) for row in rows]
    records = [int(str(row["records"])) for row in rows]
    named = sum(n for text, n in zip(texts, records, strict=True) if is_named(text, home))
    return sum(records) < FEWEST_RECORDS or named >= LEAST_NAMED * sum(records)


def _abroad(text: str, home: str) -> str | None:
    for other in COUNTRIES:
        if other != home and is_named(text, other):
            return town_names([text], other)[0]
    return None


def _tidy(text: str) -> str:
    """A text with single spaces, and with capitals where it has none or nothing else.

    >>> _tidy("  NEW  YORK")
    'New York'
    """
    spaced = " ".join(text.split())
    return spaced.title() if spaced in (spaced.upper(), spaced.lower()) else spaced
