"""A workspace: a folder of exports, what was derived from it, and the questions to ask of it."""

from klantreis.workspace.accounts import FIRST_USER, ROLES, Accounts
from klantreis.workspace.program_keys import PURPOSES, ProgramKeys
from klantreis.workspace.reading import Reading, Tables
from klantreis.workspace.workspace import Workspace

__all__ = [
    "FIRST_USER",
    "PURPOSES",
    "ROLES",
    "Accounts",
    "ProgramKeys",
    "Reading",
    "Tables",
    "Workspace",
]
