"""Rows and facts of campaigns: flows, who is where in them, the log, the outbox, withdrawals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, DateTime, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from klantreis.state.models import Base

__all__ = [
    "CampaignEntry",
    "CampaignEntryRow",
    "CampaignFlow",
    "CampaignLogRow",
    "CampaignRow",
    "LogLine",
    "OutboxMessage",
    "OutboxRow",
    "SecretRow",
    "WithdrawalRow",
    "values_of",
]


class CampaignRow(Base):
    """A campaign's flow as it was last saved."""

    __tablename__ = "campaigns"
    holds = "texts"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    flow: Mapped[str] = mapped_column(Text)
    is_running: Mapped[bool] = mapped_column(Boolean)
    started_at: Mapped[datetime | None] = mapped_column(DateTime)
    changed_at: Mapped[datetime] = mapped_column(DateTime)
    changed_by: Mapped[str] = mapped_column(String(200))


class CampaignEntryRow(Base):
    """One customer's way through one campaign."""

    __tablename__ = "campaign_entries"
    holds = "customers"

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
    holds = "customers"

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
    holds = "customers"

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
    holds = "customers"

    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    recipient: Mapped[str] = mapped_column(String(320), primary_key=True)
    withdrawn_at: Mapped[datetime] = mapped_column(DateTime)
    way: Mapped[str] = mapped_column(String(40))


class SecretRow(Base):
    """A random text that this workspace keeps to itself, made when it is first asked for."""

    __tablename__ = "campaign_secrets"
    holds = "nothing"

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


def values_of(row: Base) -> dict[str, Any]:
    """The columns of a row by name."""
    return {attribute.key: getattr(row, attribute.key) for attribute in row.__mapper__.column_attrs}
