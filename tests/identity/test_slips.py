from __future__ import annotations

from datetime import date, timedelta

import duckdb
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from klantreis.identity.slips import quick

NAMES = st.text("abce", min_size=4, max_size=7)


def differing(column: str, most: int, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs of which the quick condition says something else than counting."""
    counted = f'damerau_levenshtein("{column}_l", "{column}_r") <= {most}'
    left, right = zip(*pairs, strict=True)
    rows = pa.table({f"{column}_l": left, f"{column}_r": right})
    with duckdb.connect() as database:
        database.register("pairs", rows)
        return database.execute(
            f"SELECT * FROM pairs WHERE ({counted}) <> ({quick(counted)})"
        ).fetchall()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(NAMES, NAMES), min_size=50, max_size=300))
def test_names_are_as_near_as_their_slips_say(pairs: list[tuple[str, str]]) -> None:
    assert differing("last", 1, pairs) == []
    assert differing("email", 2, pairs) == []


def test_dates_are_as_near_as_their_slips_say() -> None:
    days = [str(date(1980, 1, 1) + timedelta(days=day)) for day in range(0, 5000, 7)]
    pairs = [(one, other) for one in days[:60] for other in days]
    assert differing("birth", 1, pairs) == []
    assert differing("birth", 2, pairs) == []
