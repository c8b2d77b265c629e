"""Who lives where: households, names, addresses, accounts, cards and ways to be reached."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klantreis.simulate.addresses import Addresses, draw_addresses
from klantreis.simulate.draws import Choice, Floats, Ints, Mask, chance, group_order
from klantreis.simulate.kinds import kinds
from klantreis.simulate.market import Market
from klantreis.simulate.reference import rows
from klantreis.simulate.surnames import surnames

__all__ = ["EMAIL_SLOTS", "NEVER", "People", "draw_people"]

EMAIL_SLOTS = 4  # main, after a change, second address, mistyped
MAIN, CHANGED, SECOND, MISTYPED = range(EMAIL_SLOTS)
NEVER = 2**40
FEMALE, MALE = 0, 1
YOUNGEST_DAYS = 16 * 365 + 4  # nobody younger joins or makes an account
LANGUAGES = ("nl", "en")


@dataclass(frozen=True)
class People:
    """Human beings, one entry each; a chunk of them lies together, households side by side.

    Attributes:
        human: number of the human in the whole shop, from 1.
        household: number of the household's first human; the same for all who live together.
        first, surname: rows in the reference lists; `married` the partner's surname or -1.
        born: day since 1970.
        home, moved: address before and after `moved_on` (day since 1970 or `NEVER`).
        email_owner: human whose main address is used, another one where a household shares it.
        email_changed_on: day from which the address in slot `CHANGED` is used, or `NEVER`.
        member_on, account_on, subscribed_on: days of enrolment, `NEVER` for who does not.
        mood: how kindly this human judges, around 0.
        activity: factor on the number of journeys, 1 on average.
    """

    human: Ints
    household: Ints
    kind: Ints
    gender: Ints
    first: Ints
    surname: Ints
    married: Ints
    born: Ints
    language: Ints
    home: Addresses
    moved: Addresses
    moved_on: Ints
    store: Ints
    email_owner: Ints
    email_changed_on: Ints
    member_on: Ints
    account_on: Ints
    subscribed_on: Ints
    shares_card: Mask
    mood: Floats
    activity: Floats

    def __len__(self) -> int:
        return len(self.human)

    def email_at(self, humans: Ints, days: Ints) -> Ints:
        """The e-mail address (owner times slots plus slot) that these humans use on these days."""
        changed = days >= self.email_changed_on[humans]
        return self.email_owner[humans] * EMAIL_SLOTS + np.where(changed, CHANGED, MAIN)

    def lives_at(self, humans: Ints, days: Ints) -> Mask:
        """Whether they live at their second address by then."""
        return days >= self.moved_on[humans]


def draw_people(rng: np.random.Generator, market: Market, first_human: int, count: int) -> People:
    """Draw a chunk of people.

    Args:
        first_human: number of the first one; the others follow.
    """
    size = _household_sizes(rng, count)
    head = np.repeat(np.cumsum(size) - size, size)[:count]
    place = group_order(head)
    kind = _types(rng, head, place)
    born = _births(rng, market, kind, head, place)
    gender = _genders(rng, kind, head, place)
    home = draw_addresses(rng, count, rows("towns")).taken(head)
    moves = chance(rng, 0.07, count)[head]
    moved_on = np.where(moves, _days_inside(rng, market, count)[head], NEVER)
    activity = rng.gamma(1.0, 1.0, count)
    known = _relations(rng, market, kind, head, born, activity)
    changes = chance(rng, 0.05, count)
    human = first_human + np.arange(count)
    shares_email = (place == 1) & chance(rng, 0.06, count)
    # One address is one entry on the mailing list.
    known["subscribed_on"] = np.where(shares_email, NEVER, known["subscribed_on"])
    return People(
        human=human,
        household=human[head],
        kind=kind,
        gender=gender,
        first=_first_names(rng, gender, born),
        born=born,
        **_surnames(rng, head, place, gender),
        language=chance(rng, 0.10, count).astype(np.int64),
        home=home,
        moved=draw_addresses(rng, count, rows("towns")).taken(head),
        moved_on=moved_on,
        store=_nearest_store(rng, home.postcode, market),
        email_owner=np.where(shares_email, human[head], human),
        email_changed_on=np.where(changes & ~shares_email, _days_inside(rng, market, count), NEVER),
        shares_card=(place == 1) & chance(rng, 0.15, count) & (known["member_on"] == NEVER),
        mood=rng.normal(kinds().mood[kind], 0.5),
        activity=activity,
        **known,
    )


def _household_sizes(rng: np.random.Generator, count: int) -> Ints:
    return Choice([0.56, 0.35, 0.09]).draw_many(rng, count) + 1


def _types(rng: np.random.Generator, head: Ints, place: Ints) -> Ints:
    own = Choice(kinds().share).draw_many(rng, len(head))
    alike = (place > 0) & chance(rng, 0.55, len(head))
    return np.where(alike, own[head], own)


def _births(rng: np.random.Generator, market: Market, kind: Ints, head: Ints, place: Ints) -> Ints:
    low, high = kinds().age[kind].T
    age = low + (high - low) * rng.beta(1.4, 1.4, len(kind))
    partner = age[head] + rng.normal(0, 3, len(kind))
    child = np.maximum(age[head] - rng.uniform(22, 34, len(kind)), 16)
    years = np.where(place == 0, age, np.where(place == 1, np.maximum(partner, 18), child))
    born: Ints = (market.plan.first_day - years * 365.25).astype(np.int64)
    return born


def _genders(rng: np.random.Generator, kind: Ints, head: Ints, place: Ints) -> Ints:
    own = np.where(chance(rng, kinds().female[kind], len(kind)), FEMALE, MALE)
    opposite = (place == 1) & chance(rng, 0.94, len(kind))
    return np.where(opposite, 1 - own[head], own)


def _first_names(rng: np.random.Generator, gender: Ints, born: Ints) -> Ints:
    names = rows("first_names")
    cohorts = ("before_1955", "from_1955", "from_1975", "from_1995")
    weights = [
        [float(name[cohort]) * (name["gender"] == sex) for name in names]
        for sex in ("female", "male")
        for cohort in cohorts
    ]
    year = 1970 + born / 365.25
    return Choice(weights).draw(rng, gender * 4 + np.searchsorted([1955, 1975, 1995], year))


def _surnames(rng: np.random.Generator, head: Ints, place: Ints, gender: Ints) -> dict[str, Ints]:
    count = len(head)
    own = Choice(surnames().bearers).draw_many(rng, count)
    born_with = np.where((place >= 2) | ((place == 1) & chance(rng, 0.35, count)), own[head], own)
    doubles = (place == 1) & (gender == FEMALE) & chance(rng, 0.3, count) & (own != own[head])
    return {"surname": born_with, "married": np.where(doubles, own[head], -1)}


def _days_inside(rng: np.random.Generator, market: Market, count: int) -> Ints:
    return rng.integers(market.plan.first_day, market.plan.last_day, count)


def _relations(
    rng: np.random.Generator,
    market: Market,
    kind: Ints,
    head: Ints,
    born: Ints,
    activity: Floats,
) -> dict[str, Ints]:
    """Since when they are members, have an account and subscribe; most did before the period."""
    plan, types, count = market.plan, kinds(), len(kind)
    keen = np.clip(0.45 + 0.55 * activity, 0.5, 2.0)  # who comes often, joins sooner
    member = chance(rng, types.member[kind] * keen, count)
    account = chance(rng, types.account[kind, np.where(member, 0, 1)] * keen, count)
    # Who lives with an account holder sees how handy it is.
    account |= account[head] & chance(rng, 0.55, count)
    reachable = member | account
    subscribes = reachable & chance(rng, types.newsletter[kind] * 1.3, count)

    def since(mask: Mask) -> Ints:
        days = plan.last_day - 1 - (2400 * rng.beta(0.9, 1.6, count)).astype(np.int64)
        days = np.maximum(days, born + YOUNGEST_DAYS)
        return np.where(mask & (days < plan.last_day), days, NEVER)

    member_on, account_on = since(member), since(account)
    subscribed_on = np.minimum(member_on, account_on) + rng.integers(0, 60, count)
    subscribed_on = np.where(subscribes & (subscribed_on < plan.last_day), subscribed_on, NEVER)
    return {"member_on": member_on, "account_on": account_on, "subscribed_on": subscribed_on}


def _nearest_store(rng: np.random.Generator, postcode: Ints, market: Market) -> Ints:
    """The store that is nearest by postcode, which in the Netherlands runs by region."""
    wobble = postcode + rng.normal(0, 150, len(postcode))
    order = np.argsort(market.store_postcodes, kind="stable")
    sorted_postcodes = market.store_postcodes[order]
    right = np.clip(np.searchsorted(sorted_postcodes, wobble), 1, len(order) - 1)
    nearer_left = wobble - sorted_postcodes[right - 1] < sorted_postcodes[right] - wobble
    nearest: Ints = order[right - nearer_left]
    return nearest
