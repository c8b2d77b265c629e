"""A workspace: a folder of exports, what was derived from it, and the questions to ask of it."""

from klantreis.campaigns import (
    SHIPPED,
    Estimate,
    Flow,
    FlowFields,
    LetterFields,
    Send,
    StepFields,
    Stop,
    Wait,
    changed,
    flow_text,
    raw_of,
)
from klantreis.channels import CHANNEL_NAMES, PLATFORMS
from klantreis.engine import Asker
from klantreis.identity.lookup import FoundCustomer
from klantreis.identity.lookup_forms import SoughtRecord
from klantreis.maps import Card, Comment, Filled, Ground, SheetWords
from klantreis.patterns import BestDifference, JoinedMeaning
from klantreis.rules import COLUMNS as RULE_COLUMNS
from klantreis.rules import STATED_AS as RULE_PURPOSES
from klantreis.rules import TABLES_OF_COLUMNS as RULE_TABLES
from klantreis.rules import Completion, text_of
from klantreis.runner import Problem
from klantreis.runner.going import TableGoing
from klantreis.runner.waiting import WAITS, WaitingFile
from klantreis.sources import SHAPES, ColumnGuess, Guess, Preview, RawRow, RawRows
from klantreis.state import ColumnName, Draft, ImportProblem, Repair, SavedAudience
from klantreis.value import (
    STATUSES,
    MeasureMeaning,
    NeedTest,
    Offer,
    Opportunity,
    PlannedAction,
    StrategyText,
)
from klantreis.workspace.accounts import FIRST_USER, ROLES, Accounts
from klantreis.workspace.audience_history import AudienceMoves, AudiencePoint, Passer
from klantreis.workspace.audience_sizes import AudienceEstimate, AudienceSize
from klantreis.workspace.audiences import Audiences, AudienceUse
from klantreis.workspace.best import BestCustomers
from klantreis.workspace.brought import Brought, BroughtIn, Changed, Choices, Guessed
from klantreis.workspace.campaign_deciding import WouldGet
from klantreis.workspace.campaign_effects import Effect, Recognised
from klantreis.workspace.campaign_flows import Campaign, Editing
from klantreis.workspace.campaign_letters import LETTER_NAMES
from klantreis.workspace.consents import CONSENT_PURPOSES, Consent
from klantreis.workspace.customers import (
    Customer,
    CustomerMoment,
    CustomerRecord,
    StatedIdentifier,
)
from klantreis.workspace.drafting import History
from klantreis.workspace.erasing import Erased
from klantreis.workspace.files import Files, Going, SinceRun, TakenFile
from klantreis.workspace.identity import Deed, Identity, Merge
from klantreis.workspace.identity_doubts import Barred, Doubt, Reviewing
from klantreis.workspace.identity_facts import Why
from klantreis.workspace.joined import Joined, JoinedCourse, JoinedLevel, JoinedTaken
from klantreis.workspace.kpis import KpiNow, Kpis, Taken, TakenMeasure
from klantreis.workspace.lookalikes import Found, Lookalike, Lookalikes, TraitCompared
from klantreis.workspace.lookups import LookupBook, Lookups
from klantreis.workspace.loop import Loop, Stage, following
from klantreis.workspace.map_measures import Measured
from klantreis.workspace.map_places import VARIANTS, MapPlace, ReadMap
from klantreis.workspace.maps import GROUNDS, LANES, Maps
from klantreis.workspace.patterns import Looked, Pattern, Patterns
from klantreis.workspace.persona_cards import CardField, PersonaCard, Share
from klantreis.workspace.personalising import Advice, LiveVisitor, Recommendation, advice
from klantreis.workspace.personas import FACES, Personas
from klantreis.workspace.plan import Cycle, FrozenCycle, Plan
from klantreis.workspace.profiles import Profile, ProfileBook, Profiles
from klantreis.workspace.program_keys import PURPOSES, ProgramKeys
from klantreis.workspace.pseudonyms import Pseudonymised
from klantreis.workspace.raw_records import RawRecord, RawRecords
from klantreis.workspace.reading import Reading, Tables
from klantreis.workspace.repairs import Planned, Repaired
from klantreis.workspace.retention import Kept
from klantreis.workspace.segment_history import (
    Change,
    GroupNow,
    GroupQuestion,
    SegmentHistory,
    SizePoint,
)
from klantreis.workspace.segment_overlaps import Overlap, OverlapCell, SegmentOverlaps
from klantreis.workspace.segments import GroupMargin, Move, Moves, Segments
from klantreis.workspace.source_headings import Heading, Headings
from klantreis.workspace.source_reports import (
    Bucket,
    ColumnDrift,
    Course,
    FileTaken,
    Gap,
    SourceReport,
    SourceReports,
    TableQuality,
)
from klantreis.workspace.starting import start_updating
from klantreis.workspace.strategy import STRATEGY_PARTS, Strategy, StrategyNow
from klantreis.workspace.subjects import EVERYONE, Subject
from klantreis.workspace.updates import ASKED_BY, Update
from klantreis.workspace.value import DECISIONS, OFFER_SIDES, Canvas, Need, Value
from klantreis.workspace.workspace import Workspace
from klantreis.workspace.worth import (
    Accuracy,
    CustomerWorth,
    GroupWorth,
    Totals,
    ValueCheck,
    ValueVerdict,
    Worth,
)

