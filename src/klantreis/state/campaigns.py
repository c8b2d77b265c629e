"""What the state remembers of campaigns: flows, who is where in them, the log, and the outbox."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    DateTime,
    Engine,
    Index,
    Integer,
    String,
    Text,
    func,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from klantreis.state.models import Base

__all__ = [
    "CampaignEntry",
    "CampaignFlow",
    "Campaigns",
    "LogLine",
    "OutboxMessage",
]


class CampaignRow(Base):
    """A campaign's flow as it was last saved."""

    __tablename__ = "campaigns"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    flow: Mapped[str] = mapped_column(Text)
    is_running: Mapped[bool] = mapped_column(Boolean)
    started_at: Mapped[datetime | None] = mapped_column(DateTime)
    changed_at: Mapped[datetime] = mapped_column(DateTime)
    changed_by: Mapped[str] = mapped_column(String(200))


class CampaignEntryRow(Base):
    """One customer's way through one campaign."""

    __tablename__ = "campaign_entries"

    campaign: Mapped[str] = mapped_column(String(60), primary_key=True)
    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entered_at: Mapped[datetime] = mapped_column(DateTime, primary_key=True)
    step: Mapped[int] = mapped_column(Integer)
    since: Mapped[datetime] = mapped_column(DateTime)
    status: Mapped[str] = mapped_column(String(20))
    product_id: Mapped[str] = mapped_column(String(200))

    __table_args__ = (
        Index("entries_by_status", "campaign", "status"),
        Index("entries_by_customer", "customer_id"),
    )


class CampaignLogRow(Base):
    """One decision; the same decision about the same step is written once."""

    __tablename__ = "campaign_log"

    campaign: Mapped[str] = mapped_column(String(60), primary_key=True)
    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entered_at: Mapped[datetime] = mapped_column(DateTime, primary_key=True)
    step: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    action: Mapped[str] = mapped_column(String(20), primary_key=True)
    reason: Mapped[str] = mapped_column(String(40), primary_key=True)
    letter: Mapped[str] = mapped_column(String(60), primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime)

    __table_args__ = (Index("log_by_moment", "campaign", "at"),)


class OutboxRow(Base):
    """A message that is to go out, and how far it is."""

    __tablename__ = "outbox"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    campaign: Mapped[str] = mapped_column(String(60))
    customer_id: Mapped[int] = mapped_column(BigInteger)
    entered_at: Mapped[datetime] = mapped_column(DateTime)
    letter: Mapped[str] = mapped_column(String(60))
    is_service: Mapped[bool] = mapped_column(Boolean)
    channel: Mapped[str] = mapped_column(String(20))
    recipient: Mapped[str] = mapped_column(String(320))
    language: Mapped[str] = mapped_column(String(8))
    letter_values: Mapped[dict[str, Any]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(20))
    decided_at: Mapped[datetime] = mapped_column(DateTime)
    due_at: Mapped[datetime] = mapped_column(DateTime)
    claimed_by: Mapped[str] = mapped_column(String(40))
    attempts: Mapped[int] = mapped_column(Integer)
    changed_at: Mapped[datetime] = mapped_column(DateTime)
    note: Mapped[str] = mapped_column(String(500))

    __table_args__ = (
        Index("outbox_by_status", "status", "due_at"),
        Index("outbox_by_customer", "customer_id"),
    )


class WithdrawalRow(Base):
    """A customer who said no after a message, by number and by address."""

    __tablename__ = "withdrawals"

    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    recipient: Mapped[str] = mapped_column(String(320), primary_key=True)
    withdrawn_at: Mapped[datetime] = mapped_column(DateTime)
    way: Mapped[str] = mapped_column(String(40))


class SecretRow(Base):
    """A random text that this workspace keeps to itself, made when it is first asked for."""

    __tablename__ = "campaign_secrets"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(100))


@dataclass(frozen=True)
class CampaignFlow:
    """A campaign: its flow as TOML, whether it runs, who changed it last."""

    name: str
    flow: str
    is_running: bool
    started_at: datetime | None
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True)
class CampaignEntry:
    """Where one customer stands in one campaign; see `campaigns.Entry`."""

    campaign: str
    customer_id: int
    entered_at: datetime
    step: int
    since: datetime
    status: str
    product_id: str


@dataclass(frozen=True)
class LogLine:
    """One decision about one customer, and why."""

    campaign: str
    customer_id: int
    entered_at: datetime
    step: int
    action: str
    reason: str
    letter: str
    at: datetime


