from __future__ import annotations

from pathlib import Path

import pytest

from klantreis import Workspace
from klantreis.errors import WorkspaceError
from klantreis.identity.profiles import COMPARED
from klantreis.workspace import Lookups, SoughtRecord

RECORD = ("first_name", "last_name", "birth_on", "street", "house_number", "postcode", "city")


def test_a_record_is_described_as_its_run_described_it(shop: Workspace) -> None:
    told = shop.sql(
        f"""WITH stated AS (
            SELECT person_id, min(value) FILTER (kind = 'email') AS email,
                min(value) FILTER (kind = 'phone') AS phone, count(*) FILTER (kind = 'email') AS emails,
                count(*) FILTER (kind = 'phone') AS phones
            FROM identifiers GROUP BY person_id)
        SELECT {", ".join(f"p.{name}" for name in (*RECORD, "country"))}, s.email, s.phone,
            {", ".join(f"f.{name} AS told_{name}" for name in COMPARED)}
        FROM person_profiles f JOIN persons p USING (person_id) LEFT JOIN stated s USING (person_id)
        WHERE coalesce(emails, 0) <= 1 AND coalesce(phones, 0) <= 1"""
    ).to_pylist()
    assert len(told) > 1_000
    book = shop.lookups.open()
    assert book is not None
    for row in told:
        sought = SoughtRecord(
            **{name: row[name] for name in (*RECORD, "country", "email", "phone")}
        )
        expected = {name: row[f"told_{name}"] for name in COMPARED}
        found = book.lookup.described(sought)
        assert (sought, {name: found[name] for name in COMPARED}) == (sought, expected)


def test_what_is_looked_in_is_made_once_for_a_publication(
    own_shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = own_shop.lookups.open()
    assert first is not None
    assert own_shop.lookups.open() is first
    with Workspace.open(own_shop.folder) as again:
        monkeypatch.setattr(Lookups, "_make", None)
        assert again.lookups.open() is not None
    folder = own_shop.folder / ".klantreis" / "lookup"
    (laid,) = folder.iterdir()
    assert laid.name.startswith(f"{first.publication_id}-")


def test_before_a_run_nobody_can_be_looked_up(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "shop") as workspace, pytest.raises(WorkspaceError):
        workspace.identity.lookup(SoughtRecord(email="ann@huis.nl"))