__all__ = [
    "ASKED_BY",
    "CHANNEL_NAMES",
    "CONSENT_PURPOSES",
    "DECISIONS",
    "EVERYONE",
    "FACES",
    "FIRST_USER",
    "GROUNDS",
    "LANES",
    "LETTER_NAMES",
    "OFFER_SIDES",
    "PLATFORMS",
    "PURPOSES",
    "ROLES",
    "RULE_COLUMNS",
    "RULE_PURPOSES",
    "RULE_TABLES",
    "SHAPES",
    "SHIPPED",
    "STATUSES",
    "STRATEGY_PARTS",
    "VARIANTS",
    "WAITS",
    "Accounts",
    "Accuracy",
    "Advice",
    "Asker",
    "AudienceEstimate",
    "AudienceMoves",
    "AudiencePoint",
    "AudienceSize",
    "AudienceUse",
    "Audiences",
    "Barred",
    "BestCustomers",
    "BestDifference",
    "Brought",
    "BroughtIn",
    "Bucket",
    "Campaign",
    "Canvas",
    "Card",
    "CardField",
    "Change",
    "Changed",
    "Choices",
    "ColumnDrift",
    "ColumnGuess",
    "ColumnName",
    "Comment",
    "Completion",
    "Consent",
    "Course",
    "Customer",
    "CustomerMoment",
    "CustomerRecord",
    "CustomerWorth",
    "Cycle",
    "Deed",
    "Doubt",
    "Draft",
    "Editing",
    "Effect",
    "Erased",
    "Estimate",
    "FileTaken",
    "Files",
    "Filled",
    "Flow",
    "FlowFields",
    "Found",
    "FoundCustomer",
    "FrozenCycle",
    "Gap",
    "Going",
    "Ground",
    "GroupMargin",
    "GroupNow",
    "GroupQuestion",
    "GroupWorth",
    "Guess",
    "Guessed",
    "Heading",
    "Headings",
    "History",
    "Identity",
    "ImportProblem",
    "Joined",
    "JoinedCourse",
    "JoinedLevel",
    "JoinedMeaning",
    "JoinedTaken",
    "Kept",
    "KpiNow",
    "Kpis",
    "LetterFields",
    "LiveVisitor",
    "Lookalike",
    "Lookalikes",
    "Looked",
    "LookupBook",
    "Lookups",
    "Loop",
    "MapPlace",
    "Maps",
    "MeasureMeaning",
    "Measured",
    "Merge",
    "Move",
    "Moves",
    "Need",
    "NeedTest",
    "Offer",
    "Opportunity",
    "Overlap",
    "OverlapCell",
    "Passer",
    "Pattern",
    "Patterns",
    "PersonaCard",
    "Personas",
    "Plan",
    "Planned",
    "PlannedAction",
    "Preview",
    "Problem",
    "Profile",
    "ProfileBook",
    "Profiles",
    "ProgramKeys",
    "Pseudonymised",
    "RawRecord",
    "RawRecords",
    "RawRow",
    "RawRows",
    "ReadMap",
    "Reading",
    "Recognised",
    "Recommendation",
    "Repair",
    "Repaired",
    "Reviewing",
    "SavedAudience",
    "SegmentHistory",
    "SegmentOverlaps",
    "Segments",
    "Send",
    "Share",
    "SheetWords",
    "SinceRun",
    "SizePoint",
    "SoughtRecord",
    "SourceReport",
    "SourceReports",
    "Stage",
    "StatedIdentifier",
    "StepFields",
    "Stop",
    "Strategy",
    "StrategyNow",
    "StrategyText",
    "Subject",
    "TableGoing",
    "TableQuality",
    "Tables",
    "Taken",
    "TakenFile",
    "TakenMeasure",
    "Totals",
    "TraitCompared",
    "Update",
    "Value",
    "ValueCheck",
    "ValueVerdict",
    "Wait",
    "WaitingFile",
    "Why",
    "Workspace",
    "Worth",
    "WouldGet",
    "advice",
    "changed",
    "flow_text",
    "following",
    "raw_of",
    "start_updating",
    "text_of",
]
