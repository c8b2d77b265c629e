"""Keys with which programs come in, each for one purpose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from klantreis.errors import InputError, NotFoundError, message
from klantreis.state import Key, State
from klantreis.workspace.accounts import utc_now
from klantreis.workspace.secret import hashed, new_secret

__all__ = ["PURPOSES", "ProgramKeys"]

PURPOSES = ("read", "metrics", "collect")
NOTED_EVERY = timedelta(minutes=1)


class ProgramKeys:
    """The keys of a workspace.

    Args:
        state: where they are kept, as hashes.
        clock: tells the moment in UTC, naive.
    """

    def __init__(self, state: State, clock: Callable[[], datetime] = utc_now) -> None:
        self._keys = state.keys
        self._clock = clock

    def all(self) -> tuple[Key, ...]:
        """Every key that was ever made, newest first; never their secrets."""
        return self._keys.all()

    def make(self, name: str, purpose: str, *, source: str = "", by: str) -> str:
        """Make a key.

        Args:
            name: what it is for, in its maker's words.
            purpose: `read` (the pages' `.json` twins, as a viewer), `metrics` or `collect`.
            source: for `collect`: folder below `exports/` that its events belong to.
            by: name of the user who makes it.

        Returns:
            The key itself, which is shown this once.

        Raises:
            InputError: no name, an unknown purpose, or a source that does not go with it.
        """
        if not name.strip() or len(name) > 100:
            raise InputError(message("A key needs a name", allowed="1 to 100 characters"))
        if purpose not in PURPOSES:
            allowed = ", ".join(PURPOSES)
            raise InputError(message("Unknown purpose", got=repr(purpose), allowed=allowed))
        if (purpose == "collect") != bool(source):
            raise InputError(
                message(
                    "A key collects for one source, other keys have none",
                    got=repr(source),
                    allowed="a source with purpose collect only",
                )
            )
        if source and not source.replace("_", "").replace("-", "").isalnum():
            raise InputError(
                message("Not a source", got=repr(source), allowed="letters, digits, - and _")
            )
        secret = f"klantreis_{new_secret()}"
        mark = hashed(secret)
        self._keys.add(
            Key(mark[:8], name.strip(), purpose, source, by, self._clock(), None, None), mark
        )
        return secret

    def check(self, secret: str, purpose: str) -> Key | None:
        """The key with this secret, when it is in use and for this purpose."""
        key = self._keys.find(hashed(secret))
        if key is None or key.revoked_at or key.purpose != purpose:
            return None
        at = self._clock()
        if key.used_at is None or at - key.used_at > NOTED_EVERY:
            self._keys.touch(key.key_id, at)
        return key

    def revoke(self, key_id: str) -> None:
        """Take a key out of use, at once and for ever.

        Raises:
            NotFoundError: there is no such key in use.
        """
        if not self._keys.revoke(key_id, self._clock()):
            raise NotFoundError(message("Unknown key", got=repr(key_id)))
