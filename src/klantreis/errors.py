"""Everything that can go wrong, one class per thing the caller can do about it.

KlantreisError                 the root; catch this to catch all of ours
├── InputError                 what came in is wrong: mend the file, the setting or the argument
│   ├── ContractError          a table does not keep its written contract
│   ├── FieldError             a field that people fill in is wrong; says which
│   │   └── RuleError          a rule in the condition language is wrong; says at which character
│   ├── SettingsError          klantreis.toml or a mapping file is wrong
│   └── UnreadableFileError    a file cannot be read at all (a bad row goes to quarantine instead)
│       └── ChangedColumnsError  it lacks columns that it used to have: say what they are called now
├── ConflictError              someone else changed the same thing meanwhile: look, and repeat the change
├── NotFoundError              a name that does not exist here: table, source, customer, page
├── AccessError                who asks may not, or is not who they say: see `problem`
├── WorkspaceError             the folder is not (yet) what the call needs
│   └── WorkspaceBusyError     another run is writing: wait, or stop it
├── DeliveryError              a message could not be handed over now: try again later
├── LostAnswerError            nobody knows whether a message arrived: look it up before sending again
├── RefusedMessageError        the receiver does not want this message: do not send it again
├── MissingExtraError          an optional package is needed: install the extra
├── AbandonedError             nobody waits for the answer any more: nothing to do
└── StoppedError               the run was stopped on request; start it again to take it up

Messages say what, where, what was got, what is allowed and the next step.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

__all__ = [
    "AbandonedError",
    "AccessError",
    "ChangedColumnsError",
    "ConflictError",
    "ContractError",
    "DeliveryError",
    "FieldError",
    "InputError",
    "KlantreisError",
    "LostAnswerError",
    "Message",
    "MissingExtraError",
    "NotFoundError",
    "OldTablesError",
    "RefusedMessageError",
    "RuleError",
    "SettingsError",
    "StoppedError",
    "UnreadableFileError",
    "WorkspaceBusyError",
    "WorkspaceError",
    "message",
]


class Message(str):
    """The text of an error, with its parts for doors that speak the reader's language.

    Attributes:
        parts: what, where, got, allowed and next step; those that are not told are empty.
    """

    parts: tuple[str, str, str, str, str]

    def __new__(cls, text: str, parts: tuple[str, str, str, str, str]) -> Message:
        made = super().__new__(cls, text)
        made.parts = parts
        return made


def message(
    what: str, *, where: str = "", got: str = "", allowed: str = "", next_step: str = ""
) -> Message:
    """Put the parts of an error message in their fixed order.

    >>> message("Unknown table", where="query", got="'custmers'", allowed="customers",
    ...         next_step="see klantreis tables")
    "Unknown table in query: got 'custmers'; allowed: customers. Next: see klantreis tables."
    """
    text = what
    if where:
        text += f" in {where}"
    details = []
    if got:
        details.append(f"got {got}")
    if allowed:
        details.append(f"allowed: {allowed}")
    if details:
        text += ": " + "; ".join(details)
    text += "."
    if next_step:
        text += f" Next: {next_step}."
    return Message(text, (what, where, got, allowed, next_step))


class KlantreisError(Exception):
    """The root of all errors that this product raises on purpose."""

    @property
    def parts(self) -> tuple[str, str, str, str, str]:
        """What, where, got, allowed and next step; those that are not told are empty."""
        told = self.args[0] if self.args else ""
        return told.parts if isinstance(told, Message) else (str(told), "", "", "", "")


class InputError(KlantreisError):
    """What came in is wrong; the message says where and what is allowed."""


class AbandonedError(KlantreisError):
    """Nobody waits for the answer any more, so that it was not worked out."""


class ContractError(InputError):
    """A table does not keep its written contract."""


class FieldError(InputError):
    """A field of something that people fill in is wrong.

    Args:
        field: where it stands, as `steps.0.wait_hours`.
        told: the whole message.
        got: what stands there.
        allowed: what may stand there.
        limits: of a number: the smallest and the largest, for doors that speak the reader's
            language.
    """

    def __init__(
        self,
        field: str,
        told: str,
        got: str = "",
        allowed: str = "",
        limits: tuple[float, float] | None = None,
    ) -> None:
        self.field, self.got, self.allowed, self.limits = field, got, allowed, limits
        super().__init__(told)


class RuleError(FieldError):
    """A rule cannot be read; the message shows the line with a caret below the place.

    Args:
        kind: code of what is wrong, for doors that speak the reader's language.
        text: the rule as it was given.
        position: index in `text` of the first character that is wrong.
        got: what stands there.
        allowed: what may stand there.
        ends: of a number or day, or of the levels of brackets: the smallest and the largest, for
            doors that speak the reader's language.
    """

    def __init__(
        self,
        kind: str,
        text: str,
        position: int,
        *,
        got: str,
        allowed: str,
        ends: tuple[int, int] | tuple[date, date] | None = None,
    ) -> None:
        self.kind, self.text, self.position, self.ends = kind, text, position, ends
        self.line = text.count("\n", 0, position) + 1
        start = text.rfind("\n", 0, position) + 1
        self.column = position - start + 1
        shown = text[start:].split("\n", 1)[0]
        where = f"line {self.line}, column {self.column}"
        told = message(
            kind.replace("_", " ").capitalize(),
            where=where,
            got=got,
            allowed=allowed,
            next_step="correct the rule at the caret; docs/rules.md has the whole language",
        )
        shown_whole = f"{told}\n  {shown}\n  {' ' * (self.column - 1)}^"
        super().__init__("", shown_whole, got, allowed)


class SettingsError(InputError):
    """A settings or mapping file is wrong."""


class UnreadableFileError(InputError):
    """A file cannot be read at all; single bad rows go to quarantine instead."""


class ChangedColumnsError(UnreadableFileError):
    """A file lacks columns that the files of its source used to have.

    Args:
        text: the whole message.
        lacking: by the name of each column that is lacking, the one that it may be called now;
            empty where none is like it.
        fresh: columns of the file that nobody knows, in their order.
        share: part of the columns that it should have and has.
    """

    def __init__(
        self, text: str, lacking: Mapping[str, str], fresh: tuple[str, ...], share: float
    ) -> None:
        super().__init__(text)
        self.lacking, self.fresh, self.share = lacking, fresh, share


class ConflictError(KlantreisError):
    """Someone else changed the same thing meanwhile; nothing was overwritten."""


class NotFoundError(KlantreisError):
    """A name that does not exist here."""


class AccessError(KlantreisError):
    """A sign-in, a password or a key is refused.

    Attributes:
        problem: code of why, for doors that put it into their own words.
        wait_seconds: how long to wait before it makes sense to try again.
    """

    def __init__(self, text: str, problem: str, wait_seconds: int = 0) -> None:
        super().__init__(text)
        self.problem = problem
        self.wait_seconds = wait_seconds


class WorkspaceError(KlantreisError):
    """The folder is not (yet) what the call needs."""


class WorkspaceBusyError(WorkspaceError):
    """Another process is writing this workspace."""


class OldTablesError(WorkspaceError):
    """The tables do not know enough of what happened meanwhile; once up to date they do."""


class DeliveryError(KlantreisError):
    """A message could not be handed over now; later it may."""


class LostAnswerError(KlantreisError):
    """The receiver got a message, but its answer was lost."""


class RefusedMessageError(KlantreisError):
    """A message is refused for good: an address that does not exist, a receiver that says no."""


class MissingExtraError(KlantreisError):
    """An optional package is needed for this."""


class StoppedError(KlantreisError):
    """The run was stopped on request and can be taken up again."""
