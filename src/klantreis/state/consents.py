"""A yes or no that someone of us wrote down for a customer, with all that was written before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Boolean, DateTime, Engine, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from klantreis.state.models import Base

__all__ = ["ConsentStore", "StatedConsent"]


class ConsentStatementRow(Base):
    """One statement; nothing is ever overwritten."""

    __tablename__ = "consent_statements"
    holds = "customers"

    statement_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    customer_id: Mapped[int] = mapped_column(BigInteger)
    recipient: Mapped[str] = mapped_column(String(320))
    purpose: Mapped[str] = mapped_column(String(40))
    is_granted: Mapped[bool] = mapped_column(Boolean)
    stated_at: Mapped[datetime] = mapped_column(DateTime)
    heard_by: Mapped[str] = mapped_column(String(100))
    note: Mapped[str] = mapped_column(String(500))
    entered_at: Mapped[datetime] = mapped_column(DateTime)
    entered_by: Mapped[str] = mapped_column(String(200))

    __table_args__ = (Index("consents_by_customer", "customer_id"),)


@dataclass(frozen=True)
class StatedConsent:
    """What a customer said about one purpose, as one of us wrote it down.

    Attributes:
        recipient: their e-mail address at that moment; empty when nobody knew it.
        stated_at: when the customer said so (UTC).
        heard_by: how we came to know: a call, a letter, at the till ...
        entered_at, entered_by: when it was written down, and by whom.
    """

    customer_id: int
    recipient: str
    purpose: str
    is_granted: bool
    stated_at: datetime
    heard_by: str
    note: str
    entered_at: datetime
    entered_by: str


class ConsentStore:
    """Reads and writes statements; each method is one transaction."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def add(self, stated: StatedConsent) -> None:
        """Write a statement down."""
        with Session(self._database) as session, session.begin():
            session.add(ConsentStatementRow(**vars(stated)))

    def of(self, customers: Iterable[int]) -> tuple[StatedConsent, ...]:
        """All statements of some customers, in the order in which they were written down."""
        wanted = select(ConsentStatementRow).where(
            ConsentStatementRow.customer_id.in_(list(customers))
        )
        with Session(self._database) as session:
            rows = session.scalars(wanted.order_by(ConsentStatementRow.statement_id))
            return tuple(_stated(row) for row in rows)

    def purposes(self) -> frozenset[str]:
        """The purposes that anybody said something about."""
        with Session(self._database) as session:
            return frozenset(session.scalars(select(ConsentStatementRow.purpose).distinct()))

    def last_words(self, purpose: str) -> tuple[frozenset[int], frozenset[int], frozenset[str]]:
        """Customers whose last word on a purpose is yes, those who said no, and their addresses.

        Of two statements of the same moment the no counts.
        """
        wanted = select(ConsentStatementRow).where(ConsentStatementRow.purpose == purpose)
        last: dict[int, ConsentStatementRow] = {}
        with Session(self._database) as session:
            for row in session.scalars(wanted.order_by(ConsentStatementRow.statement_id)):
                held = last.setdefault(row.customer_id, row)
                if (row.stated_at, not row.is_granted) >= (held.stated_at, not held.is_granted):
                    last[row.customer_id] = row
            refusing = [row for row in last.values() if not row.is_granted]
            return (
                frozenset(row.customer_id for row in last.values() if row.is_granted),
                frozenset(row.customer_id for row in refusing),
                frozenset(row.recipient for row in refusing if row.recipient),
            )


def _stated(row: ConsentStatementRow) -> StatedConsent:
    return StatedConsent(
        row.customer_id,
        row.recipient,
        row.purpose,
        row.is_granted,
        row.stated_at,
        row.heard_by,
        row.note,
        row.entered_at,
        row.entered_by,
    )
