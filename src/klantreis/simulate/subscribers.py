"""Who gets which mailing, opens it, and whom it makes buy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klantreis.simulate.clock import DAY, HOUR, MINUTE
from klantreis.simulate.draws import Ints, Mask, chance
from klantreis.simulate.kinds import kinds
from klantreis.simulate.market import Market
from klantreis.simulate.people import CHANGED, EMAIL_SLOTS, MAIN, NEVER, SECOND, People

__all__ = ["ACTIONS", "Sendings", "send_mailings", "subscriber_email"]

ACTIONS = ("sent", "holdout", "open", "click", "bounce", "unsub", "abuse")
SENT, HOLDOUT, OPEN, CLICK, BOUNCE, UNSUB, ABUSE = range(7)
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
    left_on, left_after = np.full(len(people), NEVER), np.full(len(people), -1)
    cleaned = np.zeros(len(people), dtype=np.bool_)
    fixed = (people.email_changed_on < NEVER) & (people.human % 2 == 1)
    rows: list[tuple[Ints, int, int, Ints]] = [(_none(), 0, SENT, _none())]
    planted: list[tuple[Ints, Ints, Ints]] = [(_none(), _none(), _none())]
    keen = kinds().newsletter[people.kind] / kinds().newsletter.mean()
    for number, mailing in enumerate(market.mailings):
        day = mailing.sent_at // DAY
        to = np.flatnonzero((people.subscribed_on <= day) & (left_on > day) & ~cleaned)
        held = chance(rng, mailing.holdout, len(to))
        rows.append((to[held], number, HOLDOUT, np.full(int(held.sum()), mailing.sent_at)))
        to = to[~held]
        sent_at = mailing.sent_at + rng.integers(0, 20 * MINUTE, len(to))
        rows.append((to, number, SENT, sent_at))
        bounced = fixed[to] & (people.email_changed_on[to] < day - 40) & chance(rng, 0.5, len(to))
        bounced |= chance(rng, 0.001, len(to))
        rows.append((to[bounced], number, BOUNCE, sent_at[bounced] + 30))
        cleaned[to[bounced]] = True
        opened = ~bounced & chance(rng, OPENS * keen[to], len(to))
        opened_at = sent_at + (rng.lognormal(9.2, 1.4, len(to))).astype(np.int64)
        rows.append((to[opened], number, OPEN, opened_at[opened]))
        leaves = opened & chance(rng, 0.004, len(to))
        rows.append((to[leaves], number, UNSUB, opened_at[leaves] + 40))
        left_on[to[leaves]] = opened_at[leaves] // DAY + 1
        left_after[to[leaves]] = number
        abused = leaves & chance(rng, 0.06, len(to))
        rows.append((to[abused], number, ABUSE, opened_at[abused] + 60))
        buys = to[~bounced & chance(rng, mailing.lift, len(to))]
        after = HOUR + np.minimum(rng.exponential(2.5 * DAY, len(buys)), WITHIN).astype(np.int64)
        planted.append((buys, _awake(mailing.sent_at + after), np.full(len(buys), number)))
    return Sendings(
        human=np.concatenate([row[0] for row in rows]),
        mailing=np.concatenate([np.full(len(row[0]), row[1]) for row in rows]),
        action=np.concatenate([np.full(len(row[0]), row[2]) for row in rows]),
        at=np.concatenate([row[3] for row in rows]),
        left_on=left_on,
        left_after=left_after,
        cleaned=cleaned,
        planted=(
            np.concatenate([row[0] for row in planted]),
            np.concatenate([row[1] for row in planted]),
            np.concatenate([row[2] for row in planted]),
        ),
    )


def _none() -> Ints:
    return np.zeros(0, dtype=np.int64)


def _awake(seconds: Ints) -> Ints:
    """Keep to hours at which the stores are open and people are awake."""
    hour = seconds % DAY // HOUR
    inside = seconds // DAY * DAY + 12 * HOUR + seconds % (5 * HOUR)
    return np.where((hour < 12) | (hour >= 17), inside, seconds)
