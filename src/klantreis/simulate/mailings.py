"""The calendar of mailings, and who gets, opens and follows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from klantreis.simulate.clock import HOUR
from klantreis.simulate.plan import Plan
from klantreis.simulate.reference import toml

__all__ = ["MONTHS", "Mailing", "mailings"]

MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
MORNING = 9 * HOUR


@dataclass(frozen=True)
class Mailing:
    """One mailing on one day.

    Attributes:
        title: name of the campaign in the mail tool.
        sent_at: local seconds since 1970.
        holdout: part of the subscribers that is left out at random.
        lift: planted extra chance to buy within a fortnight when mailed.
    """

    title: str
    slug: str
    subject: str
    sent_at: int
    holdout: float
    lift: float


def mailings(plan: Plan) -> tuple[Mailing, ...]:
    """All mailings of the period, in order of sending."""
    found = []
    for month in plan.calendar_months:
        year, number = int(month[:4]), int(month[5:])
        for place, row in enumerate(toml("campaigns")["mailing"]):
            if number not in row.get("months", range(1, 13)):
                continue
            day = date(year, number, int(row["day"]))
            if not plan.start <= day < plan.end:
                continue
            words = {"month": MONTHS[number - 1], "year": year}
            subject = row["subjects"][(number + year + place) % len(row["subjects"])]
            title = str(row["title"]).format(**words)
            found.append(
                Mailing(
                    title=title,
                    slug=f"{row['id']}_{month}",
                    subject=str(subject).format(**words)[:1].upper()
                    + str(subject).format(**words)[1:],
                    sent_at=_seconds(day) + MORNING,
                    holdout=float(row["holdout"]),
                    lift=float(row["lift"]),
                )
            )
    return tuple(sorted(found, key=lambda mailing: mailing.sent_at))


def _seconds(day: date) -> int:
    return int(np.datetime64(datetime(day.year, day.month, day.day), "s").astype(np.int64))
