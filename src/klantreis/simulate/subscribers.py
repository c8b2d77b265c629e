"""Who gets which mailing, opens it, and whom it makes buy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klantreis.simulate.clock import DAY, HOUR, MINUTE
from klantreis.simulate.draws import Ints, Mask, chance
from klantreis.simulate.kinds import kinds
from klantreis.simulate.mailings import Mailing
from klantreis.simulate.market import Market
from klantreis.simulate.people import CHANGED, EMAIL_SLOTS, MAIN, NEVER, SECOND, People

__all__ = ["ACTIONS", "Sendings", "send_mailings", "subscriber_email"]

ACTIONS = ("sent", "holdout", "open", "click", "bounce", "unsub", "abuse")
SENT, HOLDOUT, OPEN, CLICK, BOUNCE, UNSUB, ABUSE, PLANTED = range(8)
OPENS = 0.36
WITHIN = 13 * DAY


@dataclass(frozen=True)
class Sendings:
    """What happened with the mailings, one entry an action, before anyone clicked.

    Attributes:
        human, mailing, action, at: who, which, what (`ACTIONS`), local second.
        left_on: for every human the day of unsubscribing, else `NEVER`; `left_after` the mailing.
        cleaned: whose address no longer works.
        planted: human, local second and mailing of the purchases that the mailings bring about.
    """

    human: Ints
    mailing: Ints
    action: Ints
    at: Ints
    left_on: Ints
    left_after: Ints
    cleaned: Mask
    planted: tuple[Ints, Ints, Ints]


def subscriber_email(people: People) -> Ints:
    """The address on the mailing list; some keep an old one or gave a second one."""
    changed = (people.email_changed_on < NEVER) & (people.human % 2 == 0)
    second = people.human % 9 == 4
    own = people.email_owner * EMAIL_SLOTS + np.where(changed, CHANGED, MAIN)
    return np.where(second, people.human * EMAIL_SLOTS + SECOND, own)


def send_mailings(rng: np.random.Generator, market: Market, people: People) -> Sendings:
    """Send all mailings of the period, in order, to who is subscribed at that moment."""
    state = _List(people)
    for number, mailing in enumerate(market.mailings):
        day = mailing.sent_at // DAY
        present = (people.subscribed_on <= day) & (state.left_on > day) & ~state.cleaned
        to = np.flatnonzero(present)
        held = chance(rng, mailing.holdout, len(to))
        state.note(HOLDOUT, number, to[held], np.full(int(held.sum()), mailing.sent_at))
        to = to[~held]
        arrived = _deliver(rng, state, people, number, mailing, to)
        buys = to[arrived & chance(rng, mailing.lift, len(to))]
        after = HOUR + np.minimum(rng.exponential(2.5 * DAY, len(buys)), WITHIN).astype(np.int64)
        state.note(PLANTED, number, buys, _awake(mailing.sent_at + after))
    human, action, mailing_number, at = state.rows()
    told, bought = action != PLANTED, action == PLANTED
    return Sendings(
        human=human[told],
        mailing=mailing_number[told],
        action=action[told],
        at=at[told],
        left_on=state.left_on,
        left_after=state.left_after,
        cleaned=state.cleaned,
        planted=(human[bought], at[bought], mailing_number[bought]),
    )


class _List:
    """The mailing list as it stands, and what has been noted on it so far."""

    def __init__(self, people: People) -> None:
        self.left_on = np.full(len(people), NEVER)
        self.left_after = np.full(len(people), -1)
        self.cleaned = np.zeros(len(people), dtype=np.bool_)
        self._notes: list[Ints] = [np.zeros((4, 0), dtype=np.int64)]

    def note(self, action: int, mailing: int, humans: Ints, at: Ints) -> None:
        ones = np.ones(len(humans), dtype=np.int64)
        self._notes.append(np.stack([humans, action * ones, mailing * ones, at]))

    def rows(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Human, action, mailing and local second of all notes."""
        human, action, mailing, at = np.concatenate(self._notes, axis=1)
        return human, action, mailing, at


def _deliver(
    rng: np.random.Generator,
    state: _List,
    people: People,
    number: int,
    mailing: Mailing,
    to: Ints,
) -> Mask:
    """Send one mailing; true for whom it reached."""
    sent_at = mailing.sent_at + rng.integers(0, 20 * MINUTE, len(to))
    state.note(SENT, number, to, sent_at)
    gone = people.email_changed_on[to] < mailing.sent_at // DAY - 40
    bounced = gone & (people.human[to] % 2 == 1) & chance(rng, 0.5, len(to))
    bounced |= chance(rng, 0.001, len(to))
    state.note(BOUNCE, number, to[bounced], sent_at[bounced] + 30)
    state.cleaned[to[bounced]] = True
    keen = (kinds().newsletter / kinds().newsletter.mean())[people.kind[to]]
    opened = ~bounced & chance(rng, OPENS * keen, len(to))
    opened_at = sent_at + rng.lognormal(9.2, 1.4, len(to)).astype(np.int64)
    state.note(OPEN, number, to[opened], opened_at[opened])
    leaves = opened & chance(rng, 0.004, len(to))
    state.note(UNSUB, number, to[leaves], opened_at[leaves] + 40)
    state.left_on[to[leaves]] = opened_at[leaves] // DAY + 1
    state.left_after[to[leaves]] = number
    abused = leaves & chance(rng, 0.06, len(to))
    state.note(ABUSE, number, to[abused], opened_at[abused] + 60)
    arrived: Mask = ~bounced
    return arrived


def _awake(seconds: Ints) -> Ints:
    """Keep to hours at which the stores are open and people are awake."""
    hour = seconds % DAY // HOUR
    inside = seconds // DAY * DAY + 12 * HOUR + seconds % (5 * HOUR)
    return np.where((hour < 12) | (hour >= 17), inside, seconds)
