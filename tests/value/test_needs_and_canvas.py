from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.errors import InputError, NotFoundError
from klantreis.value import (
    NeedTest,
    Offer,
    canvas_fit,
    need_score,
    need_tests,
    offers,
    with_offer,
    with_test,
    without_offer,
)


def test_a_judgement_is_kept_beside_the_others() -> None:
    content = with_test({}, NeedTest("price", 5, 2, "chosen", "", "Ann"))
    content = with_test(content, NeedTest("stock", 1, 4, "refused", "not who we are", "Bob"))
    assert need_tests(content)["price"] == NeedTest("price", 5, 2, "chosen", "", "Ann")
    assert need_tests(content)["stock"].reason == "not who we are"


@pytest.mark.parametrize(
    "test",
    [
        NeedTest("price", decision="parked"),
        NeedTest("price", decision="refused", reason="  "),
        NeedTest("price", decision="forgotten"),
        NeedTest("price", fit=6),
        NeedTest("price", cost=-1),
        NeedTest("price", reason="x" * 501),
    ],
)
def test_a_judgement_that_says_too_little_or_too_much_is_refused(test: NeedTest) -> None:
    with pytest.raises(InputError):
        with_test({}, test)


def test_a_need_weighs_nothing_before_it_is_judged() -> None:
    assert need_score(0.4, NeedTest("price", fit=5)) is None
    assert need_score(None, NeedTest("price", fit=5, cost=1)) is None
    assert need_score(0.5, NeedTest("price", fit=4, cost=2)) == 1.0


def test_offers_come_and_go() -> None:
    made = Offer("1", "reliever", "Size advice", ("pain:a",), "Ann")
    content = with_offer({}, made)
    assert offers(content) == (made,)
    assert offers(without_offer(content, "1")) == ()
    with pytest.raises(NotFoundError):
        without_offer(content, "2")
    with pytest.raises(InputError, match="creator"):
        with_offer({}, Offer("1", "gadget", "x", (), "Ann"))
    with pytest.raises(InputError):
        with_offer({}, Offer("1", "product", " ", (), "Ann"))


@given(st.lists(st.text(max_size=3), unique=True), st.lists(st.text(max_size=3)))
def test_every_pain_and_gain_is_either_answered_or_a_gap(keys: list[str], named: list[str]) -> None:
    fit = canvas_fit(keys, [Offer("1", "product", "x", tuple(named), "Ann")])
    assert fit.answered + len(fit.gaps) == fit.total == len(keys)
    assert set(fit.gaps) == set(keys) - set(named)
    assert fit.score is None or 0 <= fit.score <= 1
