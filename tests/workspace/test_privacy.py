from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from klantreis import Workspace
from klantreis.errors import NotFoundError
from klantreis.state import CollectedEvent
from klantreis.workspace.needles import Identifier, Needles
from klantreis.workspace.proof import prove


def somebody(shop: Workspace) -> tuple[int, str]:
    """A customer whom many sources know, and their e-mail address as the portrait has it."""
    customers = shop.table("customers")
    known = customers.filter(customers["email"].notnull() & customers["phone"].notnull())
    row = shop.rows(known.order_by(known["persons"].desc(), "customer_id").limit(1))[0]
    return row["customer_id"], row["email"]


def packed(file: Path) -> Iterator[bytes]:
    """All that stands in a file, also packed: written apart from what the product does."""
    content = file.read_bytes()
    yield content
    if file.suffix == ".gz":
        yield gzip.decompress(content)
    if file.suffix == ".parquet":
        yield json.dumps(pq.read_table(file).to_pylist(), default=str).encode()
    if file.suffix in (".zip", ".xlsx"):
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                yield archive.read(name)


def files_with(folder: Path, text: str) -> list[str]:
    found = []
    for file in folder.rglob("*"):
        wanted = text.lower().encode()
        if file.is_file() and any(wanted in content.lower() for content in packed(file)):
            found.append(file.relative_to(folder).as_posix())
    return found


def test_whoever_is_erased_is_nowhere_and_stays_away(own_shop: Workspace) -> None:
    customer, email = somebody(own_shop)
    old = next(
        own_shop.folder / name
        for name in files_with(own_shop.folder, email)
        if name.startswith("exports/shopify/customers")
    )
    kept_aside = old.read_bytes()
    lines = {p: p.read_bytes().splitlines() for p in own_shop.folder.glob("exports/**/*.csv")}
    before = own_shop.published
    assert before is not None
    event = CollectedEvent("web", "m1", datetime(2026, 3, 1), True, f'{{"x":"{email}"}}'.encode())
    own_shop.collecting.log.append([event])
    own_shop.state.drafts.write(
        "map/x", {"note": f"ask {email}"}, after=0, change="edited", about="", by="Ann",
        at=datetime(2026, 3, 1),
    )  # fmt: skip

    erased = own_shop.privacy.erase(customer)

    assert erased.proof.found == ()
    assert erased.proof.identifiers >= 3
    assert files_with(own_shop.folder, email) == []
    assert own_shop.resolve(customer) is None
    after = own_shop.published
    assert after is not None
    assert after.tables["customers"].rows == before.tables["customers"].rows - 1
    for path, rows in lines.items():
        left = path.read_bytes().splitlines()
        assert set(left) <= set(rows), "no other row was touched"
        assert len(rows) - len(left) < 300, path

    (old.parent / "customers_old_export.csv").write_bytes(kept_aside)
    own_shop.import_exports()
    own_shop.run()
    assert files_with(own_shop.folder, email) == []
    published = own_shop.published
    assert published is not None
    assert published.tables["customers"].rows == after.tables["customers"].rows


def test_everything_about_one_customer_is_in_one_file(shop: Workspace) -> None:
    customer, email = somebody(shop)
    with zipfile.ZipFile(io.BytesIO(shop.privacy.access(customer, language="nl"))) as archive:
        facts = json.loads(archive.read("customer.json"))
        page = archive.read("customer.html").decode()
    assert facts["tables"]["customers"][0]["email"] == email
    assert {"persons", "identifiers", "timeline", "portraits"} <= set(facts["tables"])
    assert all(row["customer_id"] == customer for row in facts["tables"]["timeline"])
    assert any(email.lower() in "".join(lines).lower() for lines in facts["exports"].values())
    assert "Wat wij over u weten" in page
    assert email in page


def test_consent_is_the_strictest_of_what_each_source_last_heard(shop: Workspace) -> None:
    consents, links = shop.table("consents"), shop.table("links")
    known = consents.join(links, "person_id").filter(consents["purpose"] == "email_marketing")
    numbers = {row["customer_id"] for row in shop.rows(known.select("customer_id").limit(60))}
    customers = shop.table("customers")
    allowed = {
        row["customer_id"]: row["may_email"]
        for row in shop.rows(customers.filter(customers["customer_id"].isin(sorted(numbers))))
    }
    assert set(allowed.values()) == {True, False}
    for number in numbers:
        history = shop.privacy.consents(number)
        assert history == tuple(
            sorted(history, key=lambda c: (c.stated_at, c.source), reverse=True)
        )
        if allowed[number]:
            assert shop.privacy.may(number, "email_marketing")
    assert not shop.privacy.may(next(iter(numbers)), "post_marketing")


def test_an_unknown_customer_is_named(shop: Workspace) -> None:
    with pytest.raises(NotFoundError, match="123456789"):
        shop.privacy.access(123456789)


def test_the_proof_finds_what_is_left_wherever_it_hides(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "shop") as shop:
        email = "ann@voorbeeld.nl"
        folder = shop.folder / "exports" / "x"
        folder.mkdir()
        (folder / "a.csv.gz").write_bytes(gzip.compress(gzip.compress(email.encode())))
        with zipfile.ZipFile(folder / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("c.csv", f"x\n{email.upper()}")
        (folder / "wide.txt").write_bytes(email.encode("utf-16"))
        (folder / f"{email}.txt").write_text("nothing", encoding="utf-8")
        (folder / "other.txt").write_text(
            "joann@voorbeeld.nl ann@voorbeeld.nl.be", encoding="utf-8"
        )
        shop.accounts.add(email, "viewer")
        needles = Needles((Identifier("email", "x", email),), frozenset(), frozenset())
        found = prove(shop.folder, shop.state, needles).found
        assert {name for name in found if name.startswith("exports")} == {
            f"exports/x/{name}" for name in ("a.csv.gz", "b.zip", "wide.txt", f"{email}.txt")
        }
        assert "state: users" in found
        assert any(".klantreis/state.sqlite" in name for name in found)
