"""A workspace: a folder of exports, what was derived from it, and the questions to ask of it."""

from klantreis.maps import Card, Comment, Filled, Ground, SheetWords
from klantreis.state import Draft
from klantreis.value import STATUSES, NeedTest, Offer, Opportunity, PlannedAction
from klantreis.workspace.accounts import FIRST_USER, ROLES, Accounts
from klantreis.workspace.kpis import KpiNow, Kpis, Taken, TakenMeasure
from klantreis.workspace.maps import GROUNDS, LANES, VARIANTS, MapPlace, Maps, Measured, ReadMap
from klantreis.workspace.personalising import Advice, LiveVisitor, Recommendation, advice
from klantreis.workspace.personas import CardField, PersonaCard, Personas, Share
from klantreis.workspace.plan import Cycle, FrozenCycle, Plan
from klantreis.workspace.profiles import Profile, ProfileBook, Profiles
from klantreis.workspace.program_keys import PURPOSES, ProgramKeys
from klantreis.workspace.reading import Reading, Tables
from klantreis.workspace.subjects import EVERYONE, Subject
from klantreis.workspace.value import DECISIONS, OFFER_SIDES, Canvas, Need, Value
from klantreis.workspace.workspace import Workspace

__all__ = [
    "DECISIONS",
    "EVERYONE",
    "FIRST_USER",
    "GROUNDS",
    "LANES",
    "OFFER_SIDES",
    "PURPOSES",
    "ROLES",
    "STATUSES",
    "VARIANTS",
    "Accounts",
    "Advice",
    "Canvas",
    "Card",
    "CardField",
    "Comment",
    "Cycle",
    "Draft",
    "Filled",
    "FrozenCycle",
    "Ground",
    "KpiNow",
    "Kpis",
    "LiveVisitor",
    "MapPlace",
    "Maps",
    "Measured",
    "Need",
    "NeedTest",
    "Offer",
    "Opportunity",
    "PersonaCard",
    "Personas",
    "Plan",
    "PlannedAction",
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
    "Taken",
    "TakenMeasure",
    "Value",
    "Workspace",
    "advice",
]
