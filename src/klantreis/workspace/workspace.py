"""A workspace: a folder of exports, what was derived from it, and the questions to ask of it.

The same object serves the command line, the pages and a notebook:

    from klantreis import Workspace

    shop = Workspace.open("my-shop")
    shop.import_exports()
    shop.run()
    shop.tables["rfm"]
    shop.customer("ann@voorbeeld.nl")
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from klantreis import engine as engines
from klantreis import registry
from klantreis.engine import Engine
from klantreis.errors import (
    NotFoundError,
    SettingsError,
    WorkspaceBusyError,
    WorkspaceError,
    message,
)
from klantreis.exporting import export_table
from klantreis.journeys import (
    channel_paths,
    channel_stops,
    flow,
    phase_stops,
    touchpoint_stops,
    variants,
)
from klantreis.runner import Import, Imported, Progress, Quiet, Run, Store, TakenBack, take_back
from klantreis.runner.resending import Resending
from klantreis.runner.store import FOLDER
from klantreis.segments import Sufficiency, sufficiency
from klantreis.settings import FILE_NAME, Settings, read_settings
from klantreis.sources import check_each_source
from klantreis.state import AuditLine, Published, State
from klantreis.workspace.accounts import Accounts, utc_now
from klantreis.workspace.audience_members import AudienceMembers
from klantreis.workspace.audiences import Audiences
from klantreis.workspace.backup import back_up, restore
from klantreis.workspace.best import BestCustomers
from klantreis.workspace.bringing import Bringing, BroughtIn
from klantreis.workspace.campaign_effects import CampaignEffects
from klantreis.workspace.campaigns import Campaigns
from klantreis.workspace.collecting import Collecting
from klantreis.workspace.columns import Columns
from klantreis.workspace.customer_finding import CustomerFinding
from klantreis.workspace.customers import Customer
from klantreis.workspace.drafting import now
from klantreis.workspace.files import Files
from klantreis.workspace.identity import Identity
from klantreis.workspace.joined import Joined
from klantreis.workspace.kpis import Kpis
from klantreis.workspace.live_facts import LiveFacts
from klantreis.workspace.lookalikes import Lookalikes
from klantreis.workspace.lookups import Lookups
from klantreis.workspace.loop import Loop
from klantreis.workspace.maps import Maps
from klantreis.workspace.patterns import Patterns
from klantreis.workspace.personas import Personas
from klantreis.workspace.plan import Plan
from klantreis.workspace.privacy import Privacy
from klantreis.workspace.profiles import Profiles
from klantreis.workspace.program_keys import ProgramKeys
from klantreis.workspace.pseudonyms import Pseudonyms
from klantreis.workspace.raw_records import RawRecords
from klantreis.workspace.reading import Reading, Tables
from klantreis.workspace.repairs import Repairs
from klantreis.workspace.research import Research
from klantreis.workspace.retention import Retention
from klantreis.workspace.segments import Segments
from klantreis.workspace.source_reports import SourceReports
from klantreis.workspace.strategy import Strategy
from klantreis.workspace.taking_out import TakingOut
from klantreis.workspace.updates import Telling, Updates
from klantreis.workspace.value import Value
from klantreis.workspace.worth import Worth

__all__ = ["Workspace"]

SETTINGS_TEMPLATE = """\
# The settings of this workspace; every one has a default. See docs/settings.md.
[workspace]
name = "{name}"
time_zone = "Europe/Amsterdam"
locale = "{locale}"

