"""The latent types of customers: what drives them; nobody but the truth knows who is which."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from klantreis.simulate.draws import Floats, Ints
from klantreis.simulate.reference import toml

__all__ = ["APP", "ROPO", "STORE", "WEB", "Kinds", "kinds"]

WEB, APP, ROPO, STORE = 0, 1, 2, 3  # routes of a journey


@dataclass(frozen=True)
class Kinds:
    """One entry, or one row, a type; see `data/types.toml` for what each means."""

    ids: tuple[str, ...]
    needs: tuple[str, ...]
    share: Floats
    age: Floats
    female: Floats
    journeys: Floats
    route: Floats
    inspire: Floats
    go_on: Floats
    wait_days: Floats
    price_sensitivity: Floats
    sources: Floats
    devices: Floats
    hour_peak: Ints
    weekend: Floats
    season: Floats
    categories: Floats
    member: Floats
    account: Floats
    newsletter: Floats
    basket: Floats
    return_rate: Floats
    speaks: Floats
    mood: Floats


@cache
def kinds() -> Kinds:
    """All types."""
    types = toml("types")["type"]

    def column(name: str) -> Floats:
        return np.array([row[name] for row in types], dtype=np.float64)

    numbers = {
        name: column(name)
        for name in Kinds.__dataclass_fields__
        if name not in ("ids", "needs", "hour_peak")
    }
    return Kinds(
        ids=tuple(row["id"] for row in types),
        needs=tuple(row["need"] for row in types),
        hour_peak=column("hour_peak").astype(np.int64),
        **numbers,
    )
