"""What is drafted for a card."""

from __future__ import annotations

from klantreis.personas.drafting import Members, draft

NOBODY = Members(
    n=10,
    with_age=0,
    with_city=0,
    women=8,
    men=2,
    age=None,
    city="",
    city_n=0,
    channel="web",
    purchase_channel="store",
    categories=(),
    orders=1.0,
    needs=(),
    problems=(),
    question="",
    question_n=0,
    question_kind="measured",
)


def test_no_two_personas_have_one_name() -> None:
    ids = ("price", "advice", "stock", "returns", "service")
    names = {draft(one, NOBODY, language="nl", among=ids)["name"].text for one in ids}
    assert len(names) == len(ids)


def test_a_name_does_not_hang_on_the_order_of_the_personas() -> None:
    one = draft("price", NOBODY, language="nl", among=("price", "stock"))["name"]
    assert draft("price", NOBODY, language="nl", among=("stock", "price"))["name"] == one