# One section a folder below exports/. Without a section the connector is recognised from the file.
# [sources.shopify]
# connector = "shopify"
"""


class Workspace:
    """One shop: open it, import, run, ask.

    Args:
        folder: the workspace's folder.
        settings: as read from `klantreis.toml`.
        state: its state database.

    Attributes:
        settings_problem: what is wrong with `klantreis.toml` since it was changed.
    """

    settings_problem: SettingsError | None

    def __init__(self, folder: Path, settings: Settings, state: State) -> None:
        self.folder = folder
        self.settings = settings
        self.state = state
        self.store = Store(folder / FOLDER)
        self.reading = Reading(folder, state, self.store, self._connect)
        kept_members = AudienceMembers(self.store.folder)
        self.audiences = Audiences(self.reading, state, kept_members)
        self.accounts = Accounts(state)
        self.keys = ProgramKeys(state)
        self.collecting = Collecting(folder)
        self.repairs = Repairs(state, self.store, self._resending)
        self.columns = Columns(state)
        self.files = Files(folder, state, self.store, lambda: self.settings)
        self.sources = Bringing(
            folder,
            lambda: self.settings,
            self._connect,
            state.column_names.by_source,
            lambda: {
                part.source
                for part in state.import_parts()
                if part.rows and part.table_name in ("orders", "order_totals")
            },
        )
        self.quality = SourceReports(self.reading)
        self.raw_records = RawRecords(
            folder, self.reading, state, self.store, lambda: self.settings, self._connect
        )
        self.profiles = Profiles(folder, self.reading)
        self.pseudonyms = Pseudonyms(self.reading, state)
        self.lookups = Lookups(
            folder,
            self.reading,
            lambda: Reading(folder, state, self.store, self._connect),
            lambda: self.settings,
        )
        self.research = Research(self.reading, state)
        self.personas = Personas(self.reading, state, self.research)
        self.maps = Maps(self.reading, state.drafts, self.research, self.personas)
        self.strategy = Strategy(state.drafts)
        self.lookalikes = Lookalikes(self.reading, self.audiences)
        self.worth = Worth(self.reading)
        self.value = Value(state.drafts, self.research, self.maps)
        self.joined = Joined(self.reading)
        self.patterns = Patterns(self.reading, self.joined)
        self.best = BestCustomers(self.reading)
        self.kpis = Kpis(self.reading, state.drafts)
        self.plan = Plan(state.drafts, self.maps, self.kpis, self._first_day)
        self.updates = Updates(self.store)
        self._settings_seen = _stamp(folder)
        self._set_up(settings)

    def _set_up(self, settings: Settings) -> None:
        """Put in place what goes by the settings; again when they were changed."""
        self.settings = settings
        self.settings_problem = None
        folder, reading, state = self.folder, self.reading, self.state
        self.privacy = Privacy(
            folder, reading, state, self.store, self.collecting, settings, self._write_whole
        )
        self.retention = Retention(
            folder,
            reading,
            state,
            self.store,
            TakingOut(folder, state, self.store, self.collecting),
            settings.retention,
            self._write_whole,
        )
        self.identity = Identity(reading, state, settings, self._connect, self.lookups)
        live = LiveFacts(folder, reading, self.collecting, settings, self._connect)
        self.campaigns = Campaigns(reading, live, self.audiences, state, settings)
        self.effects = CampaignEffects(reading, self.campaigns, state, settings)
        self.segments = Segments(reading, self.audiences, settings)
        self.loop = Loop(reading, state, self.personas, self.plan, self.campaigns)

    @classmethod
    def open(cls, folder: str | Path) -> Workspace:
        """Open an existing workspace.

        Raises:
            WorkspaceError: the folder does not exist, or is no workspace.
            SettingsError: `klantreis.toml` is wrong.
        """
        path = Path(folder).resolve()
        if not (path / FILE_NAME).exists() and not (path / "exports").is_dir():
            raise WorkspaceError(
                message(
                    "This folder is no workspace",
                    where=str(folder),
                    allowed=f"a folder with {FILE_NAME} or exports/",
                    next_step=f"klantreis init {folder}",
                )
            )
        seen, settings = _stamp(path), _checked_settings(path)
        state = State(settings.state_url) if settings.state_url else State.in_folder(path / FOLDER)
        workspace = cls(path, settings, state)
        workspace._settings_seen = seen
        return workspace

    @classmethod
    def create(cls, folder: str | Path, *, name: str = "", locale: str = "nl") -> Workspace:
        """Make a new, empty workspace.

        Raises:
            WorkspaceError: there is one already.
        """
        path = Path(folder).resolve()
        if (path / FILE_NAME).exists():
            raise WorkspaceError(
                message(
                    "There is a workspace already",
                    where=str(folder),
                    next_step=f"klantreis import {folder}",
                )
            )
        (path / "exports").mkdir(parents=True, exist_ok=True)
        text = SETTINGS_TEMPLATE.format(name=name or path.name, locale=locale)
        (path / FILE_NAME).write_text(text, encoding="utf-8")
        return cls.open(path)

    def close(self) -> None:
        """Give back memory and connections."""
        self.reading.close()
        self.collecting.close()
        self.state.close()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        published = self.published
        what = f"{len(published.tables)} tables as of {published.as_of}" if published else "no run"
        return f"<Workspace {self.settings.name!r} in {self.folder}: {what}>"

    def note(self, actor: str, action: str, subject: str, *, address: str) -> None:
        """Write a line in the audit log.

        Args:
            actor: name of who did it.
            action: code of what was done.
            subject: what it was done to; never a customer's name or address.
            address: where the request came from; `command line` for commands.
        """
        self.state.audit.add(AuditLine(utc_now(), actor, action, subject, address))

    def back_up(self, file: Path) -> int:
        """Write exports, settings, state and published tables into one file; see `backup`.

        Returns:
            The number of files in it.

        Raises:
            WorkspaceError: the file exists already, or an import or run is at work.
        """
        return back_up(self.folder, self.state, self.store, file)

    @classmethod
    def restore(cls, file: Path, folder: str | Path) -> Workspace:
        """Make a workspace from a backup; see `backup`.

        Raises:
            WorkspaceError: there is something in the folder, or in its state database.
            UnreadableFileError: the backup is damaged or of a newer version.
        """
        return cls.open(restore(file, Path(folder).resolve()))

    # Work

    def import_exports(self, *, progress: Progress | None = None) -> Imported:
        """Take in every file below `exports/` that was not taken in before, and what was collected.

        Returns:
            How many files and rows were taken in and put aside.

        Raises:
            WorkspaceError: there is nothing in `exports/`.
            SettingsError: a source is set up wrongly.
            UnreadableFileError: no connector can read a file.
        """
        self.privacy.finish_erasing()
        self.collecting.lay_down(utc_now())
        taken = Import(
            self._connect,
            self.state,
            self.store,
            self.settings,
            self.folder,
            now=utc_now(),
            progress=progress or Quiet(),
        ).complete()
        self.repairs.repair_known()
        self.privacy.keep_out()
        return taken

    def take_back(self, shown_path: str) -> TakenBack:
        """Take out what a file gave that should not have been taken in; the next run does without.

        Args:
            shown_path: the file, relative to the workspace, as `exports/shopify/orders.csv`.

        Raises:
            InputError: it was never taken in, or it is still there and would be taken in again.
        """
        return take_back(self.folder, shown_path, state=self.state, store=self.store)

    def bring_in(self, token: str) -> BroughtIn:
        """Make a file that was brought through the pages an export, with its mapping.

        Raises:
            InputError: something that the rows must have is lacking, or the name is taken.
        """
        kept = self.sources.keep(token)
        self.follow_settings()
        if self.settings_problem:
            raise self.settings_problem
        return kept

    def follow_settings(self) -> bool:
        """Take `klantreis.toml` over when it was changed since it was last looked at.

        A wrong one changes nothing: the settings of before hold, and `settings_problem` tells what
        is wrong. The state database, and the engine that answers questions, stay as they are.

        Returns:
            Whether the file was changed.
        """
        seen = _stamp(self.folder)
        if seen == self._settings_seen:
            return False
        self._settings_seen = seen
        try:
            self._set_up(_checked_settings(self.folder))
        except SettingsError as error:
            self.settings_problem = error
        return True

    def run(
        self,
        *,
        progress: Progress | None = None,
        now: datetime | None = None,
        afresh: bool = False,
        by: str = "",
    ) -> Published:
        """Bring every table up to date; see `runner.Run`.

        An erasure or import that was broken off is finished first, so that nobody comes back. The
        sizes of saved audiences, and who came in and left, are kept for their history.

        Args:
            afresh: make everything anew, as for the first time; customers keep their numbers.
            by: who asked for it; the pages tell.

        Raises:
            WorkspaceError: nothing was imported yet.
            WorkspaceBusyError: another import or run is at work.
            StoppedError: interrupted; finished steps are kept and taken up by the next run.
        """
        with self.updates.telling(progress, by=by) as told:
            return self._run(told, now=now, afresh=afresh)

    def import_and_run(
        self, *, progress: Progress | None = None, afresh: bool = False, by: str = ""
    ) -> tuple[Imported, Published]:
        """Take in what waits, as `import_exports`, and bring every table up to date, as `run`.

        Nothing has to be in `exports/` any more where something was taken in before.

        Returns:
            What came in, and what is published now.
        """
        with self.updates.telling(progress, by=by, imports=True) as told:
            taken = Imported()
            try:
                taken = self.import_exports(progress=told)
            except WorkspaceError as error:
                if isinstance(error, WorkspaceBusyError) or not self.state.imported_files():
                    raise
            told.imported(taken)
            return taken, self._run(told, afresh=afresh)

    def _run(
        self, told: Telling, *, now: datetime | None = None, afresh: bool = False
    ) -> Published:
        before = self.published
        self.privacy.finish_erasing()
        self.privacy.keep_out()
        published = self._make_tables(progress=told, now=now, afresh=afresh)
        self.audiences.keep_sizes()
        told.published(published, before)
        return published

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

    def _first_day(self) -> date:
        """First day of the first cycle: of the month up to which there are data."""
        published = self.published
        return (published.as_of if published else now()).date().replace(day=1)

    # Tables

    @property
    def published(self) -> Published | None:
        """What everybody sees now; None before the first run."""
        return self.reading.published

    def table(self, name: str) -> ir.Table:
        """The published version of a table, as an Ibis expression.

        Raises:
            NotFoundError: there is no such table.
            WorkspaceError: nothing was published yet.
        """
        return self.reading.table(name)

    @property
    def tables(self) -> Tables:
        """All published tables by name, with a readable form in a notebook."""
        return Tables(self.reading)

    def fetch(self, expression: ir.Table) -> pa.Table:
        """Compute an expression over this workspace's tables and bring the rows here."""
        return self.reading.fetch(expression)

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """As `fetch`, as plain Python rows."""
        return self.reading.rows(expression)

    def sql(self, query: str) -> pa.Table:
        """Answer an SQL query over the published tables.

        Raises:
            InputError: the query cannot be answered; says why and where.
        """
        return self.reading.sql(query)

    def export(self, name: str, file: Path, *, format: str, is_dutch: bool = False) -> int:
        """Write a published table as a file.

        Args:
            name: the table.
            file: where to; an existing file is replaced when the new one is complete.
            format: `csv`, `parquet`, `json` (one object a line) or `xlsx`.
            is_dutch: CSV with `;` and decimal comma.

        Returns:
            The number of rows written.

        Raises:
            InputError: the format does not exist, or the table does not fit in it.
        """
        return export_table(self.fetch(self.table(name)), file, format=format, is_dutch=is_dutch)

    def customer(self, who: int | str, *, kind: str = "") -> Customer:
        """One customer: portrait, timeline, consents, identifiers, segments and why.

        Args:
            who: number of a customer (an old one leads to the one that took it over); or a text:
                an e-mail address, loyalty card, telephone number or other identifier, also one
                that is no longer in use, or a record as `shopify:1001`.
            kind: kind of identifier that the text is, as `loyalty_card`; by default any.

        Raises:
            InputError: this is nothing to look for, or points to several customers.
            NotFoundError: it points to nobody.
            WorkspaceError: nothing was published yet.
        """
        number = CustomerFinding(self.reading, self.settings.country).number(who, kind)
        return Customer(number, self.reading, self.audiences.consents, self.identity)

    def resolve(self, customer_id: int) -> int | None:
        """The number under which a customer is known now; old numbers resolve for ever.

        Returns:
            None when no customer ever had this number.
        """
        merges, customers = self.table("customer_merges"), self.table("customers")
        went = self.rows(merges.filter(merges["old_customer_id"] == customer_id))
        current = int(went[0]["customer_id"]) if went else customer_id
        found = self.rows(
            customers.filter(customers["customer_id"] == current).select("customer_id")
        )
        return current if found else None

    def channel_paths(self, *, length: int = 6, customers: int = 100_000) -> list[dict[str, Any]]:
        """How often each way through the channels is taken; see `journeys.channel_paths`.

        Args:
            length: how many stops are told apart.
            customers: about how many customers are looked at when there are more.
        """
        everyone = self.fetch(self.table("customers").count().as_table())[0][0].as_py()
        return self.rows(
            channel_paths(
                self.table("steps"),
                self.table("journeys"),
                length=length,
                one_in=max(1, everyone // customers),
            )
        )

    def flow(self, by: str = "channel", *, levels: int = 5, most: int = 6) -> list[dict[str, Any]]:
        """How journeys go from stop to stop, unrolled step by step; see `journeys.flow`.

        Args:
            by: `channel`, `touchpoint`, or the id of a phase model.
            levels: how many steps are unrolled.
            most: how many stops keep their name on each step; the others are `rest` together.
        """
        return self.rows(flow(self._stops(by), self.table("journeys"), levels=levels, most=most))

    def variants(
        self, by: str = "channel", *, length: int = 6, most: int = 20
    ) -> list[dict[str, Any]]:
        """The ways that most journeys take, and how those end; see `journeys.variants`.

        Args:
            by: `channel`, `touchpoint`, or the id of a phase model.
            length: how many stops of a way are told apart.
            most: how many ways.
        """
        stops, journeys = self._stops(by), self.table("journeys")
        return self.rows(variants(stops, journeys, length=length, most=most))

    def _stops(self, by: str) -> ir.Table:
        if by in ("channel", "touchpoint"):
            stops = channel_stops if by == "channel" else touchpoint_stops
            return stops(self.table("steps"))
        if by in registry.names("phase_models"):
            return phase_stops(self.table("phase_visits"), phase_model=by)
        raise NotFoundError(
            message(
                "Journeys cannot be told by this",
                got=repr(by),
                allowed=", ".join(("channel", "touchpoint", *registry.names("phase_models"))),
                next_step="take one of those",
            )
        )

    @staticmethod
    def sufficiency(count: int, total: int, *, margin: float) -> Sufficiency:
        """Whether a share is known to within `margin`; see `segments.sufficiency`."""
        return sufficiency(count, total, margin=margin)

    def with_settings(self, **changes: Any) -> Workspace:
        """The same workspace with other settings, for trying something out."""
        return Workspace(self.folder, replace(self.settings, **changes), self.state)


def _stamp(folder: Path) -> tuple[int, int] | None:
    """By which to see, at no cost, that the settings were changed; None without a file."""
    try:
        facts = (folder / FILE_NAME).stat()
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size


def _checked_settings(folder: Path) -> Settings:
    """The settings of a workspace, with options of sources that their connectors understand."""
    settings = read_settings(folder)
    check_each_source(settings.sources, folder)
    return settings
