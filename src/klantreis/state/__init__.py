"""What the product remembers beside its tables: imports, versions and what people decide."""

from klantreis.state.audiences import MeasuredAudience, SavedAudience
from klantreis.state.audit import AuditLine
from klantreis.state.campaign_rows import CampaignEntry, CampaignFlow, LogLine, OutboxMessage
from klantreis.state.collected import CollectedEvent, CollectedLog
from klantreis.state.column_names import ColumnName
from klantreis.state.consents import StatedConsent
from klantreis.state.database import State
from klantreis.state.drafts import Draft, Drafts
from klantreis.state.erasures import Erasure
from klantreis.state.facts import ImportedFile, ImportPart, Published, TableVersion
from klantreis.state.identity_decisions import VERDICTS, IdentityDecision
from klantreis.state.import_problems import ImportProblem
from klantreis.state.keys import Key
from klantreis.state.personas import PersonaEdit
from klantreis.state.persons import HOLDS, tables_that_hold
from klantreis.state.repairs import Repair
from klantreis.state.research import Note, TopicChange
from klantreis.state.users import SignIn, User

__all__ = [
    "HOLDS",
    "VERDICTS",
    "AuditLine",
    "CampaignEntry",
    "CampaignFlow",
    "CollectedEvent",
    "CollectedLog",
    "ColumnName",
    "Draft",
    "Drafts",
    "Erasure",
    "IdentityDecision",
    "ImportPart",
    "ImportProblem",
    "ImportedFile",
    "Key",
    "LogLine",
    "MeasuredAudience",
    "Note",
    "OutboxMessage",
    "PersonaEdit",
    "Published",
    "Repair",
    "SavedAudience",
    "SignIn",
    "State",
    "StatedConsent",
    "TableVersion",
    "TopicChange",
    "User",
    "tables_that_hold",
]
