"""Passwords: long, not one that everybody takes, and kept as argon2id hashes only.

There are no other rules: mixtures of signs and forced changes make passwords weaker (NIST
SP 800-63B, section 5.1.1.2).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from klantreis.errors import AccessError, message

__all__ = ["LENGTH_AT_LEAST", "check_password", "hash_password", "is_outdated", "is_password"]

LENGTH_AT_LEAST = 12
LENGTH_AT_MOST = 1000  # a longer one only serves to keep the machine busy

# RFC 9106, section 4, second recommended option: argon2id, 3 passes, 64 MiB, 4 lanes.
HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
# Each hash takes 64 MiB: two at a time, so that a flood of sign-ins cannot fill the memory.
AT_A_TIME = BoundedSemaphore(2)


def check_password(password: str, name: str) -> None:
    """Refuse a password that is easily guessed.

    Raises:
        AccessError: `too_short`, `too_long` or `common`.
    """
    if len(password) < LENGTH_AT_LEAST:
        raise AccessError(
            message("The password is too short", allowed=f"{LENGTH_AT_LEAST} characters or more"),
            "too_short",
        )
    if len(password) > LENGTH_AT_MOST:
        raise AccessError(
            message("The password is too long", allowed=f"at most {LENGTH_AT_MOST} characters"),
            "too_long",
        )
    plain = password.lower()
    if plain in _common() or plain == name or len(set(plain)) < 4:
        raise AccessError(
            message("Many people take this password", allowed="one that only you would think of"),
            "common",
        )


def hash_password(password: str) -> str:
    """The argon2id hash, with its salt and parameters inside."""
    with AT_A_TIME:
        return HASHER.hash(password)


def is_password(password: str, password_hash: str) -> bool:
    """Whether this is the password; an unknown user (empty hash) takes as long as a known one."""
    with AT_A_TIME:
        try:
            return HASHER.verify(password_hash or _of_nobody(), password) and bool(password_hash)
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(password_hash: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(password_hash)


@cache
def _of_nobody() -> str:
    return HASHER.hash("the password of nobody")


@cache
def _common() -> frozenset[str]:
    text = files("klantreis.workspace").joinpath("common_passwords.txt").read_text("utf-8")
    return frozenset(text.split())
