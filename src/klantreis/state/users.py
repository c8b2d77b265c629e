"""Who may use the pages: users, where they are signed in, and one-time links to set a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, DateTime, ForeignKey, Index, String, delete, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Mapped, Session, mapped_column

from klantreis.state.models import Base

__all__ = ["SignIn", "User", "Users"]


class UserRow(Base):
    """A person who may use the pages; the password is only kept as an argon2id hash."""

    __tablename__ = "users"
    holds = "staff"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    role: Mapped[str] = mapped_column(String(10))
    password_hash: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime] = mapped_column(DateTime)


class SignInRow(Base):
    """A browser that is signed in; its secret is only kept as a hash."""

    __tablename__ = "sign_ins"
    holds = "staff"

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(ForeignKey("users.name", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(100))
    signed_in_at: Mapped[datetime] = mapped_column(DateTime)
    seen_at: Mapped[datetime] = mapped_column(DateTime)

    __table_args__ = (Index("sign_ins_by_name", "name"),)


class PasswordLinkRow(Base):
    """A link with which its owner sets a password, once; at most one a user."""

    __tablename__ = "password_links"
    holds = "staff"

    name: Mapped[str] = mapped_column(
        ForeignKey("users.name", ondelete="CASCADE"), primary_key=True
    )
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(DateTime)


@dataclass(frozen=True)
class User:
    """A person who may use the pages.

    Attributes:
        name: what they sign in with, in lower case.
        role: `viewer`, `editor` or `admin`.
        password_hash: argon2id; empty until they set a password.
    """

    name: str
    role: str
    password_hash: str
    is_active: bool
    created_at: datetime


@dataclass(frozen=True)
class SignIn:
    """A browser that is signed in: since when, from which address, last seen (UTC)."""

    name: str
    address: str
    signed_in_at: datetime
    seen_at: datetime


class Users:
    """Reads and writes users; each method is one transaction."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def all(self) -> tuple[User, ...]:
        """Every user, by name."""
        with Session(self._database) as session:
            rows = session.scalars(select(UserRow).order_by(UserRow.name)).all()
            return tuple(_user(row) for row in rows)

    def find(self, name: str) -> User | None:
        """One user by name."""
        with Session(self._database) as session:
            row = session.get(UserRow, name)
            return None if row is None else _user(row)

    def add(self, name: str, role: str, at: datetime) -> bool:
        """Add a user without a password; False when the name is taken."""
        with Session(self._database) as session, session.begin():
            if session.get(UserRow, name):
                return False
            session.add(
                UserRow(name=name, role=role, password_hash="", is_active=True, created_at=at)
            )
            return True

    def change(
        self,
        name: str,
        *,
        role: str | None = None,
        password_hash: str | None = None,
        is_active: bool | None = None,
    ) -> None:
        """Change what is given; whoever gets another password or is shut out, is signed out."""
        given = {"role": role, "password_hash": password_hash, "is_active": is_active}
        values = {key: value for key, value in given.items() if value is not None}
        with Session(self._database) as session, session.begin():
            session.execute(update(UserRow).where(UserRow.name == name).values(**values))
            if password_hash is not None or is_active is False:
                session.execute(delete(SignInRow).where(SignInRow.name == name))
                session.execute(delete(PasswordLinkRow).where(PasswordLinkRow.name == name))

    def rehash(self, name: str, password_hash: str) -> None:
        """Keep the same password under newer parameters; nobody is signed out."""
        with Session(self._database) as session, session.begin():
            session.execute(
                update(UserRow).where(UserRow.name == name).values(password_hash=password_hash)
            )

    # Links to set a password

    def put_link(self, name: str, secret_hash: str, expires_at: datetime) -> None:
        """Give a user a link; an earlier one no longer works."""
        with Session(self._database) as session, session.begin():
            session.merge(
                PasswordLinkRow(name=name, secret_hash=secret_hash, expires_at=expires_at)
            )

    def link_owner(self, secret_hash: str, at: datetime) -> User | None:
        """Whose link this is; None when it is unknown, used or expired."""
        wanted = (
            select(UserRow)
            .join(PasswordLinkRow)
            .where(PasswordLinkRow.secret_hash == secret_hash, PasswordLinkRow.expires_at > at)
        )
        with Session(self._database) as session:
            row = session.scalars(wanted).first()
            return _user(row) if row is not None and row.is_active else None

    def use_link(self, secret_hash: str, at: datetime) -> str | None:
        """Take a link out of use and tell whose it was; only one caller ever gets the name."""
        with Session(self._database) as session, session.begin():
            wanted = select(PasswordLinkRow.name).where(
                PasswordLinkRow.secret_hash == secret_hash, PasswordLinkRow.expires_at > at
            )
            name = session.scalar(wanted)
            removed = session.execute(
                delete(PasswordLinkRow).where(PasswordLinkRow.secret_hash == secret_hash)
            )
            return name if removed.rowcount == 1 else None  # type: ignore[attr-defined]  # a DELETE's result has it

    # Sign-ins

    def put_sign_in(self, secret_hash: str, name: str, address: str, at: datetime) -> None:
        """Remember a browser that signed in."""
        with Session(self._database) as session, session.begin():
            session.add(
                SignInRow(
                    secret_hash=secret_hash, name=name, address=address, signed_in_at=at, seen_at=at
                )
            )

    def signed_in(self, secret_hash: str) -> tuple[User, SignIn] | None:
        """Who this browser is, and since when."""
        wanted = (
            select(UserRow, SignInRow).join(SignInRow).where(SignInRow.secret_hash == secret_hash)
        )
        with Session(self._database) as session:
            found = session.execute(wanted).first()
            return None if found is None else (_user(found[0]), _sign_in(found[1]))

    def sign_ins(self, name: str) -> tuple[SignIn, ...]:
        """Where a user is signed in, last seen first."""
        wanted = select(SignInRow).where(SignInRow.name == name).order_by(SignInRow.seen_at.desc())
        with Session(self._database) as session:
            return tuple(_sign_in(row) for row in session.scalars(wanted).all())

    def touch(self, secret_hash: str, at: datetime) -> None:
        """Note that a browser is still used."""
        with Session(self._database) as session, session.begin():
            session.execute(
                update(SignInRow).where(SignInRow.secret_hash == secret_hash).values(seen_at=at)
            )

    def end_sign_in(self, secret_hash: str) -> None:
        """Sign one browser out."""
        with Session(self._database) as session, session.begin():
            session.execute(delete(SignInRow).where(SignInRow.secret_hash == secret_hash))

    def end_sign_ins(self, name: str) -> None:
        """Sign a user out everywhere."""
        with Session(self._database) as session, session.begin():
            session.execute(delete(SignInRow).where(SignInRow.name == name))

    def end_sign_ins_before(self, signed_in: datetime, seen: datetime) -> None:
        """Forget browsers that signed in, or were last seen, before these moments."""
        with Session(self._database) as session, session.begin():
            session.execute(
                delete(SignInRow).where(
                    (SignInRow.signed_in_at < signed_in) | (SignInRow.seen_at < seen)
                )
            )


def _user(row: UserRow) -> User:
    return User(row.name, row.role, row.password_hash, row.is_active, row.created_at)


def _sign_in(row: SignInRow) -> SignIn:
    return SignIn(row.name, row.address, row.signed_in_at, row.seen_at)
