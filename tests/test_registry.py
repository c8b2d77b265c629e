from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from klantreis import registry
from klantreis.errors import InputError, NotFoundError


@pytest.mark.parametrize("group", registry.GROUPS)
def test_every_built_in_passes_its_own_group_s_check(group: str) -> None:
    assert set(registry.load_all(group)) == set(registry.names(group))


def test_an_unknown_plug_in_names_the_known_ones() -> None:
    with pytest.raises(NotFoundError, match="duckdb"):
        registry.load("engines", "oracle")


def test_an_incomplete_plug_in_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("half", "json:dumps", "klantreis.engines")
    monkeypatch.setattr(registry, "_entry_points", lambda group: {"half": point})
    with pytest.raises(InputError, match=r"'half'.*no name, read, write"):
        registry.load("engines", "half")
