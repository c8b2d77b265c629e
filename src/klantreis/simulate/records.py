"""How the loyalty programme knows its members: typed at the till, retyped elsewhere, with errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klantreis.simulate.draws import Choice, Floats, Ints, Mask, chance
from klantreis.simulate.market import Market
from klantreis.simulate.people import CHANGED, EMAIL_SLOTS, MAIN, MISTYPED, NEVER, SECOND, People

__all__ = ["TYPOS", "Records", "type_records"]

TYPOS = ("none", "dropped letter", "swapped letters", "doubled letter", "wrong vowel", "as heard")
TYPED_AGAIN, TYPED_A_THIRD_TIME = 0.11, 0.12


@dataclass(frozen=True)
class Records:
    """Records of the loyalty programme, one entry each.

    Attributes:
        human: place of the human within the chunk; `number` 1 for the first record of a human.
        day: day of enrolment; `changed` day on which it was last kept up, or `NEVER`.
        email: address or -1; `phone` whether a mobile number was given; `landline` a fixed one.
        at_new_home: whether the address after moving stands in it.
        initial: whether only an initial was typed; `married` whether the partner's name is used.
        first_typo, surname_typo, street_typo: number in `TYPOS`; `place` where in the word.
        born_typo: 0 right, 1 day and month swapped, 2 a year off, 3 not given.
        style: how postcode and telephone were written.
    """

    human: Ints
    number: Ints
    day: Ints
    changed: Ints
    email: Ints
    phone: Mask
    landline: Mask
    at_new_home: Mask
    initial: Mask
    married: Mask
    first_typo: Ints
    surname_typo: Ints
    street_typo: Ints
    born_typo: Ints
    place: Ints
    style: Ints
    mails: Mask


def type_records(rng: np.random.Generator, market: Market, people: People) -> Records:
    """Type every member in, some of them twice or three times."""
    members = np.flatnonzero(people.member_on < NEVER)
    again = chance(rng, TYPED_AGAIN, len(members))
    thrice = again & chance(rng, TYPED_A_THIRD_TIME, len(members))
    human = np.r_[members, members[again], members[thrice]]
    number = np.repeat([1, 2, 3], [len(members), again.sum(), thrice.sum()])
    order = np.lexsort((number, human))
    human, number = human[order], number[order]
    day = people.member_on[human] + rng.integers(60, 700, len(human)) * (number - 1)
    inside = day < market.plan.last_day
    human, number, day = human[inside], number[inside], day[inside]
    count, retyped = len(human), number > 1
    keeps_up = chance(rng, 0.55, count) & (number == 1)
    moved = people.moved_on[human]
    follows = keeps_up & (moved < market.plan.last_day) & (moved > day)
    careless = np.where(retyped, 0.3, 0.04)
    return Records(
        human=human,
        number=number,
        day=day,
        changed=np.where(
            follows, np.minimum(moved + rng.integers(3, 60, count), market.plan.last_day - 1), NEVER
        ),
        email=_emails(rng, people, human, day, follows, retyped),
        phone=chance(rng, np.where(retyped, 0.62, 0.74), count),
        landline=chance(rng, 0.12, count),
        at_new_home=(day >= moved) | follows,
        initial=chance(rng, np.where(retyped, 0.25, 0.08), count),
        married=chance(rng, np.where(retyped, 0.6, 0.35), count),
        first_typo=_typos(rng, careless * 0.6, count),
        surname_typo=_typos(rng, careless, count),
        street_typo=_typos(rng, careless * 0.8, count),
        born_typo=np.where(
            chance(rng, careless * 0.5, count),
            rng.integers(1, 3, count),
            np.where(chance(rng, np.where(retyped, 0.3, 0.18), count), 3, 0),
        ),
        place=rng.integers(0, 1_000, count),
        style=rng.integers(0, 1_000, count),
        mails=chance(rng, 0.62, count),
    )


def _typos(rng: np.random.Generator, probability: Floats, count: int) -> Ints:
    made = Choice([0, 3, 3, 2, 3, 2]).draw_many(rng, count)
    return np.where(chance(rng, probability, count), made, 0)


def _emails(
    rng: np.random.Generator, people: People, human: Ints, day: Ints, follows: Mask, retyped: Mask
) -> Ints:
    count = len(human)
    base = people.email_owner[human] * EMAIL_SLOTS
    changed = (day >= people.email_changed_on[human]) | (
        (people.email_changed_on[human] < NEVER) & follows
    )
    slot = np.where(changed, CHANGED, MAIN)
    slot = np.where(~changed & retyped & chance(rng, 0.18, count), MISTYPED, slot)
    other = retyped & chance(rng, 0.2, count)
    email = np.where(other, people.human[human] * EMAIL_SLOTS + SECOND, base + slot)
    return np.where(chance(rng, np.where(retyped, 0.62, 0.78), count), email, -1)
