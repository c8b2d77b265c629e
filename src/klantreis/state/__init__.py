"""What the product remembers beside its tables: imports, versions and what people decide."""

from klantreis.state.audiences import SavedAudience
from klantreis.state.audit import AuditLine
from klantreis.state.campaign_rows import CampaignEntry, CampaignFlow, LogLine, OutboxMessage
from klantreis.state.collected import CollectedEvent, CollectedLog
from klantreis.state.database import State
from klantreis.state.drafts import Draft, Drafts
from klantreis.state.facts import ImportedFile, ImportPart, Published, TableVersion
from klantreis.state.keys import Key
from klantreis.state.personas import PersonaEdit
from klantreis.state.research import Note, TopicChange
from klantreis.state.users import SignIn, User

__all__ = [
    "AuditLine",
    "CampaignEntry",
    "CampaignFlow",
    "CollectedEvent",
    "CollectedLog",
    "Draft",
    "Drafts",
    "ImportPart",
    "ImportedFile",
    "Key",
    "LogLine",
    "Note",
    "OutboxMessage",
    "PersonaEdit",
    "Published",
    "SavedAudience",
    "SignIn",
    "State",
    "TableVersion",
    "TopicChange",
    "User",
]
