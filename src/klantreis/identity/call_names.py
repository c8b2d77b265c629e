"""Given names and the names by which their bearers are called: `Johannes` is `Jan` every day."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pyarrow as pa

__all__ = ["BETWEEN", "are_called_alike", "call_names", "with_given_names"]

FILE = Path(__file__).with_name("call_names.toml")
BETWEEN = "|"


@cache
def _given() -> Mapping[str, frozenset[str]]:
    """The given names of who bears a call name."""
    found: dict[str, set[str]] = defaultdict(set)
    for names in tomllib.loads(FILE.read_text(encoding="utf-8")).values():
        for given, told in names.items():
            for called in told.split():
                found[called].add(given)
    return {called: frozenset(given - {called}) for called, given in found.items()}


@cache
def call_names() -> frozenset[str]:
    """Pairs of a given name and a call name, either first, as `johannes|jan`.

    >>> "johannes|jan" in call_names(), "bob|robert" in call_names(), "jan|johan" in call_names()
    (True, True, False)
    """
    pairs = ((one, other) for other, given in _given().items() for one in given)
    return frozenset(BETWEEN.join(names) for pair in pairs for names in (pair, pair[::-1]))


def are_called_alike(one: str | None, other: str | None) -> bool:
    """Whether one is a call name of the other; of nothing told it is not.

    >>> are_called_alike("bill", "william"), are_called_alike("bill", None)
    (True, False)
    """
    return one is not None and other is not None and BETWEEN.join((one, other)) in call_names()


def with_given_names(profiles: pa.Table) -> pa.Table:
    """Profiles with `given`: the given names of which `first` is a call name, a stripe around each.

    >>> with_given_names(pa.table({"first": ["bill", "zoe", None]}))["given"].to_pylist()
    ['|william|', None, None]
    """
    firsts = profiles["first"].combine_chunks().cast(pa.string()).dictionary_encode()
    told = [_given().get(name, frozenset()) for name in firsts.dictionary.to_pylist()]
    texts = [BETWEEN.join(("", *sorted(given), "")) if given else None for given in told]
    given = pa.DictionaryArray.from_arrays(firsts.indices, pa.array(texts, pa.string()))
    return profiles.append_column("given", given.cast(pa.string()))
