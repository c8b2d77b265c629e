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
from klantreis.channels import Contact, FileChannel, Outgoing, hashed_audience
from klantreis.errors import NotFoundError
from klantreis.state import CampaignEntry, CollectedEvent, LogLine, OutboxMessage
from klantreis.workspace import SoughtRecord
from klantreis.workspace.needles import Identifier, Needles
from klantreis.workspace.proof import prove
from tests.length import at_length

NOON = datetime(2026, 3, 1, 12)


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


@pytest.mark.parametrize(
    "made", ["small_shop", pytest.param("small_shop_run_whole", marks=at_length)]
)
def test_whoever_is_erased_is_nowhere_and_stays_away(
    made: str, request: pytest.FixtureRequest
) -> None:
    own_shop: Workspace = request.getfixturevalue(made)
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

    assert own_shop.identity.lookup(SoughtRecord(email=email)).customer_id == customer

    erased = own_shop.privacy.erase(customer)

    assert erased.proof.found == ()
    assert own_shop.identity.lookup(SoughtRecord(email=email)).customer_id is None
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


def sent(customer: int, email: str) -> OutboxMessage:
    return OutboxMessage(
        key=f"win_back/{customer}/1",
        campaign="win_back",
        customer_id=customer,
        entered_at=NOON,
        letter="first",
        is_service=False,
        channel="file",
        recipient=email,
        language="nl",
        letter_values={"name": "Iemand"},
        status="sent",
        decided_at=NOON,
        due_at=NOON,
        claimed_by="",
        attempts=0,
        changed_at=NOON,
        note="",
    )


def test_messages_lists_copies_and_quotes_go_too(small_shop: Workspace) -> None:
    customer, email = somebody(small_shop)
    entry = CampaignEntry("win_back", customer, NOON, 1, NOON, "finished", "")
    line = LogLine("win_back", customer, NOON, 0, "sent", "", "first", NOON)
    small_shop.state.campaigns.decided(entry, [line], [sent(customer, email)])
    small_shop.state.campaigns.withdraw(customer, email, way="page", at=NOON)
    store = small_shop.store.folder
    channel = FileChannel(store / "outbox")
    for number, address in ((customer, ""), (customer + 1, "an@other.nl")):
        told = Outgoing(
            f"k{number}", "win_back", "first", number, address, "A", "nl", "Hi", "", "Hi"
        )
        channel.send(told, handing_over=lambda: None)
    exports = small_shop.folder / "exports"
    (exports / "shopify" / ".hidden.csv").write_text(f"a\n{email}\nb\n", encoding="utf-8")
    (exports / "loose.csv").write_text(f"a\n{email}\nb\n", encoding="utf-8")
    phones = small_shop.table("customers")
    phone = small_shop.rows(phones.filter(phones["customer_id"] == customer))[0]["phone"]
    hashed = hashed_audience("meta", [Contact(phone=phone), Contact(email="an@other.nl")])
    (small_shop.folder / "audience-meta.csv").write_bytes(hashed)
    event = CollectedEvent("web", "m1", datetime(2020, 3, 1), True, f'{{"x":"{email}"}}'.encode())
    small_shop.collecting.log.append([event])
    small_shop.collecting.log.note_laid_down("web", 1)
    small_shop.collecting.log.forget_before(NOON)

    about = small_shop.privacy.access(customer)
    assert small_shop.privacy.erase(customer).proof.is_clean

    with zipfile.ZipFile(io.BytesIO(about)) as archive:
        decided = json.loads(archive.read("customer.json"))["decided"]
    assert {"outbox", "campaign_log", "campaign_entries", "withdrawals"} <= set(decided)
    assert files_with(small_shop.folder, email) == []
    rows = (store / "outbox" / "win_back.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 2, "the heading, and the line of somebody else"
    assert f";{customer + 1};an@other.nl;" in rows[1]
    assert (exports / "loose.csv").read_text(encoding="utf-8") == "a\nb\n"
    left = (small_shop.folder / "audience-meta.csv").read_bytes().splitlines()
    assert len(left) == 2
    assert small_shop.state.outbox.messages_of([customer]) == ()


def test_what_they_said_is_taken_out_of_cards_and_notes(small_shop: Workspace) -> None:
    customer, email = somebody(small_shop)
    quote = "Mijn kat sliep een week in de doos van de lamp."
    said = f"R1,2025-02-20T10:00:00,4,Kat,{quote},nl,A,{email},,,\n"
    heading = "Review id,Date,Stars,Title,Text,Language,Name,E-mail,Order number,SKU,Reply date\n"
    (small_shop.folder / "exports" / "reviews" / "one_more.csv").write_text(heading + said)
    small_shop.import_exports()
    small_shop.run()
    small_shop.state.personas.edit(
        "stock", "quote", language="nl", before=quote, after=f"“{quote}”", by="ann", at=NOON
    )
    small_shop.state.drafts.write(
        "map/x", {"cards": [{"text": "x", "comments": [quote]}]}, after=0, change="card_commented",
        about=quote[:200], by="ann", at=NOON,
    )  # fmt: skip
    small_shop.privacy.erase(customer)
    edit = small_shop.state.personas.history("stock")[0]
    assert (edit.before, edit.after) == ("[erased]", "“[erased]”")
    draft = small_shop.state.drafts.newest("map/x")
    assert draft.content == {"cards": [{"text": "x", "comments": ["[erased]"]}]}
