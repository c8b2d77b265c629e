"""Saved audiences: kept under a name, asked for in rules and flows, never in a circle."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis import Workspace
from klantreis.errors import ConflictError, InputError, NotFoundError, RuleError
from klantreis.rules import InAudience, parse, parts_of, text_of
from klantreis.worker import work_once
from klantreis.workspace.audience_members import AudienceMembers
from tests.worker.baskets import NOON, make_baskets

CARTED = "did 'add_to_cart' in last 1 day"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    workspace = make_baskets(tmp_path / "shop")
    text = workspace.campaigns.one("abandoned_basket").text
    workspace.campaigns.save(text.replace('"email"', '"file"'), by="Ann")
    yield workspace
    workspace.close()


def test_an_audience_is_saved_listed_changed_and_deleted(shop: Workspace) -> None:
    audiences = shop.audiences
    audiences.save("Baskets", CARTED, description=" who left  a basket ", by="Ann")
    (one,) = audiences.saved()
    assert (one.description, one.rule, one.changed_by) == ("who left a basket", CARTED, "Ann")
    assert audiences.size("in_audience('Baskets')").customers == 5
    audiences.save("Baskets", f"{CARTED} and orders = 99", by="Bo")
    assert audiences.size("in_audience('Baskets')").customers == 0
    audiences.remove("Baskets")
    assert audiences.saved() == ()
    with pytest.raises(NotFoundError, match="none is saved yet"):
        audiences.one("Baskets")


def test_a_saved_audience_is_counted_when_it_is_saved_and_again(shop: Workspace) -> None:
    audiences, kept = shop.audiences, shop.state.audiences
    audiences.save("Baskets", CARTED, by="Ann")
    (first,) = audiences.history("Baskets")
    assert (first.customers, first.is_of_this_rule) == (5, True)
    # Of an earlier run, when there were two.
    (size,) = kept.sizes("Baskets")
    before = size.measured_at - timedelta(days=30)
    kept.keep_size(replace(size, measured_at=before, customers=2))
    assert shop.published
    audiences.keep_sizes()
    assert [(one.at, one.customers) for one in audiences.history("Baskets")] == [
        (before, 2), (shop.published.as_of, 5)
    ]  # fmt: skip


def test_sizes_by_an_earlier_rule_are_told_apart_also_of_an_audience_that_it_rests_on(
    shop: Workspace,
) -> None:
    audiences, kept = shop.audiences, shop.state.audiences
    audiences.save("Baskets", CARTED, by="Ann")
    audiences.save("Known", "in_audience('Baskets') and is_known", by="Ann")
    (size,) = kept.sizes("Known")
    kept.keep_size(replace(size, measured_at=size.measured_at - timedelta(days=30)))
    audiences.save("Baskets", f"{CARTED} and orders = 99", by="Ann")
    shop.audiences.keep_sizes()
    assert [(one.customers, one.is_of_this_rule) for one in audiences.history("Known")] == [
        (5, False), (0, True)
    ]  # fmt: skip
    audiences.remove("Known")
    assert kept.sizes("Known") == ()


def test_who_came_and_left_is_told_and_is_in_a_backup(shop: Workspace, tmp_path: Path) -> None:
    shop.audiences.save("Baskets", CARTED, by="Ann")
    (size,) = shop.state.audiences.sizes("Baskets")
    kept = AudienceMembers(shop.store.folder)
    for days, members in ((2, [1, 2, 3, 4, 5]), (1, [1, 3]), (0, [2, 3])):
        at = size.measured_at - timedelta(days=days)
        kept.keep(size.rule_mark, np.array(members), at=at, now_known_as={})
    moves = shop.audiences.moves("Baskets")
    assert moves
    assert [(one.customer_id, one.came) for one in moves.passers] == [(2, True), (1, False)]
    shop.back_up(tmp_path / "backup.zip")
    with Workspace.restore(tmp_path / "backup.zip", tmp_path / "again") as again:
        assert again.audiences.moves("Baskets") == moves
    two = kept.of_customer(size.rule_mark, [2])
    assert [what for _, what in two] == ["left", "came", "is in"]
    shop.audiences.remove("Baskets")
    assert list(kept.files()) == []


def test_an_audience_whose_rule_cannot_be_read_any_more_keeps_its_history(shop: Workspace) -> None:
    shop.audiences.save("Baskets", CARTED, by="Ann")
    saved = shop.audiences.one("Baskets")
    shop.state.audiences.save(replace(saved, rule="did 'dropped_event'"))
    shop.audiences.keep_sizes()
    (point,) = shop.audiences.history("Baskets")
    assert (point.customers, point.is_of_this_rule) == (5, False)


@pytest.mark.parametrize("name", ["", "'quoted'", "a/b", "x" * 61])
def test_a_name_that_cannot_be_written_in_a_rule_is_refused(shop: Workspace, name: str) -> None:
    with pytest.raises(InputError, match="No name"):
        shop.audiences.save(name, CARTED, by="Ann")


def test_a_name_in_other_capitals_is_taken(shop: Workspace) -> None:
    shop.audiences.save("Regulars", CARTED, by="Ann")
    with pytest.raises(InputError, match="of this name"):
        shop.audiences.save("regulars", CARTED, by="Ann")


def test_an_unknown_name_is_refused_at_its_place_with_the_names_that_there_are(
    shop: Workspace,
) -> None:
    shop.audiences.save("Baskets", CARTED, by="Ann")
    with pytest.raises(RuleError) as refused:
        shop.audiences.count("is_known and in_audience('Basket')")
    error = refused.value
    assert (error.kind, error.column, error.allowed) == ("unknown_audience", 26, "'Baskets'")


def test_audiences_never_rest_on_themselves(shop: Workspace) -> None:
    audiences = shop.audiences
    audiences.save("a", CARTED, by="Ann")
    audiences.save("b", "in_audience('a')", by="Ann")
    audiences.save("c", "not in_audience('b')", by="Ann")
    for name in ("a", "b", "c"):
        with pytest.raises(RuleError) as refused:
            audiences.save("a", f"is_known or in_audience('{name}')", by="Ann")
        assert (refused.value.kind, refused.value.column) == ("audience_circle", 25)
    assert audiences.one("a").rule == CARTED


def test_what_is_asked_for_elsewhere_is_not_deleted(shop: Workspace) -> None:
    audiences, campaigns = shop.audiences, shop.campaigns
    audiences.save("a", CARTED, by="Ann")
    audiences.save("b", "in_audience('a')", by="Ann")
    text = campaigns.one("win_back").text
    campaigns.save(text.replace('rule = "orders', "rule = \"in_audience('b') and orders"), by="Ann")
    assert audiences.use("a").campaigns == ("win_back",)
    for name in ("a", "b"):
        with pytest.raises(ConflictError, match="in use"):
            audiences.remove(name)


def test_a_campaign_follows_the_audience_as_it_is_now(shop: Workspace) -> None:
    shop.audiences.save("chosen", "name = 'Sanne 2'", by="Ann")
    text = shop.campaigns.one("abandoned_basket").text
    asked = text.replace('rule = "not', "rule = \"in_audience('chosen') and not")
    shop.campaigns.save(asked, by="Ann")
    work_once(shop, now=NOON)
    log = shop.state.campaigns.log("abandoned_basket", action="sent")
    assert {line.customer_id for line in log} == {2}
    shop.audiences.save("chosen", "name in ('Sanne 2', 'Sanne 3')", by="Ann")
    work_once(shop, now=NOON)
    log = shop.state.campaigns.log("abandoned_basket", action="sent")
    assert {line.customer_id for line in log} == {2, 3}


def test_a_campaign_decides_by_everything_that_a_rule_can_ask(shop: Workspace) -> None:
    text = shop.campaigns.one("abandoned_basket").text
    rule = (
        "did 'add_to_cart' in last 9 days then not 'purchase' and churn_risk is unknown"
        " and not (persona('quality') or phase('think')) and last('add_to_cart') in last 2 days"
        " and name = 'Sanne 2'"
    )
    asked = text.replace('rule = "not', f'rule = "{rule} and not')
    shop.campaigns.save(asked, by="Ann")
    work_once(shop, now=NOON)
    log = shop.state.campaigns.log("abandoned_basket", action="sent")
    assert {line.customer_id for line in log} == {2}


def test_what_may_stand_in_a_rule_knows_this_shop(shop: Workspace) -> None:
    shop.audiences.save("Baskets", CARTED, by="Ann")
    assert [one.text for one in shop.audiences.complete("in_audience('")] == ["'Baskets'"]
    assert [one.name for one in shop.audiences.complete("did 'add_to_c' and is_known", 13)] == [
        "add_to_cart"
    ]


def test_a_list_tells_who_may_be_mailed_and_the_hashed_one_leaves_out_who_may_not(
    shop: Workspace,
) -> None:
    shop.state.campaigns.withdraw(4, "", way="page", at=NOON)
    rows = list(csv.DictReader(io.StringIO(shop.audiences.listed(CARTED).decode())))
    assert {row["customer_id"]: row["may_email"] for row in rows} == {
        "1": "yes", "2": "yes", "3": "yes", "4": "no", "5": "yes"
    }  # fmt: skip
    assert len(shop.audiences.hashed(CARTED, "meta").splitlines()) == 1 + 4


NAMES = st.sampled_from(["a", "b", "c", "d"])


@given(st.lists(st.tuples(NAMES, st.frozensets(NAMES, max_size=3)), max_size=12))
def test_whatever_is_saved_in_any_order_no_circle_comes_about(
    wishes: list[tuple[str, frozenset[str]]],
) -> None:
    """The same check as the workspace makes, on rules that ask for one another."""
    kept: dict[str, frozenset[str]] = {}

    def reached(name: str) -> set[str]:
        found, waiting = set(), [name]
        while waiting:
            for other in kept.get(waiting.pop(), ()):
                if other not in found:
                    found.add(other)
                    waiting.append(other)
        return found

    for name, wanted in wishes:
        circular = {name, *(other for other in kept if name in reached(other))}
        texts = " or ".join(["is_known", *(f"in_audience('{one}')" for one in sorted(wanted))])
        saved = {other: parse("is_known") for other in kept}
        try:
            rule = parse(texts, audiences=saved, circular=circular)
        except RuleError:
            continue
        assert parse(text_of(rule), audiences=saved) == rule
        kept[name] = wanted
    assert not any(name in reached(name) for name in kept)


def test_an_audience_in_a_rule_means_its_rule() -> None:
    inner = parse("orders >= 2 or is_known")
    rule = parse("not in_audience('x') and may_email", audiences={"x": inner})
    assert InAudience("x", inner) in parts_of(rule)
