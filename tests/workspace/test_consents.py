from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from klantreis import Workspace
from klantreis.errors import InputError, NotFoundError
from tests.worker.baskets import make_baskets

EMAIL = "email_marketing"
DAY = date(2026, 3, 1)


def mailable(shop: Workspace) -> tuple[int, str]:
    customers = shop.table("customers")
    known = customers.filter(customers["may_email"] & customers["email"].notnull())
    row = shop.rows(known.order_by("customer_id").limit(1))[0]
    return row["customer_id"], row["email"]


def stated(shop: Workspace, customer: int, is_granted: bool, on: date = DAY) -> None:
    shop.privacy.state_consent(
        customer, EMAIL, is_granted, on=on, heard_by="by telephone", note="called", by="ann"
    )


def test_a_no_that_was_written_down_holds_at_once_everywhere(small_shop: Workspace) -> None:
    customer, email = mailable(small_shop)
    assert small_shop.privacy.may(customer, EMAIL)
    rule = f"email = '{email}' and consent('email')"
    assert small_shop.audiences.count("consent('email')") > 0
    before = small_shop.audiences.count("consent('email')")
    listed = small_shop.audiences.hashed("consent('email')", "meta").count(b"\n")

    stated(small_shop, customer, False)

    assert not small_shop.privacy.may(customer, EMAIL)
    assert small_shop.audiences.count("consent('email')") == before - 1, rule
    assert small_shop.audiences.hashed("consent('email')", "meta").count(b"\n") == listed - 1
    newest = small_shop.privacy.consents(customer)
    mine = next(one for one in newest if one.source == "klantreis")
    assert (mine.heard_by, mine.note, mine.entered_by) == ("by telephone", "called", "ann")

    small_shop.run()
    customers = small_shop.table("customers")
    row = small_shop.rows(customers.filter(customers["customer_id"] == customer))[0]
    assert not row["may_email"], "the tables follow at the next run"


def test_a_yes_never_widens_what_another_source_refused(small_shop: Workspace) -> None:
    customers, consents = small_shop.table("customers"), small_shop.table("consents")
    links = small_shop.table("links")
    refusing = consents.filter((consents["purpose"] == EMAIL) & ~consents["is_granted"])
    numbers = refusing.join(links, "person_id").select("customer_id").distinct()
    no = customers.filter(~customers["may_email"]).semi_join(numbers, "customer_id")
    customer = small_shop.rows(no.order_by("customer_id").limit(1))[0]["customer_id"]
    stated(small_shop, customer, True)
    small_shop.run()
    customers = small_shop.table("customers")
    row = small_shop.rows(customers.filter(customers["customer_id"] == customer))[0]
    assert not row["may_email"]
    assert not small_shop.privacy.may(customer, EMAIL)


def test_a_yes_counts_where_nothing_was_stated(small_shop: Workspace) -> None:
    customers, consents = small_shop.table("customers"), small_shop.table("consents")
    said = consents.join(small_shop.table("links"), "person_id").select("customer_id").distinct()
    silent = customers.filter(customers["email"].notnull()).anti_join(said, "customer_id")
    rows = small_shop.rows(silent.order_by("customer_id").limit(1))
    assert rows, "the shop has somebody of whom nothing was ever stated"
    customer = rows[0]["customer_id"]
    assert not small_shop.privacy.may(customer, EMAIL)
    stated(small_shop, customer, True)
    assert small_shop.privacy.may(customer, EMAIL)
    small_shop.run()
    customers = small_shop.table("customers")
    assert small_shop.rows(customers.filter(customers["customer_id"] == customer))[0]["may_email"]


def test_a_click_in_a_mail_is_part_of_the_history(small_shop: Workspace) -> None:
    customer, email = mailable(small_shop)
    small_shop.state.campaigns.withdraw(customer, email, way="one_click", at=datetime(2026, 3, 2))
    assert not small_shop.privacy.may(customer, EMAIL)
    assert "unsubscribe" in {one.source for one in small_shop.privacy.consents(customer)}


def test_what_cannot_be_is_refused(shop: Workspace) -> None:
    customer, _ = mailable(shop)
    later = datetime.now(UTC).date() + timedelta(days=3)
    with pytest.raises(InputError, match="allowed: email_marketing"):
        shop.privacy.state_consent(customer, "fax", True, on=DAY, heard_by="x", by="ann")
    with pytest.raises(InputError, match="cannot have said it yet"):
        shop.privacy.state_consent(customer, EMAIL, True, on=later, heard_by="x", by="ann")
    with pytest.raises(InputError, match="how we came to know"):
        shop.privacy.state_consent(customer, EMAIL, True, on=DAY, heard_by=" ", by="ann")
    with pytest.raises(NotFoundError):
        shop.privacy.state_consent(123456789, EMAIL, True, on=DAY, heard_by="x", by="ann")


def test_of_two_records_of_one_source_the_stricter_holds(tmp_path: Path) -> None:
    """A later yes of one record takes nothing back of the no of another one: it was not theirs."""

    def said(record: str, *, is_granted: bool, day: int) -> dict[str, object]:
        return {
            "consent_id": f"{record}-{day}",
            "source": "crm",
            "person_id": record,
            "purpose": "sms_marketing",
            "is_granted": is_granted,
            "stated_at": datetime(2026, 1, day),
        }

    stated = [
        said("crm:1", is_granted=True, day=9),
        said("crm:2", is_granted=False, day=2),
        said("crm:3", is_granted=False, day=2),
        said("crm:3", is_granted=True, day=9),
    ]
    owners = {"crm:1": 1, "crm:2": 1, "crm:3": 2}
    links = [
        {"person_id": record, "customer_id": number, "rule": "email"}
        for record, number in owners.items()
    ]
    with make_baskets(tmp_path / "shop", more={"consents": stated, "links": links}) as shop:
        assert not shop.privacy.may(1, "sms_marketing")
        assert shop.privacy.may(2, "sms_marketing")
        assert dict(shop.audiences.purposes) == {"sms": "sms_marketing"}
        assert [one.text for one in shop.audiences.complete("consent('")] == ["'sms'"]
        # What a customer tells us ourselves can be asked for at once.
        shop.privacy.state_consent(
            2, "post_marketing", True, on=DAY, heard_by="by letter", by="ann"
        )
        assert [one.name for one in shop.audiences.complete("consent('")] == ["sms", "post"]
        members = shop.audiences.members("consent('sms')")
        assert shop.fetch(members)["customer_id"].to_pylist() == [2]
