"""Lay a chunk of lives down in the scratch folder, in the words that the exports build on."""

from __future__ import annotations

from dataclasses import fields
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from klantreis.simulate.addresses import ADDITIONS, Addresses, letters
from klantreis.simulate.clock import DAY, month_of, to_utc
from klantreis.simulate.draws import Ints, Mask
from klantreis.simulate.lives import Lives
from klantreis.simulate.market import Market
from klantreis.simulate.people import EMAIL_SLOTS, LANGUAGES, NEVER, People
from klantreis.simulate.purchases import NOT_YET, Purchases
from klantreis.simulate.reference import rows
from klantreis.simulate.scratch import Scratch, key
from klantreis.simulate.subscribers import CLICK, OPEN, subscriber_email
from klantreis.simulate.surnames import surnames
from klantreis.simulate.visits import BASKET, CHECKOUT, LOOKING_BACK
from klantreis.simulate.voices import TOPICS
from klantreis.simulate.wording import worded

__all__ = ["lay_down"]

MOST_MAILINGS = 1_000
Columns: TypeAlias = dict[str, npt.NDArray[np.generic] | pa.Array]


def lay_down(scratch: Scratch, market: Market, chunk: int, lives: Lives) -> None:
    """Write what happened before the period's end; what would have come later is not known."""
    end = market.plan.last_day * DAY
    scratch.add("humans", chunk, _humans(market, lives.people))
    _journeys(scratch, chunk, lives, end)
    _visits(scratch, chunk, lives, end)
    _clicks(scratch, chunk, lives, market.plan.last_day)
    _purchases(scratch, chunk, lives, end)
    _sendings(scratch, chunk, lives, end)
    scratch.add("records", chunk, _records(lives))
    _voices(scratch, market, chunk, lives, end)


def moments(local: Ints, end: int) -> pa.Array:
    """Local seconds as UTC timestamps; empty where not before the end."""
    return pa.array(to_utc(local) * 1_000_000, pa.timestamp("us"), mask=local >= end)


def dates(days: Ints) -> pa.Array:
    """Days since 1970 as dates, empty where never."""
    late = days >= NEVER
    return pa.array(np.where(late, 0, days).astype(np.int32), pa.int32(), mask=late).cast(
        pa.date32()
    )


def words(numbers: Ints, list_of_words: list[str] | tuple[str, ...]) -> pa.Array:
    """Words for numbers; empty where the number is negative."""
    indices = pa.array(np.maximum(numbers, 0).astype(np.int32), mask=numbers < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list_of_words, pa.string()))


def _humans(market: Market, people: People) -> Columns:
    first, last = rows("first_names"), surnames()
    columns: Columns = {
        "human": people.human,
        "household": people.household,
        "kind": people.kind.astype(np.int8),
        "gender": words(people.gender, ("female", "male")),
        "first_name": words(people.first, [row["name"] for row in first]),
        "prefix": words(people.surname, last.prefixes),
        "surname": words(people.surname, last.names),
        "married_prefix": words(people.married, last.prefixes),
        "married": words(people.married, last.names),
        "born_on": dates(people.born),
        "language": words(people.language, LANGUAGES),
        "moved_on": dates(people.moved_on),
        "store": words(people.store, market.stores),
        "email": people.email_owner * EMAIL_SLOTS,
        "email_changed_on": dates(people.email_changed_on),
        "member_on": dates(people.member_on),
        "account_on": dates(people.account_on),
        "subscribed_on": dates(people.subscribed_on),
        "mood": people.mood,
    }
    for name, address in (("home", people.home), ("moved", people.moved)):
        columns |= {f"{name}_{part}": values for part, values in _address(address).items()}
    return columns


def _address(address: Addresses) -> Columns:
    pairs = [letters(pair) for pair in range(int(address.letters.max(initial=0)) + 1)]
    return {
        "town": words(address.town, [row["town"] for row in rows("towns")]),
        "digits": address.postcode.astype(np.int16),
        "letters": words(address.letters, pairs),
        "street": words(address.street, [row["street"] for row in rows("streets")]),
        "number": address.number.astype(np.int16),
        "addition": words(address.addition, ADDITIONS),
    }


