"""Who may use the pages: users and roles, signing in and out, one-time links, waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from klantreis.errors import AccessError, InputError, NotFoundError, message
from klantreis.state import SignIn, State, User
from klantreis.workspace.passwords import (
    check_password,
    hash_password,
    is_outdated,
    is_password,
)
from klantreis.workspace.secret import hashed, new_secret

__all__ = ["FIRST_USER", "ROLES", "Accounts", "utc_now"]

ROLES = ("viewer", "editor", "admin")  # each may do what those before it may
FIRST_USER = "admin"
LINK_HOLDS = timedelta(hours=24)
SIGN_IN_HOLDS = timedelta(days=7)
SIGN_IN_HOLDS_UNUSED = timedelta(hours=12)
NOTED_EVERY = timedelta(minutes=1)
# Failures without a wait; an address serves a whole office. Each one more doubles the wait.
FREE_FAILURES = {"name": 5, "address": 20}
LONGEST_WAIT = timedelta(minutes=15)
FAILURES_HOLD = timedelta(hours=24)


def utc_now() -> datetime:
    """This moment in UTC, naive."""
    return datetime.now(UTC).replace(tzinfo=None)


class Accounts:
    """The users of a workspace.

    Args:
        state: where users are kept.
        clock: tells the moment in UTC, naive.
    """

    def __init__(self, state: State, clock: Callable[[], datetime] = utc_now) -> None:
        self._state = state
        self._users = state.users
        self._clock = clock

    # Users

    def users(self) -> tuple[User, ...]:
        """Every user, by name."""
        return self._users.all()

    def first_link(self) -> str | None:
        """At the first start: an administrator and the secret of the link to set the password.

        Returns:
            None as soon as somebody has set a password.
        """
        users = self._users.all()
        if any(user.password_hash for user in users):
            return None
        if not any(user.name == FIRST_USER for user in users):
            self._users.add(FIRST_USER, "admin", self._clock())
        return self.new_link(FIRST_USER)

    def add(self, name: str, role: str) -> str:
        """Add a user.

        Returns:
            The secret of the link with which they set their password.

        Raises:
            InputError: not a name or role, or the name is taken.
        """
        known = _name(name)
        if not known or len(known) > 100 or not known.isprintable():
            raise InputError(message("Not a name", got=repr(name), allowed="1 to 100 characters"))
        _check_role(role)
        if not self._users.add(known, role, self._clock()):
            raise InputError(
                message("There is a user of this name", got=known, next_step="take another name")
            )
        return self.new_link(known)

    def new_link(self, name: str) -> str:
        """A link with which a user sets a password, once and within 24 hours; returns its secret.

        Raises:
            NotFoundError: there is no such user.
        """
        user = self._find(name)
        secret = new_secret()
        self._users.put_link(user.name, hashed(secret), self._clock() + LINK_HOLDS)
        return secret

    def set_role(self, name: str, role: str) -> None:
        """Give a user another role, from their next request on.

        Raises:
            InputError: not a role, or nobody would be administrator any more.
        """
        _check_role(role)
        user = self._find(name)
        if role != "admin":
            self._refuse_without_admin(user)
        self._users.change(user.name, role=role)

    def set_active(self, name: str, *, is_active: bool) -> None:
        """Shut a user out, at once and everywhere, or let them in again.

        Raises:
            InputError: nobody would be administrator any more.
        """
        user = self._find(name)
        if not is_active:
            self._refuse_without_admin(user)
        self._users.change(user.name, is_active=is_active)

    # Passwords

    def owner_of_link(self, secret: str) -> User | None:
        """Whose link this is; None when it is unknown, used or expired."""
        return self._users.link_owner(hashed(secret), self._clock())

    def use_link(self, secret: str, password: str) -> str:
        """Set the password that a link is for, and end the link.

        Returns:
            Name of the user.

        Raises:
            AccessError: `expired`, or what `check_password` refuses.
        """
        owner = self.owner_of_link(secret)
        if owner is None:
            raise _expired()
        check_password(password, owner.name)
        password_hash = hash_password(password)
        if self._users.use_link(hashed(secret), self._clock()) is None:
            raise _expired()
        self._users.change(owner.name, password_hash=password_hash)
        self._state.waits.forget(_subject("name", owner.name))
        return owner.name

    def change_password(self, name: str, current: str, password: str) -> None:
        """Set another password; ends all sign-ins of this user.

        Raises:
            AccessError: `wrong`, or what `check_password` refuses.
        """
        user = self._find(name)
        self._refuse_while_waiting("name", user.name)
        if not is_password(current, user.password_hash):
            self._note_failure("name", user.name)
            raise _wrong()
        check_password(password, user.name)
        self._users.change(user.name, password_hash=hash_password(password))

    # Signing in and out

    def sign_in(self, name: str, password: str, address: str, *, instead_of: str = "") -> str:
        """Sign a browser in.

        Args:
            address: where the request comes from.
            instead_of: secret that the browser held; it ends, so that it cannot be planted.

        Returns:
            The secret for the browser to keep.

        Raises:
            AccessError: `wrong` (name or password, not told which), or `wait`.
        """
        known = _name(name)
        self._refuse_while_waiting("address", address)
        self._refuse_while_waiting("name", known)
        user = self._users.find(known)
        is_right = is_password(password, user.password_hash if user else "")
        if user is None or not is_right or not user.is_active:
            self._note_failure("address", address)
            self._note_failure("name", known)
            raise _wrong()
        self._state.waits.forget(_subject("name", known))
        if is_outdated(user.password_hash):
            self._users.rehash(user.name, hash_password(password))
        return self._new_sign_in(user.name, address, instead_of)

    def who(self, secret: str) -> User | None:
        """Who the browser with this secret is; None when it is not (or no longer) signed in."""
        found = self._users.signed_in(hashed(secret))
        if found is None:
            return None
        user, sign_in = found
        at = self._clock()
        if not user.is_active or _is_over(sign_in, at):
            self._users.end_sign_in(hashed(secret))
            return None
        if at - sign_in.seen_at > NOTED_EVERY:
            self._users.touch(hashed(secret), at)
        return user

    def sign_ins(self, name: str) -> tuple[SignIn, ...]:
        """Where a user is signed in, last seen first."""
        at = self._clock()
        return tuple(one for one in self._users.sign_ins(_name(name)) if not _is_over(one, at))

    def sign_out(self, secret: str) -> None:
        """Sign one browser out."""
        self._users.end_sign_in(hashed(secret))

    def sign_out_everywhere(self, name: str) -> None:
        """Sign a user out in every browser."""
        self._users.end_sign_ins(_name(name))

    def forget_what_is_over(self) -> None:
        """Drop sign-ins and waits that have ended."""
        at = self._clock()
        self._users.end_sign_ins_before(at - SIGN_IN_HOLDS, at - SIGN_IN_HOLDS_UNUSED)
        self._state.waits.forget_before(at - FAILURES_HOLD)

    def _new_sign_in(self, name: str, address: str, instead_of: str) -> str:
        if instead_of:
            self.sign_out(instead_of)
        self.forget_what_is_over()
        secret = new_secret()
        self._users.put_sign_in(hashed(secret), name, address[:100], self._clock())
        return secret

    def _refuse_while_waiting(self, kind: str, subject: str) -> None:
        _, until = self._state.waits.get(_subject(kind, subject))
        left = (until - self._clock()).total_seconds() if until else 0
        if left > 0:
            seconds = int(left) + 1
            raise AccessError(
                message("Too many failed sign-ins", next_step=f"try again in {seconds} seconds"),
                "wait",
                seconds,
            )

    def _note_failure(self, kind: str, subject: str) -> None:
        key, at = _subject(kind, subject), self._clock()
        failures, until = self._state.waits.get(key)
        if until and until < at - FAILURES_HOLD:
            failures = 0
        beyond = failures + 1 - FREE_FAILURES[kind]
        # The exponent is bounded, so that no number of failures overflows.
        wait = timedelta(seconds=2 ** min(beyond, 20)) if beyond >= 0 else timedelta()
        self._state.waits.put(key, failures + 1, at + min(wait, LONGEST_WAIT))

    def _find(self, name: str) -> User:
        user = self._users.find(_name(name))
        if user is None:
            raise NotFoundError(
                message("Unknown user", got=repr(name), next_step="klantreis users DIR lists them")
            )
        return user

    def _refuse_without_admin(self, user: User) -> None:
        others = (one for one in self._users.all() if one.name != user.name)
        if user.role == "admin" and not any(o.role == "admin" and o.is_active for o in others):
            raise InputError(
                message(
                    "Nobody would be administrator any more",
                    got=user.name,
                    next_step="make someone else administrator first",
                )
            )


def _name(name: str) -> str:
    return name.strip().casefold()


def _subject(kind: str, subject: str) -> str:
    return hashed(f"{kind}:{subject}")


def _is_over(sign_in: SignIn, at: datetime) -> bool:
    return at - sign_in.signed_in_at > SIGN_IN_HOLDS or at - sign_in.seen_at > SIGN_IN_HOLDS_UNUSED


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise InputError(message("Unknown role", got=repr(role), allowed=", ".join(ROLES)))


def _wrong() -> AccessError:
    return AccessError(message("The name or the password is not right"), "wrong")


def _expired() -> AccessError:
    return AccessError(
        message(
            "This link was used or has expired", next_step="ask an administrator for a new one"
        ),
        "expired",
    )
