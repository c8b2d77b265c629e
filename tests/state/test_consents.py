from __future__ import annotations

from datetime import datetime

from klantreis.state import State, StatedConsent

EMAIL = "email_marketing"


def said(customer_id: int, is_granted: bool, day: int, *, purpose: str = EMAIL) -> StatedConsent:
    return StatedConsent(
        customer_id,
        f"c{customer_id}@voorbeeld.nl",
        purpose,
        is_granted,
        datetime(2026, 3, day),
        "by telephone",
        "",
        datetime(2026, 3, 20),
        "ann",
    )


def test_the_last_word_of_each_customer_counts_and_all_words_are_kept(state: State) -> None:
    words = [
        said(1, False, 1),
        said(1, True, 2),
        said(2, True, 5),
        said(2, False, 3),  # written down later, said earlier
        said(3, True, 4),
        said(3, False, 4),  # at the same moment: the no counts
        said(4, False, 1, purpose="profiling"),
    ]
    for word in words:
        state.consents.add(word)
    granted, refused, emails = state.consents.last_words(EMAIL)
    assert granted == {1, 2}
    assert refused == {3}
    assert emails == {"c3@voorbeeld.nl"}
    assert state.consents.of([1, 2]) == tuple(words[:4])
