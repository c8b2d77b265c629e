"""What the state remembers of campaigns: flows, who is where in them, the log, who withdrew."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from klantreis.state.campaign_rows import (
    CampaignEntry,
    CampaignEntryRow,
    CampaignFlow,
    CampaignLogRow,
    CampaignRow,
    LogLine,
    OutboxMessage,
    OutboxRow,
    SecretRow,
    WithdrawalRow,
    values_of,
)
from klantreis.state.models import Base

__all__ = ["Campaigns"]

SETTLED = ("sent", "refused", "uncertain", "dropped")


class Campaigns:
    """Reads and writes what campaigns decide; each method is one transaction."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    # Flows

    def flows(self) -> tuple[CampaignFlow, ...]:
        """All campaigns, by name."""
        with Session(self._database) as session:
            rows = session.scalars(select(CampaignRow).order_by(CampaignRow.name)).all()
            return tuple(CampaignFlow(**values_of(row)) for row in rows)

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

    def remove(self, name: str) -> None:
        """Drop a campaign's flow; who is on the way leaves, and the log stays."""
        leaving = (
            update(CampaignEntryRow)
            .where(CampaignEntryRow.campaign == name, CampaignEntryRow.status == "active")
            .values(status="exited")
        )
        with Session(self._database) as session, session.begin():
            row = session.get(CampaignRow, name)
            if row is not None:
                session.delete(row)
            session.execute(leaving)

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
            return tuple(CampaignEntry(**values_of(row)) for row in session.scalars(wanted))

    def entries_of(self, customers: Iterable[int]) -> tuple[CampaignEntry, ...]:
        """All entries of some customers, oldest first."""
        wanted = (
            select(CampaignEntryRow)
            .where(CampaignEntryRow.customer_id.in_(list(customers)))
            .order_by(CampaignEntryRow.entered_at)
        )
        with Session(self._database) as session:
            return tuple(CampaignEntry(**values_of(row)) for row in session.scalars(wanted))

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

    def withdrawals_of(self, customers: Iterable[int]) -> tuple[datetime, ...]:
        """When some customers withdrew."""
        wanted = select(WithdrawalRow.withdrawn_at).where(
            WithdrawalRow.customer_id.in_(list(customers))
        )
        with Session(self._database) as session:
            return tuple(session.scalars(wanted))

    # Looking back

    def count_before(self, moment: datetime) -> int:
        """How many lines of the log, entries and messages are settled and older than a moment."""
        with Session(self._database) as session:
            return sum(
                session.scalar(select(func.count()).select_from(table).where(is_old)) or 0
                for table, is_old in _old(moment)
            )

    def forget_before(self, moment: datetime) -> None:
        """Drop them."""
        with Session(self._database) as session, session.begin():
            for table, is_old in _old(moment):
                session.execute(delete(table).where(is_old))

    def counts(self) -> Mapping[tuple[str, str, str], int]:
        """How often each action was taken for each reason: by campaign, action and reason."""
        columns = (CampaignLogRow.campaign, CampaignLogRow.action, CampaignLogRow.reason)
        with Session(self._database) as session:
            rows = session.execute(select(*columns, func.count()).group_by(*columns)).all()
        return {(row[0], row[1], row[2]): row[3] for row in rows}

    def measured(self) -> int:
        """How many campaigns sent something, and held someone out to compare with."""
        columns = (CampaignLogRow.campaign, CampaignLogRow.action)
        wanted = select(*columns).where(CampaignLogRow.action.in_(("sent", "held_out"))).distinct()
        with Session(self._database) as session:
            found = [row[0] for row in session.execute(wanted)]
        return sum(found.count(name) == 2 for name in set(found))

    def log(self, campaign: str, *, most: int = 50, action: str = "") -> tuple[LogLine, ...]:
        """The last decisions of a campaign, newest first."""
        wanted = select(CampaignLogRow).where(CampaignLogRow.campaign == campaign)
        if action:
            wanted = wanted.where(CampaignLogRow.action == action)
        wanted = wanted.order_by(CampaignLogRow.at.desc(), CampaignLogRow.customer_id).limit(most)
        with Session(self._database) as session:
            return tuple(LogLine(**values_of(row)) for row in session.scalars(wanted))

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


def _old(moment: datetime) -> tuple[tuple[type[Base], ColumnElement[bool]], ...]:
    """What of each table is older than a moment and is settled."""
    return (
        (CampaignLogRow, CampaignLogRow.at < moment),
        (
            CampaignEntryRow,
            (CampaignEntryRow.since < moment) & (CampaignEntryRow.status != "active"),
        ),
        (OutboxRow, (OutboxRow.changed_at < moment) & OutboxRow.status.in_(SETTLED)),
    )
