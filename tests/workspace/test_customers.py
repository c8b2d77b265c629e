"""One customer in Python: by anything that points to them, with everything that is known."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from klantreis import Workspace
from klantreis.errors import InputError, NotFoundError
from klantreis.workspace import CONSENT_PURPOSES, Customer
from tests.web.shop import make_workspace


@pytest.fixture
def somebody(shop: Workspace) -> Customer:
    """A customer with a card and an address that nobody else states, and several records."""
    customers = shop.table("portraits")
    known = customers.filter(
        customers["loyalty_card"].notnull()
        & customers["email"].notnull()
        & (customers["orders"] >= 2)
        & (customers["sources"].length() >= 2)
    )
    for row in shop.rows(known.order_by("customer_id").limit(50)):
        found = shop.customer(row["customer_id"])
        if len(found.records) > 2:
            return found
    raise AssertionError("nobody is known well enough")


def test_a_customer_is_found_by_whatever_points_to_them(
    shop: Workspace, somebody: Customer
) -> None:
    email, card = somebody["email"], somebody["loyalty_card"]
    ways = [somebody.number, str(somebody.number), email, f" {email.upper()} ", card]
    ways += [one.person_id for one in somebody.records]
    for who in ways:
        assert shop.customer(who).number == somebody.number, who
    assert shop.customer(card, kind="loyalty_card").number == somebody.number
    assert all(
        shop.customer(one.value, kind=one.kind).number == somebody.number
        for one in somebody.identifiers
        if one.kind in ("email", "loyalty_card", "customer_number")
    )


def test_what_is_told_of_a_customer_is_what_the_tables_hold(
    shop: Workspace, somebody: Customer
) -> None:
    number = somebody.number
    (row,) = shop.rows(
        shop.table("portraits").filter(shop.table("portraits")["customer_id"] == number)
    )
    assert dict(somebody.portrait) == row
    assert somebody["orders"] == row["orders"]
    timeline = shop.table("timeline")
    moments = shop.rows(timeline.filter(timeline["customer_id"] == number).order_by("position"))
    assert [one.record_id for one in somebody.timeline] == [one["record_id"] for one in moments]
    assert [one.at for one in somebody.timeline] == sorted(one["occurred_at"] for one in moments)
    memberships = shop.table("memberships")
    own = shop.rows(memberships.filter(memberships["customer_id"] == number))
    assert somebody.segments == {one["segmentation"]: one["segment"] for one in own}
    assert set(somebody.permissions) == set(CONSENT_PURPOSES)
    assert {one.source for one in somebody.records} <= set(row["sources"]) | {"crm"}
    first, *others = somebody.records
    told = somebody.why()
    assert [(why.left.person_id, why.is_one) for why in told] == [(first.person_id, True)] * len(
        others
    )
    assert all(why.chain for why in told)


def test_a_customer_shows_itself_in_a_few_lines(somebody: Customer) -> None:
    shown = repr(somebody)
    assert shown.startswith(f"Customer {somebody.number}: {somebody.name}")
    for part in ("moments on", "bought", "rfm ", "may: email_marketing", "known by"):
        assert part in shown
    assert len(shown.splitlines()) <= 8


def test_old_numbers_lead_to_the_customer_for_ever(tmp_path: Path) -> None:
    with make_workspace(tmp_path / "shop", 40) as workspace:  # 901 went over into 1
        for who in (901, "901", 1):
            found = workspace.customer(who)
            assert (found.number, found.old_numbers) == (1, (901,))
        assert found.name == "Sanne de Vries"


@pytest.mark.parametrize(
    ("who", "kind", "told"),
    [
        ("", "", "no customer"),
        (True, "", "no customer"),
        ("ann@voorbeeld.nl", "mail", "allowed: customer_number, user_id"),
        (1, "email", "of the number 1"),
    ],
)
def test_what_is_nothing_to_look_for_is_refused(
    shop: Workspace, who: int | str, kind: str, told: str
) -> None:
    with pytest.raises(InputError, match=told):
        shop.customer(who, kind=kind)


@pytest.mark.parametrize(
    "who", [0, -5, 10**30, "nobody@voorbeeld.nl", "null", "crm:none", "9" * 40]
)
def test_who_is_nobody_is_told_with_what_can_be_asked(shop: Workspace, who: int | str) -> None:
    with pytest.raises(NotFoundError, match="points to no customer"):
        shop.customer(who)


def test_what_points_to_several_is_refused_with_their_numbers(shop: Workspace) -> None:
    stated, links = shop.table("stated_identifiers"), shop.table("links")
    clear = stated.filter(~stated["is_junk"] & (stated["kind"] != "cookie"))
    owned = clear.join(links, "person_id").filter(links["customer_id"].notnull())
    counted = owned.group_by("kind", "value").aggregate(owners=owned["customer_id"].nunique())
    several = shop.rows(counted.filter(counted["owners"] > 1).order_by("kind", "value").limit(1))
    assert several
    with pytest.raises(
        InputError, match=r"points to several customers.*one of the numbers [0-9]+,"
    ):
        shop.customer(several[0]["value"], kind=several[0]["kind"])


def test_a_wrong_column_or_purpose_is_named(somebody: Customer) -> None:
    with pytest.raises(InputError, match=r"'ordres'.*orders"):
        somebody["ordres"]
    with pytest.raises(InputError, match=r"'mail'.*email_marketing"):
        somebody.may("mail")


def test_a_no_to_us_holds_at_once_for_any_purpose_and_in_rules(small_shop: Workspace) -> None:
    portraits = small_shop.table("portraits")
    known = portraits.filter(portraits["is_known"]).order_by("customer_id").limit(2)
    one, other = (row["customer_id"] for row in small_shop.rows(known))
    for number, is_granted in ((one, True), (other, True), (other, False)):
        small_shop.privacy.state_consent(
            number,
            "sms_marketing",
            is_granted,
            on=datetime.now(UTC).date(),
            heard_by="by telephone",
            by="Ann",
        )
    assert small_shop.customer(one).permissions["sms_marketing"] is True
    assert small_shop.customer(other).permissions["sms_marketing"] is False
    assert small_shop.customer(other).permissions["post_marketing"] is None
    members = small_shop.audiences.members("consent('sms')")
    assert small_shop.fetch(members)["customer_id"].to_pylist() == [one]
    assert small_shop.audiences.count("consent('post') or consent('profiling')") == 0
    everybody = small_shop.audiences.count("not consent('sms')")
    assert everybody == small_shop.audiences.count("orders >= 0") - 1
