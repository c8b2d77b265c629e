from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from klantreis.errors import AccessError, InputError, NotFoundError
from klantreis.state import State
from klantreis.workspace import FIRST_USER, Accounts, ProgramKeys

GOOD = "vier paarse fietsen"
OTHER = "drie groene trams"


class Clock:
    """A moment that only goes on when it is told to."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, 12)

    def __call__(self) -> datetime:
        return self.at

    def wait(self, **time: float) -> None:
        self.at += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    state = State.in_folder(tmp_path)
    yield state
    state.close()


@pytest.fixture
def accounts(state: State, clock: Clock) -> Accounts:
    return Accounts(state, clock)


def with_password(accounts: Accounts, name: str = "Ann", role: str = "editor") -> None:
    accounts.use_link(accounts.add(name, role), GOOD)


def problem(error: pytest.ExceptionInfo[AccessError]) -> str:
    return error.value.problem


def test_the_first_start_makes_an_administrator_until_somebody_has_a_password(
    accounts: Accounts,
) -> None:
    first = accounts.first_link()
    second = accounts.first_link()
    assert first
    assert second
    assert accounts.owner_of_link(first) is None, "only the newest link works"
    accounts.use_link(second, GOOD)
    assert accounts.first_link() is None
    user = accounts.who(accounts.sign_in(FIRST_USER, GOOD, "::1"))
    assert user is not None
    assert user.role == "admin"


def test_a_link_works_once_and_for_a_day(accounts: Accounts, clock: Clock) -> None:
    secret = accounts.add("ann", "viewer")
    accounts.use_link(secret, GOOD)
    with pytest.raises(AccessError) as error:
        accounts.use_link(secret, OTHER)
    assert problem(error) == "expired"
    late = accounts.new_link("ann")
    clock.wait(hours=24)
    assert accounts.owner_of_link(late) is None


def test_a_refused_password_does_not_use_up_the_link(accounts: Accounts) -> None:
    secret = accounts.add("ann", "viewer")
    with pytest.raises(AccessError):
        accounts.use_link(secret, "short")
    assert accounts.use_link(secret, GOOD) == "ann"


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("elf tekens!", "too_short"),
        ("x" * 1001, "too_long"),
        ("Wachtwoord123", "common"),
        ("111111111111", "common"),
        ("annemarie-vd", "common"),
    ],
)
def test_easy_passwords_are_refused(accounts: Accounts, password: str, why: str) -> None:
    secret = accounts.add("annemarie-vd", "viewer")
    with pytest.raises(AccessError) as error:
        accounts.use_link(secret, password)
    assert problem(error) == why


def test_nothing_secret_is_kept_as_it_is(accounts: Accounts, state: State, tmp_path: Path) -> None:
    link = accounts.add("ann", "viewer")
    accounts.use_link(link, GOOD)
    secret = accounts.sign_in("ann", GOOD, "10.0.0.1")
    key = ProgramKeys(state).make("dashboard", "read", by="ann")
    held = b"".join(file.read_bytes() for file in tmp_path.glob("state.sqlite*"))
    for text in (link, secret, key, GOOD):
        assert text.encode() not in held
    assert state.users.all()[0].password_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_names_are_not_told_apart_by_capitals(accounts: Accounts) -> None:
    with_password(accounts, "Ann")
    assert accounts.who(accounts.sign_in(" ANN ", GOOD, "::1"))
    with pytest.raises(InputError, match="this name"):
        accounts.add("aNN", "viewer")


def test_a_wrong_password_an_unknown_name_and_a_shut_out_user_look_the_same(
    accounts: Accounts,
) -> None:
    with_password(accounts, "ann")
    with_password(accounts, "bob")
    accounts.set_active("bob", is_active=False)
    said = set()
    for name, password in (("ann", OTHER), ("nobody", GOOD), ("bob", GOOD)):
        with pytest.raises(AccessError) as error:
            accounts.sign_in(name, password, "::1")
        said.add((problem(error), str(error.value)))
    assert len(said) == 1


def wait_after(accounts: Accounts, failures: int) -> int:
    """How long `ann` has to wait after so many failures more."""
    for _ in range(failures):
        accounts._note_failure("name", "ann")
    with pytest.raises(AccessError) as error:
        accounts.sign_in("ann", GOOD, "::1")
    assert problem(error) == "wait"
    return error.value.wait_seconds


def test_each_failure_from_the_fifth_on_doubles_the_wait(accounts: Accounts) -> None:
    with_password(accounts)
    waits = [wait_after(accounts, failures) for failures in (5, 1, 1, 1)]
    assert waits == [2, 3, 5, 9]


def test_the_right_password_does_not_help_during_the_wait_but_does_after(
    accounts: Accounts, clock: Clock
) -> None:
    with_password(accounts)
    for _ in range(5):
        with pytest.raises(AccessError):
            accounts.sign_in("ann", OTHER, "::1")
    with pytest.raises(AccessError) as error:
        accounts.sign_in("ann", GOOD, "::1")
    assert problem(error) == "wait"
    assert 0 < error.value.wait_seconds <= 2
    clock.wait(seconds=2)
    assert accounts.sign_in("ann", GOOD, "::1")


def test_an_address_that_tries_many_names_waits_too(accounts: Accounts) -> None:
    for attempt in range(20):
        with pytest.raises(AccessError):
            accounts.sign_in(f"name {attempt}", OTHER, "10.9.9.9")
    with_password(accounts)
    with pytest.raises(AccessError) as error:
        accounts.sign_in("ann", GOOD, "10.9.9.9")
    assert problem(error) == "wait"
    assert accounts.sign_in("ann", GOOD, "10.9.9.8")


def test_the_longest_wait_is_a_quarter_of_an_hour(accounts: Accounts, clock: Clock) -> None:
    with_password(accounts)
    assert wait_after(accounts, 60) == 15 * 60 + 1
    clock.wait(minutes=15)
    assert accounts.sign_in("ann", GOOD, "::1")


def test_a_sign_in_ends_unused_after_twelve_hours_and_anyhow_after_a_week(
    accounts: Accounts, clock: Clock
) -> None:
    with_password(accounts)
    secret = accounts.sign_in("ann", GOOD, "::1")
    clock.wait(hours=12, seconds=1)
    assert accounts.who(secret) is None
    secret = accounts.sign_in("ann", GOOD, "::1")
    for _ in range(16):
        clock.wait(hours=10)
        assert accounts.who(secret)
    clock.wait(hours=10)
    assert accounts.who(secret) is None


def test_signing_in_again_ends_what_the_browser_held(accounts: Accounts) -> None:
    with_password(accounts)
    planted = accounts.sign_in("ann", GOOD, "::1")
    fresh = accounts.sign_in("ann", GOOD, "::1", instead_of=planted)
    assert fresh != planted
    assert accounts.who(planted) is None


def test_signing_out_here_and_everywhere(accounts: Accounts) -> None:
    with_password(accounts)
    one, two = (accounts.sign_in("ann", GOOD, "::1") for _ in range(2))
    assert len(accounts.sign_ins("ann")) == 2
    accounts.sign_out(one)
    assert accounts.who(one) is None
    assert accounts.who(two)
    accounts.sign_out_everywhere("ann")
    assert accounts.who(two) is None


def test_another_password_ends_every_sign_in(accounts: Accounts) -> None:
    with_password(accounts)
    secret = accounts.sign_in("ann", GOOD, "::1")
    with pytest.raises(AccessError) as error:
        accounts.change_password("ann", OTHER, OTHER)
    assert problem(error) == "wrong"
    accounts.change_password("ann", GOOD, OTHER)
    assert accounts.who(secret) is None
    assert accounts.sign_in("ann", OTHER, "::1")


def test_who_is_shut_out_is_out_at_once(accounts: Accounts) -> None:
    with_password(accounts)
    link = accounts.new_link("ann")
    secret = accounts.sign_in("ann", GOOD, "::1")
    accounts.set_active("ann", is_active=False)
    assert accounts.who(secret) is None
    assert accounts.owner_of_link(link) is None
    accounts.set_active("ann", is_active=True)
    assert accounts.who(secret) is None
    assert accounts.sign_in("ann", GOOD, "::1")


def test_there_is_always_an_administrator(accounts: Accounts) -> None:
    accounts.add("ann", "admin")
    with pytest.raises(InputError, match="administrator"):
        accounts.set_role("ann", "viewer")
    with pytest.raises(InputError, match="administrator"):
        accounts.set_active("ann", is_active=False)
    accounts.add("bob", "admin")
    accounts.set_role("ann", "viewer")


def test_unknown_users_and_roles_are_named(accounts: Accounts) -> None:
    with pytest.raises(NotFoundError, match="nobody"):
        accounts.new_link("nobody")
    with pytest.raises(InputError, match="allowed: viewer, editor, admin"):
        accounts.add("ann", "king")


def test_a_key_opens_one_purpose_until_it_is_revoked(state: State, clock: Clock) -> None:
    keys = ProgramKeys(state, clock)
    secret = keys.make("till", "collect", source="till", by="ann")
    found = keys.check(secret, "collect")
    assert found is not None
    assert (found.name, found.source) == ("till", "till")
    assert keys.check(secret, "read") is None
    assert keys.check(secret + "x", "collect") is None
    keys.revoke(found.key_id)
    assert keys.check(secret, "collect") is None
    with pytest.raises(NotFoundError):
        keys.revoke(found.key_id)
    assert [key.used_at for key in keys.all()] == [clock.at]


@pytest.mark.parametrize(
    ("name", "purpose", "source"),
    [("", "read", ""), ("a", "all", ""), ("a", "collect", ""), ("a", "read", "till"), ("a", "collect", "../x")],
)  # fmt: skip
def test_a_key_that_makes_no_sense_is_refused(
    state: State, name: str, purpose: str, source: str
) -> None:
    with pytest.raises(InputError):
        ProgramKeys(state).make(name, purpose, source=source, by="ann")
