"""Everything that can go wrong, one class per thing the caller can do about it.

KlantreisError                 the root; catch this to catch all of ours
├── InputError                 what came in is wrong: mend the file, the setting or the argument
│   ├── ContractError          a table does not keep its written contract
│   ├── SettingsError          klantreis.toml or a mapping file is wrong
│   └── UnreadableFileError    a file cannot be read at all (a bad row goes to quarantine instead)
├── NotFoundError              a name that does not exist here: table, source, customer, page
├── WorkspaceError             the folder is not (yet) what the call needs
│   └── WorkspaceBusyError     another run is writing: wait, or stop it
├── MissingExtraError          an optional package is needed: install the extra
└── StoppedError               the run was stopped on request; start it again to take it up

Messages say what, where, what was got, what is allowed and the next step.
"""

from __future__ import annotations

__all__ = [
    "ContractError",
    "InputError",
    "KlantreisError",
    "MissingExtraError",
    "NotFoundError",
    "SettingsError",
    "StoppedError",
    "UnreadableFileError",
    "WorkspaceBusyError",
    "WorkspaceError",
    "message",
]


def message(
    what: str, *, where: str = "", got: str = "", allowed: str = "", next_step: str = ""
) -> str:
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
    return text


class KlantreisError(Exception):
    """The root of all errors that this product raises on purpose."""


class InputError(KlantreisError):
    """What came in is wrong; the message says where and what is allowed."""


class ContractError(InputError):
    """A table does not keep its written contract."""


class SettingsError(InputError):
    """A settings or mapping file is wrong."""


class UnreadableFileError(InputError):
    """A file cannot be read at all; single bad rows go to quarantine instead."""


class NotFoundError(KlantreisError):
    """A name that does not exist here."""


class WorkspaceError(KlantreisError):
    """The folder is not (yet) what the call needs."""


class WorkspaceBusyError(WorkspaceError):
    """Another process is writing this workspace."""


class MissingExtraError(KlantreisError):
    """An optional package is needed for this."""


class StoppedError(KlantreisError):
    """The run was stopped on request and can be taken up again."""
