"""A workspace: a folder of exports, what was derived from it, and the questions to ask of it."""

from klantreis.maps import Card, Comment, Filled, Ground, SheetWords
from klantreis.state import Draft
from klantreis.workspace.accounts import FIRST_USER, ROLES, Accounts
from klantreis.workspace.maps import GROUNDS, LANES, VARIANTS, MapPlace, Maps, Measured, ReadMap
from klantreis.workspace.personalising import Advice, LiveVisitor, Recommendation, advice
from klantreis.workspace.personas import CardField, PersonaCard, Personas, Share
from klantreis.workspace.profiles import Profile, ProfileBook, Profiles
from klantreis.workspace.program_keys import PURPOSES, ProgramKeys
from klantreis.workspace.reading import Reading, Tables
from klantreis.workspace.subjects import EVERYONE, Subject
from klantreis.workspace.workspace import Workspace

__all__ = [
    "EVERYONE",
    "FIRST_USER",
    "GROUNDS",
    "LANES",
    "PURPOSES",
    "ROLES",
    "VARIANTS",
    "Accounts",
    "Advice",
    "Card",
    "CardField",
    "Comment",
    "Draft",
    "Filled",
    "Ground",
    "LiveVisitor",
    "MapPlace",
    "Maps",
    "Measured",
    "PersonaCard",
    "Personas",
    "Profile",
    "ProfileBook",
    "Profiles",
    "ProgramKeys",
    "ReadMap",
    "Reading",
    "Recommendation",
    "Share",
    "SheetWords",
    "Subject",
    "Tables",
    "Workspace",
    "advice",
]
