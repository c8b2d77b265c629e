"""What hangs on a workspace, and what it is made with."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from klantreis import engine as engines
from klantreis.engine import Engine
from klantreis.errors import SettingsError
from klantreis.runner import Progress, Quiet, Run, Store
from klantreis.runner.resending import Resending
from klantreis.runner.store import FOLDER
from klantreis.settings import Settings
from klantreis.state import Published, State
from klantreis.workspace.accounts import Accounts, utc_now
from klantreis.workspace.audience_members import AudienceMembers
from klantreis.workspace.audiences import Audiences
from klantreis.workspace.best import BestCustomers
from klantreis.workspace.bringing import Bringing
from klantreis.workspace.campaign_effects import CampaignEffects
from klantreis.workspace.campaigns import Campaigns
from klantreis.workspace.collecting import Collecting
from klantreis.workspace.columns import Columns
from klantreis.workspace.drafting import now
from klantreis.workspace.file_guesses import FileGuesses
from klantreis.workspace.files import Files
from klantreis.workspace.identity import Identity
from klantreis.workspace.joined import Joined
from klantreis.workspace.journeys import Journeys
from klantreis.workspace.kpis import Kpis
from klantreis.workspace.live_facts import LiveFacts
from klantreis.workspace.lookalikes import Lookalikes
from klantreis.workspace.lookups import Lookups
from klantreis.workspace.loop import Loop
from klantreis.workspace.maps import Maps
from klantreis.workspace.opening import settings_stamp
from klantreis.workspace.patterns import Patterns
from klantreis.workspace.personas import Personas
from klantreis.workspace.plan import Plan
from klantreis.workspace.privacy import Privacy
from klantreis.workspace.profiles import Profiles
from klantreis.workspace.program_keys import ProgramKeys
from klantreis.workspace.pseudonyms import Pseudonyms
from klantreis.workspace.raw_records import RawRecords
from klantreis.workspace.reading import Reading
from klantreis.workspace.repairs import Repairs
from klantreis.workspace.research import Research
from klantreis.workspace.retention import Retention
from klantreis.workspace.segments import Segments
from klantreis.workspace.source_reports import SourceReports
from klantreis.workspace.strategy import Strategy
from klantreis.workspace.taking_out import TakingOut
from klantreis.workspace.updates import Updates
from klantreis.workspace.value import Value
from klantreis.workspace.worth import Worth

__all__ = ["Rooms"]


class Rooms:
    """The rooms of a workspace: what each is for is told at `Workspace`.

    Args:
        folder: the workspace's folder.
        settings: as read from `klantreis.toml`.
        state: its state database.
    """

    def __init__(self, folder: Path, settings: Settings, state: State) -> None:
        self.folder = folder
        self.settings = settings
        self.state = state
        self.store = Store(folder / FOLDER)
        self.reading = Reading(folder, state, self.store, self._connect)
        self.accounts = Accounts(state)
        self.keys = ProgramKeys(state)
        self.collecting = Collecting(folder)
        self.updates = Updates(self.store)
        self._settings_seen = settings_stamp(folder)
        self._furnish_sources()
        self._furnish_customers()
        self._furnish_plans()
        self._furnish_by(settings)

    def _furnish_sources(self) -> None:
        """What deals with files, and what is wrong in them."""
        folder, state, store = self.folder, self.state, self.store
        self.repairs = Repairs(state, store, self._resending)
        self.columns = Columns(state)
        self.files = Files(folder, state, store, self._current_settings)
        guesses = FileGuesses(
            folder,
            self._current_settings,
            self._connect,
            state.column_names.by_source,
            self._sources_of_purchases,
        )
        self.sources = Bringing(folder, self._current_settings, guesses, state.imported_files)
        self.quality = SourceReports(self.reading)
        self.raw_records = RawRecords(
            folder, self.reading, state, store, self._current_settings, self._connect
        )

    def _furnish_customers(self) -> None:
        """What answers about customers and groups of them, out of the published tables."""
        folder, reading = self.folder, self.reading
        self.audiences = Audiences(reading, self.state, AudienceMembers(self.store.folder))
        self.profiles = Profiles(folder, reading)
        self.lookups = Lookups(folder, reading, self._fresh_reading, self._current_settings)
        self.pseudonyms = Pseudonyms(reading, self.state)
        self.journeys = Journeys(reading)
        self.lookalikes = Lookalikes(reading, self.audiences)
        self.worth = Worth(reading)
        self.joined = Joined(reading)
        self.patterns = Patterns(reading, self.joined)
        self.best = BestCustomers(reading)

    def _furnish_plans(self) -> None:
        """What people draw up, each resting on what stands above it."""
        reading, state = self.reading, self.state
        self.research = Research(reading, state)
        self.personas = Personas(reading, state, self.research)
        self.maps = Maps(reading, state.drafts, self.research, self.personas)
        self.strategy = Strategy(state.drafts)
        self.value = Value(state.drafts, self.research, self.maps)
        self.kpis = Kpis(reading, state.drafts)
        self.plan = Plan(state.drafts, self.maps, self.kpis, self._first_day)

    def _furnish_by(self, settings: Settings) -> None:
        """What goes by the settings; again when they were changed."""
        self.settings = settings
        self.settings_problem: SettingsError | None = None
        folder, reading, state, store = self.folder, self.reading, self.state, self.store
        self.privacy = Privacy(
            folder, reading, state, store, self.collecting, settings, self._write_whole
        )
        taking_out = TakingOut(folder, state, store, self.collecting)
        self.retention = Retention(
            folder, reading, state, store, taking_out, settings.retention, self._write_whole
        )
        self.identity = Identity(reading, state, settings, self._connect, self.lookups)
        self.segments = Segments(reading, self.audiences, settings)
        live = LiveFacts(folder, reading, self.collecting, settings, self._connect)
        self.campaigns = Campaigns(reading, live, self.audiences, state, settings)
        self.effects = CampaignEffects(reading, self.campaigns, state, settings)
        self.loop = Loop(reading, state, self.personas, self.plan, self.campaigns)

    def _write_whole(self) -> Published:
        """Bring every table up to date so that nothing is left of what was taken out."""
        return self._make_tables(in_layers=False)

    def _make_tables(
        self,
        *,
        progress: Progress | None = None,
        now: datetime | None = None,
        afresh: bool = False,
        in_layers: bool = True,
    ) -> Published:
        return Run(
            self._connect,
            self.state,
            self.store,
            self.settings,
            now or utc_now(),
            progress=progress or Quiet(),
            afresh=afresh,
            in_layers=in_layers,
        ).complete()

    def _resending(self) -> Resending:
        return Resending(self.folder, self.state, self.store, self.settings, self._connect)

    def _connect(self) -> Engine:
        return engines.connect(self.settings.engine, temporary=self.store.spill)

    def _fresh_reading(self) -> Reading:
        return Reading(self.folder, self.state, self.store, self._connect)

    def _current_settings(self) -> Settings:
        """The settings as they are now: a source that is brought in adds to them."""
        return self.settings

    def _sources_of_purchases(self) -> set[str]:
        return {
            part.source
            for part in self.state.import_parts()
            if part.rows and part.table_name in ("orders", "order_totals")
        }

    def _first_day(self) -> date:
        """First day of the first cycle: of the month up to which there are data."""
        published = self.reading.published
        return (published.as_of if published else now()).date().replace(day=1)
