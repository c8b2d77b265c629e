"""The outbox: messages on their way, each taken by one process at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from klantreis.state.campaign_rows import OutboxMessage, OutboxRow, values_of

__all__ = ["Outbox"]


class Outbox:
    """Reads and moves on the messages of all campaigns; each method is one transaction.

    Messages come in with the decision that makes them; see `Campaigns.decided`.
    """

    def __init__(self, database: Engine) -> None:
        self._database = database

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
            return tuple(OutboxMessage(**values_of(row)) for row in session.scalars(wanted))

    def queued(self) -> Mapping[str, int]:
        """How many messages stand where, of all campaigns together."""
        wanted = select(OutboxRow.status, func.count()).group_by(OutboxRow.status)
        with Session(self._database) as session:
            return {row[0]: row[1] for row in session.execute(wanted)}

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
            return tuple(OutboxMessage(**values_of(row)) for row in rows)

    def left_handed(self, *, before: datetime) -> tuple[OutboxMessage, ...]:
        """Messages that were being handed over when their process died."""
        wanted = select(OutboxRow).where(
            OutboxRow.status == "handed", OutboxRow.changed_at <= before
        )
        with Session(self._database) as session:
            return tuple(OutboxMessage(**values_of(row)) for row in session.scalars(wanted))

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

    def statuses(self, campaign: str) -> Mapping[str, int]:
        """How many messages of a campaign stand where in the outbox."""
        wanted = (
            select(OutboxRow.status, func.count())
            .where(OutboxRow.campaign == campaign)
            .group_by(OutboxRow.status)
        )
        with Session(self._database) as session:
            return {row[0]: row[1] for row in session.execute(wanted)}
