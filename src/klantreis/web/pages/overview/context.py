"""What the overview shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from klantreis.words import Figure
from klantreis.workspace import SinceRun

__all__ = ["Finding", "Month", "NextStep", "Overview", "StageShown"]


@dataclass(frozen=True)
class Finding:
    """Something that stands out.

    Attributes:
        code: which sentence tells it; see the template.
        figure: its main number.
        other: the number that it is set against, where there is one.
        subject: code that the sentence is about, as a phase; empty where there is none.
        href: page that shows more.
    """

    code: str
    figure: Figure
    other: Figure | None
    subject: str
    href: str


@dataclass(frozen=True)
class NextStep:
    """Something worth doing now: its code, how many it is about, and where."""

    code: str
    count: int
    href: str


@dataclass(frozen=True)
class StageShown:
    """A stage of the loop; see `workspace.loop`.

    Attributes:
        code: `gather`, `look`, `personas`, `map`, `plan`, `campaign`, `effect` or `cycle`.
        is_done, is_next: whether it was done, and whether it is the first that was not.
        count: of what it makes.
        href: where it is done.
    """

    code: str
    is_done: bool
    is_next: bool
    count: int
    href: str


@dataclass(frozen=True)
class Month:
    """Revenue of one calendar month, in EUR, less returns and refunds."""

    month: date
    online_amount: float
    offline_amount: float
    is_complete: bool


@dataclass(frozen=True)
class Overview:
    """The whole page.

    Attributes:
        as_of: moment up to which all numbers hold (UTC).
        published_at: end of the last run (UTC).
        run_seconds: computing time of the published tables.
        first_at, last_at: first and last moment of any customer (UTC).
        customers: all of them.
        known_customers, known: those known by name, e-mail address, telephone or card; as a share.
        orders: completed purchases, those without a customer too.
        undated_orders, undated_amount: purchases of which only the number is known, and what they
            brought; not among the others.
        revenue_online, revenue_offline: completed purchases less returns and refunds.
        journeys: journeys that were measured.
        journeys_bought: part of the ended journeys with a purchase.
        sources: sources with at least one row.
        months: revenue by month.
        findings: what stands out, the weightiest first; only those with enough data.
        untold: codes of findings for which there are too few data, with what is lacking.
        next_steps: what to do now.
        loop: how far the loop is.
        since: what happened to files since the run of which the numbers are.
    """

    as_of: datetime
    published_at: datetime
    run_seconds: float
    first_at: datetime | None
    last_at: datetime | None
    customers: Figure
    known_customers: Figure
    known: Figure
    orders: Figure
    undated_orders: int
    undated_amount: float
    revenue_online: Figure
    revenue_offline: Figure
    journeys: Figure
    journeys_bought: Figure
    sources: Figure
    months: tuple[Month, ...]
    findings: tuple[Finding, ...]
    untold: tuple[Finding, ...]
    next_steps: tuple[NextStep, ...]
    loop: tuple[StageShown, ...] = ()
    since: SinceRun = field(default_factory=lambda: SinceRun(0, 0, 0))