@dataclass(frozen=True)
class OutboxMessage:
    """A message on its way.

    Attributes:
        key: unique; the same decision never makes two.
        status: `due`, `claimed` by a process, `handed` over without an answer yet, `sent`,
            `refused`, `uncertain` (handed over, and nobody knows whether it arrived), `dropped`.
        claimed_by: the process that has it.
    """

    key: str
    campaign: str
    customer_id: int
    entered_at: datetime
    letter: str
    is_service: bool
    channel: str
    recipient: str
    language: str
    letter_values: Mapping[str, Any]
    status: str
    decided_at: datetime
    due_at: datetime
    claimed_by: str
    attempts: int
    changed_at: datetime
    note: str


class Campaigns:
    """Reads and writes what campaigns decide; each method is one transaction."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    # Flows

    def flows(self) -> tuple[CampaignFlow, ...]:
        """All campaigns, by name."""
        with Session(self._database) as session:
            rows = session.scalars(select(CampaignRow).order_by(CampaignRow.name)).all()
            return tuple(CampaignFlow(**_values(row)) for row in rows)

    def save(self, name: str, flow: str, *, by: str, at: datetime) -> None:
        """Keep a campaign's flow; a running one goes on with it."""
        with Session(self._database) as session, session.begin():
            row = session.get(CampaignRow, name)
            if row is None:
                row = CampaignRow(name=name, is_running=False, started_at=None)
                session.add(row)
            row.flow, row.changed_by, row.changed_at = flow, by, at

    def run(self, name: str, is_running: bool, *, by: str, at: datetime) -> None:
        """Start or stop a campaign that was saved."""
        with Session(self._database) as session, session.begin():
            row = session.get_one(CampaignRow, name)
            if is_running and not row.is_running:
                row.started_at = at
            row.is_running, row.changed_by, row.changed_at = is_running, by, at

    def secret(self, name: str) -> str:
        """A random text of this workspace; always the same."""
        with Session(self._database) as session:
            row = session.get(SecretRow, name)
            if row is not None:
                return row.value
        try:
            with Session(self._database) as session, session.begin():
                session.add(SecretRow(name=name, value=secrets.token_hex(32)))
        except IntegrityError:
            pass  # another process was first
        return self.secret(name)

    # Decisions

    def active(self, campaign: str) -> tuple[CampaignEntry, ...]:
        """Everyone who is on the way through a campaign."""
        wanted = select(CampaignEntryRow).where(
            CampaignEntryRow.campaign == campaign, CampaignEntryRow.status == "active"
        )
        with Session(self._database) as session:
            return tuple(CampaignEntry(**_values(row)) for row in session.scalars(wanted))

    def entries_of(self, customers: Iterable[int]) -> tuple[CampaignEntry, ...]:
        """All entries of some customers, oldest first."""
        wanted = (
            select(CampaignEntryRow)
            .where(CampaignEntryRow.customer_id.in_(list(customers)))
            .order_by(CampaignEntryRow.entered_at)
        )
        with Session(self._database) as session:
            return tuple(CampaignEntry(**_values(row)) for row in session.scalars(wanted))

    def messages_of(self, customers: Iterable[int]) -> tuple[OutboxMessage, ...]:
        """All messages to some customers that went out or are on their way, oldest first."""
        wanted = (
            select(OutboxRow)
            .where(
                OutboxRow.customer_id.in_(list(customers)),
                OutboxRow.status.not_in(("refused", "dropped")),
            )
            .order_by(OutboxRow.decided_at)
        )
        with Session(self._database) as session:
            return tuple(OutboxMessage(**_values(row)) for row in session.scalars(wanted))

    def decided(
        self, entry: CampaignEntry, log: Sequence[LogLine], messages: Sequence[OutboxMessage]
    ) -> bool:
        """Keep where a customer stands, why, and what goes out: all together or not at all.

        Returns:
            False when another process had decided the same already; then nothing is kept.
        """
        try:
            with Session(self._database) as session, session.begin():
                session.merge(CampaignEntryRow(**asdict(entry)))
                for line in log:
                    session.merge(CampaignLogRow(**asdict(line)))
                for message in messages:
                    session.add(OutboxRow(**asdict(message)))
        except IntegrityError:
            return False
        return True

    # Outbox

    def claim(
        self, by: str, *, now: datetime, most: int, lease: timedelta
    ) -> tuple[OutboxMessage, ...]:
        """Take messages that are due, and those of a process that died before handing them over.

        Args:
            by: name of this process.
            now: naive UTC.
            most: how many.
            lease: how long a process may keep a claim.
        """
        is_due = (OutboxRow.status == "due") & (OutboxRow.due_at <= now)
        is_left = (OutboxRow.status == "claimed") & (OutboxRow.changed_at <= now - lease)
        wanted = (
            select(OutboxRow.key).where(is_due | is_left).order_by(OutboxRow.due_at).limit(most)
        )
        with Session(self._database) as session, session.begin():
            keys = session.scalars(wanted).all()
            # Whoever updates first has it: the second finds it no longer due.
            session.execute(
                update(OutboxRow)
                .where(OutboxRow.key.in_(keys), is_due | is_left)
                .values(status="claimed", claimed_by=by, changed_at=now)
            )
            rows = session.scalars(
                select(OutboxRow).where(
                    OutboxRow.key.in_(keys),
                    OutboxRow.status == "claimed",
                    OutboxRow.claimed_by == by,
                )
            ).all()
            return tuple(OutboxMessage(**_values(row)) for row in rows)

    def left_handed(self, *, before: datetime) -> tuple[OutboxMessage, ...]:
        """Messages that were being handed over when their process died."""
        wanted = select(OutboxRow).where(
            OutboxRow.status == "handed", OutboxRow.changed_at <= before
        )
        with Session(self._database) as session:
            return tuple(OutboxMessage(**_values(row)) for row in session.scalars(wanted))

    def mark(
        self,
        key: str,
        status: str,
        *,
        at: datetime,
        expected: Sequence[str],
        due_at: datetime | None = None,
        note: str = "",
    ) -> bool:
        """Move a message on, when it still stands where we think.

        Returns:
            False when another process moved it first; then nothing is changed.
        """
        values: dict[str, Any] = {"status": status, "changed_at": at, "note": note[:500]}
        if due_at is not None:
            values |= {"due_at": due_at, "attempts": OutboxRow.attempts + 1}
        moving = (
            update(OutboxRow)
            .where(OutboxRow.key == key, OutboxRow.status.in_(expected))
            .values(**values)
        )
        with Session(self._database) as session, session.begin():
            done: Any = session.execute(moving)
            return bool(done.rowcount == 1)

    # Consent

    def withdraw(self, customer_id: int, recipient: str, *, way: str, at: datetime) -> None:
        """Note that a customer wants no more marketing messages; kept for ever."""
        with Session(self._database) as session, session.begin():
            if session.get(WithdrawalRow, (customer_id, recipient)) is None:
                session.add(
                    WithdrawalRow(
                        customer_id=customer_id, recipient=recipient, withdrawn_at=at, way=way
                    )
                )

    def withdrawn(self) -> tuple[frozenset[int], frozenset[str]]:
        """Customers and addresses that withdrew."""
        with Session(self._database) as session:
            rows = session.execute(select(WithdrawalRow.customer_id, WithdrawalRow.recipient)).all()
        return frozenset(row[0] for row in rows), frozenset(row[1] for row in rows if row[1])

    # Looking back

    def counts(self) -> Mapping[tuple[str, str, str], int]:
        """How often each action was taken for each reason: by campaign, action and reason."""
        columns = (CampaignLogRow.campaign, CampaignLogRow.action, CampaignLogRow.reason)
        with Session(self._database) as session:
            rows = session.execute(select(*columns, func.count()).group_by(*columns)).all()
        return {(row[0], row[1], row[2]): row[3] for row in rows}

    def statuses(self, campaign: str) -> Mapping[str, int]:
        """How many messages of a campaign stand where in the outbox."""
        wanted = (
            select(OutboxRow.status, func.count())
            .where(OutboxRow.campaign == campaign)
            .group_by(OutboxRow.status)
        )
        with Session(self._database) as session:
            return {row[0]: row[1] for row in session.execute(wanted)}

    def log(self, campaign: str, *, most: int = 50, action: str = "") -> tuple[LogLine, ...]:
        """The last decisions of a campaign, newest first."""
        wanted = select(CampaignLogRow).where(CampaignLogRow.campaign == campaign)
        if action:
            wanted = wanted.where(CampaignLogRow.action == action)
        wanted = wanted.order_by(CampaignLogRow.at.desc(), CampaignLogRow.customer_id).limit(most)
        with Session(self._database) as session:
            return tuple(LogLine(**_values(row)) for row in session.scalars(wanted))

    def arms(self, campaign: str) -> list[tuple[int, str, datetime]]:
        """Who got the campaign's first marketing message and who was held out, and when."""
        columns = (CampaignLogRow.customer_id, CampaignLogRow.action)
        wanted = (
            select(*columns, func.min(CampaignLogRow.at))
            .where(
                CampaignLogRow.campaign == campaign,
                CampaignLogRow.action.in_(("sent", "held_out")),
                CampaignLogRow.reason.not_in(("payment_failed", "payment_pending")),
            )
            .group_by(*columns)
        )
        with Session(self._database) as session:
            return [(row[0], row[1], row[2]) for row in session.execute(wanted)]


def _values(row: Base) -> dict[str, Any]:
    return {attribute.key: getattr(row, attribute.key) for attribute in row.__mapper__.column_attrs}
