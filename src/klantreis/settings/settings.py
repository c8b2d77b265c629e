"""What a workspace's owner decides, each with a default that carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

__all__ = [
    "FILE_NAME",
    "IDENTIFIER_KINDS",
    "OWN_SECTIONS",
    "IdentifierSettings",
    "Retention",
    "RfmLimits",
    "Settings",
    "SourceSettings",
]

FILE_NAME = "klantreis.toml"
CLOCK = "%H:%M"
# Settings that have a section of their own, and do not stand in [workspace].
OWN_SECTIONS = ("sources", "state_url", "retention", "identifier_rules", "rfm_limits")
IDENTIFIER_KINDS = (
    "email",
    "email_sha256",
    "phone",
    "loyalty_card",
    "customer_number",
    "user_id",
    "cookie",
    "device",
    "order",
    "social",
    "subscriber",
    "payer",
)


@dataclass(frozen=True)
class SourceSettings:
    """How one folder below `exports/` is read.

    Attributes:
        name: the folder's name.
        connector: registered connector; empty to recognise it from the files. With a mapping and
            without a name it is the mapping connector.
        mapping: mapping file for the mapping connector, relative to the workspace.
        options: whatever the connector itself understands (`time_zone`, `orders_source` ...).
    """

    name: str
    connector: str = ""
    mapping: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class IdentifierSettings:
    """What one kind of identifier may do, where that is not as usual.

    Attributes:
        unique: whether a customer has one value of it at most: two block a merge.
        limit: most records of one source that may state the same value; 0 for the usual one.
        junk: patterns of values, in their normal form, that point to nobody.
        priority: when it ties: kinds with a lower number do so first; 0 for the usual place.
    """

    unique: bool = False
    limit: int = 0
    junk: tuple[str, ...] = ()
    priority: int = 0


@dataclass(frozen=True)
class RfmLimits:
    """Limits between the scores of RFM; empty for fifths of the customers.

    Each holds four numbers, ascending. A limit belongs to the part above it: `orders` 2, 3, 5 and
    10 gives [0, 2) score 1, [2, 3) score 2, [3, 5) 3, [5, 10) 4, and 10 or more 5.

    Attributes:
        days: since the last purchase; the fewer the higher, so that [0, first) has score 5.
        orders: purchases in the window.
        amount: money in the window, in EUR.
    """

    days: tuple[float, ...] = ()
    orders: tuple[float, ...] = ()
    amount: tuple[float, ...] = ()


@dataclass(frozen=True)
class Retention:
    """How many days things are kept; 0 is for ever."""

    events_days: int = 0
    orders_days: int = 0
    messages_days: int = 0
    feedback_days: int = 0
    customers_days: int = 0  # without any sign of life
    collected_days: int = 0
    taken_back_days: int = 0
    campaigns_days: int = 0
    audit_days: int = 0
    versions_days: int = 30
    proofs_days: int = 0
    backups_days: int = 90  # advice: we do not know where backups are


@dataclass(frozen=True)
class Settings:
    """All settings of a workspace; every one has a default that carries."""

    name: str = "Klantreis"
    time_zone: str = "Europe/Amsterdam"
    country: str = "NL"
    locale: str = "nl"
    engine: str = "duckdb"
    as_of: str = ""  # ISO date-time in UTC; empty: the last moment in the data, or of taking in
    session_minutes: int = 30
    lapse_days: int = 60  # a journey without a step for this long has ended
    aftercare_days: int = 90  # what comes later no longer belongs to the purchase
    rfm_window_days: int = 730
    shared_identifier_limit: int = 6  # an identifier of more persons than this ties nobody
    public_url: str = "http://127.0.0.1:8000"  # where receivers of a mail find our pages
    shop_url: str = ""  # where links in mails lead
    mail_from: str = ""
    smtp_url: str = ""  # smtp://user@host:587 (STARTTLS where offered) or smtps://user@host:465
    webhook_url: str = ""
    quiet_from_hour: int = 21
    quiet_until_hour: int = 8
    messages_per_week: int = 3
    returned_days: int = 14
    global_holdout: float = 0.05
    effect_days: int = 14
    persona_groups: str = "need"  # personas are made of main needs, or of a segmentation's groups
    persona_count: int = 0  # how many; 0: as many as is advised, at most three
    update_at: str = ""  # as "06:00" or "06:00, 13:30": when the worker brings all up to date
    upload_megabytes: int = 200  # of a file that is brought in through the pages, unpacked
    rfm_limits: RfmLimits = field(default_factory=RfmLimits)
    identifier_rules: Mapping[str, IdentifierSettings] = field(default_factory=dict)  # by kind
    retention: Retention = field(default_factory=Retention)
    sources: Mapping[str, SourceSettings] = field(default_factory=dict)
    # SQLAlchemy address of the state; empty: a SQLite file in the workspace. It may hold a password.
    state_url: str = field(default="", repr=False)

    @property
    def update_times(self) -> tuple[time, ...]:
        """The times of `update_at`, on the clock of the workspace."""
        listed = (one.strip() for one in self.update_at.split(","))
        return tuple(sorted(datetime.strptime(one, CLOCK).time() for one in listed if one))
