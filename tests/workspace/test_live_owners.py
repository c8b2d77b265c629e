from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from klantreis.workspace.live_owners import Statement, owners

COOKIE = Statement("cookie", "v1")
ANN, BOB, NOBODY_YET = 1, 2, 500


def user(name: str) -> Statement:
    return Statement("user_id", name)


def owned(
    stated: dict[str, list[Statement]],
    links: dict[str, int] | None = None,
    pointing: dict[Statement, frozenset[int]] | None = None,
) -> dict[str, int]:
    return owners(stated, links or {}, pointing or {}, frozenset({ANN, BOB}))


def test_who_signed_in_is_the_customer_of_the_account_on_any_device() -> None:
    stated = {"w:u:ann": [user("ann"), COOKIE]}
    assert owned(stated, {"w:u:ann": ANN}, {COOKIE: frozenset({BOB})}) == {"w:u:ann": ANN}
    assert owned(stated, {}, {user("ann"): frozenset({ANN})}) == {"w:u:ann": ANN}


def test_an_account_that_is_new_stays_unknown_even_on_a_known_device() -> None:
    assert owned({"w:u:new": [user("new"), COOKIE]}, {}, {COOKIE: frozenset({ANN})}) == {}


def test_a_visit_is_taken_along_by_the_one_who_signs_in() -> None:
    stated = {"w:a:v1": [COOKIE], "w:u:ann": [user("ann"), COOKIE]}
    links = {"w:u:ann": ANN}
    assert owned(stated, links) == {"w:a:v1": ANN, "w:u:ann": ANN}
    # A cookie that was only a cookie so far yields to whoever signs in.
    assert owned(stated, {**links, "w:a:v1": NOBODY_YET})["w:a:v1"] == ANN


def test_a_shared_device_is_nobodys() -> None:
    both = {"w:a:v1": [COOKIE], "w:u:ann": [user("ann"), COOKIE], "w:u:bob": [user("bob"), COOKIE]}
    assert "w:a:v1" not in owned(both, {"w:u:ann": ANN, "w:u:bob": BOB})
    with_new = {"w:a:v1": [COOKIE], "w:u:ann": [user("ann"), COOKIE], "w:u:x": [user("x"), COOKIE]}
    assert "w:a:v1" not in owned(with_new, {"w:u:ann": ANN})
    earlier = {"w:a:v1": [COOKIE], "w:u:bob": [user("bob"), COOKIE]}
    assert "w:a:v1" not in owned(earlier, {"w:u:bob": BOB, "w:a:v1": ANN})


def test_an_order_of_the_tables_tells_who_paid() -> None:
    order = Statement("order", "shopify:1")
    assert owned({"w:a:v1": [COOKIE, order]}, {}, {order: frozenset({BOB})}) == {"w:a:v1": BOB}


PERSONS = st.dictionaries(
    st.sampled_from([f"p{n}" for n in range(5)]),
    st.lists(
        st.builds(
            Statement,
            st.sampled_from(["user_id", "cookie", "subscriber", "order"]),
            st.sampled_from("abc"),
        ),
        max_size=3,
    ),
)
POINTING = st.dictionaries(
    st.builds(
        Statement,
        st.sampled_from(["user_id", "cookie", "subscriber", "order"]),
        st.sampled_from("abc"),
    ),
    st.frozensets(st.integers(1, 4), min_size=1, max_size=2),
)


@given(PERSONS, st.dictionaries(st.sampled_from(["p0", "p1", "p2"]), st.integers(1, 4)), POINTING)
def test_nobody_is_guessed_and_the_order_of_arrival_does_not_matter(
    stated: dict[str, list[Statement]],
    links: dict[str, int],
    pointing: dict[Statement, frozenset[int]],
) -> None:
    found = owners(stated, links, pointing, frozenset({1, 2}))
    turned = {person: said[::-1] for person, said in reversed(stated.items())}
    assert owners(turned, links, pointing, frozenset({1, 2})) == found
    told = {*links.values(), *(one for claims in pointing.values() for one in claims)}
    assert set(found.values()) <= told
    assert all(
        found[person] == links[person]
        for person in links.keys() & found.keys()
        if any(one.kind == "user_id" for one in stated[person])
    )