def _journeys(scratch: Scratch, chunk: int, lives: Lives, end: int) -> None:
    journeys, visits, purchases = lives.journeys, lives.visits, lives.purchases
    seen = visits.at < end
    furthest = np.where(visits.purpose == CHECKOUT, BASKET, visits.purpose)
    shown = seen & (visits.purpose < LOOKING_BACK)
    reached = np.full(len(journeys), -1)
    np.maximum.at(reached, visits.journey[shown], furthest[shown])
    bought_at = np.full(len(journeys), NOT_YET)
    bought = journeys.bought[purchases.journey] & (purchases.at < end)
    bought_at[purchases.journey[bought]] = purchases.at[bought]
    known = journeys.started < end
    scratch.add(
        "journeys",
        chunk,
        {
            "journey": key(chunk, np.arange(len(journeys)))[known],
            "human": lives.people.human[journeys.human][known],
            "started_at": moments(journeys.started[known], end),
            "purchased_at": moments(bought_at[known], end),
            "stopped_at": moments(lives.ended[known], end),
            "is_open": ((lives.ended >= end) & (bought_at >= end))[known],
            "entry": journeys.entry[known].astype(np.int8),
            "reached": np.where(bought_at < end, BASKET, reached)[known].astype(np.int8),
            "reason": journeys.reason[known].astype(np.int8),
            "product": journeys.product[known].astype(np.int16),
            "mailing": journeys.mailing[known].astype(np.int16),
        },
    )


def _visits(scratch: Scratch, chunk: int, lives: Lives, end: int) -> None:
    visits = lives.visits
    known = visits.at < end
    account = lives.people.human[visits.human]
    columns: Columns = {
        "visit": key(chunk, np.arange(len(visits))),
        "human": account,
        "journey": key(chunk, visits.journey),
        "came_at": moments(visits.at, end),
        "session": visits.session,
        "cookie": visits.cookie,
        "first_touch": visits.first_touch,
        "number": visits.number.astype(np.int32),
        "device": visits.device.astype(np.int8),
        "source": visits.source.astype(np.int8),
        "first_source": visits.first_source.astype(np.int8),
        "advert": visits.advert.astype(np.int8),
        "mailing": visits.mailing.astype(np.int16),
        "signed_in": visits.signed_in,
        "is_after": visits.purpose == LOOKING_BACK,
    }
    months = month_of(visits.at // DAY)
    scratch.add("visits", chunk, _where(columns, known), months[known])


def _clicks(scratch: Scratch, chunk: int, lives: Lives, last_day: int) -> None:
    clicks = lives.clicks
    known = clicks.day < last_day
    bought = np.full(len(lives.journeys), -1)
    bought[lives.purchases.journey] = np.arange(len(lives.purchases))
    purchase = np.where(clicks.buys_for >= 0, bought[clicks.buys_for], -1)
    columns: Columns = {
        "visit": key(chunk, clicks.visit),
        "place": np.arange(len(clicks)),
        "clicked_at": clicks.at,
        "day": clicks.day.astype(np.int32),
        "name": clicks.name.astype(np.int8),
        "page": clicks.page.astype(np.int16),
        "product": clicks.product.astype(np.int16),
        "term": clicks.term.astype(np.int16),
        "quantity": clicks.quantity.astype(np.int8),
        "signed_in": clicks.signed_in,
        "purchase": key(chunk, purchase),
    }
    scratch.add("clicks", chunk, _where(columns, known), month_of(clicks.day)[known])


def _purchases(scratch: Scratch, chunk: int, lives: Lives, end: int) -> None:
    made, people = lives.purchases, lives.people
    human = lives.journeys.human[made.journey]
    known = made.at < end
    undone = np.minimum(made.returned_at, made.cancelled_at) < end
    columns: Columns = {
        "purchase": key(chunk, np.arange(len(made))),
        "journey": key(chunk, made.journey),
        "human": people.human[human],
        "store": people.store[human].astype(np.int16),
        "has_account": people.account_on[human] <= made.at // DAY,
        "moved": people.lives_at(human, made.at // DAY),
        "card": np.where(made.card >= 0, people.human[np.maximum(made.card, 0)], -1),
        "placed_at": moments(made.at, end),
        "refunded": np.where(undone, made.refunded, 0),
        "total": made.total,
    }
    for name in ("cancelled_at", "returned_at", "shipped_at", "delivered_at"):
        columns[name] = moments(getattr(made, name), end)
    for name in ("channel", "method", "code", "status", "failures"):
        columns[name] = getattr(made, name).astype(np.int8)
    for name in ("email", "subtotal", "discount", "shipping", "by_store", "late", "damaged"):
        columns[name] = getattr(made, name)
    scratch.add("purchases", chunk, _where(columns, known))
    _lines(scratch, chunk, made, known)


def _lines(scratch: Scratch, chunk: int, made: Purchases, known: Mask) -> None:
    of_purchase = np.searchsorted(made.journey, made.lines.journey)
    lines: Columns = {
        "purchase": key(chunk, of_purchase),
        "line": made.lines.number + 1,
        "product": made.lines.product.astype(np.int16),
        "quantity": made.lines.quantity,
        "price": made.line_price,
        "discount": made.line_discount,
        "returned": made.line_returned,
    }
    scratch.add("lines", chunk, _where(lines, known[of_purchase]))


def _sendings(scratch: Scratch, chunk: int, lives: Lives, end: int) -> None:
    """Mailings with the clicks that visits show; who clicks has opened."""
    sendings, visits, people = lives.sendings, lives.visits, lives.people
    came = visits.mailing >= 0
    clicker, mailing, came_at = visits.human[came], visits.mailing[came], visits.at[came]
    opened = sendings.action == OPEN
    unseen = ~np.isin(
        clicker * MOST_MAILINGS + mailing,
        sendings.human[opened] * MOST_MAILINGS + sendings.mailing[opened],
    )
    human = np.r_[sendings.human, clicker[unseen], clicker]
    done = np.r_[np.full(int(unseen.sum()), OPEN), np.full(len(clicker), CLICK)]
    at = np.r_[sendings.at, came_at[unseen] - 25, came_at - 8]
    columns: Columns = {
        "human": people.human[human],
        "email": subscriber_email(people)[human],
        "mailing": np.r_[sendings.mailing, mailing[unseen], mailing].astype(np.int16),
        "action": np.r_[sendings.action, done].astype(np.int8),
        "done_at": moments(at, end),
    }
    known = at < end
    scratch.add("sendings", chunk, _where(columns, known), month_of(at // DAY)[known])
    left = lives.sendings.left_on
    scratch.add(
        "subscribers",
        chunk,
        {
            "human": people.human,
            "email": subscriber_email(people),
            "subscribed_on": dates(people.subscribed_on),
            "left_on": dates(np.where(left * DAY < end, left, NEVER)),
            "left_after": lives.sendings.left_after.astype(np.int16),
            "cleaned": lives.sendings.cleaned,
        },
    )


def _voices(scratch: Scratch, market: Market, chunk: int, lives: Lives, end: int) -> None:
    voices, people = lives.voices, lives.people
    known = voices.at < end
    columns: Columns = {
        "voice": key(chunk, np.arange(len(voices))),
        "place": voices.where.astype(np.int8),
        "topic": words(voices.topic, TOPICS),
        "human": people.human[voices.human],
        "journey": key(chunk, voices.journey),
        "purchase": key(chunk, voices.purchase),
        "product": voices.product,
        "said_at": moments(voices.at, end),
        "emotion": voices.emotion,
        "email": voices.email,
        "tells_order": voices.tells_order,
    }
    scratch.add("voices", chunk, _where(columns | worded(market, chunk, lives), known))


def _records(lives: Lives) -> Columns:
    records = lives.records
    columns: Columns = {field.name: getattr(records, field.name) for field in fields(records)}
    return columns | {
        "human": lives.people.human[records.human],
        "day": dates(records.day),
        "changed": dates(records.changed),
    }


def _where(columns: Columns, mask: Mask) -> Columns:
    chosen = pa.array(mask)
    return {
        name: values.filter(chosen) if isinstance(values, pa.Array) else values[mask]
        for name, values in columns.items()
    }
