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
from datetime import datetime
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from klantreis.errors import SettingsError, WorkspaceBusyError, WorkspaceError
from klantreis.exporting import export_table
from klantreis.runner import Import, Imported, Progress, Quiet, TakenBack, take_back
from klantreis.runner.store import FOLDER
from klantreis.segments import Sufficiency, sufficiency
from klantreis.state import AuditLine, Published, State
from klantreis.workspace.accounts import utc_now
from klantreis.workspace.backup import back_up, restore
from klantreis.workspace.brought import BroughtIn
from klantreis.workspace.customer_finding import CustomerFinding
from klantreis.workspace.customers import Customer
from klantreis.workspace.opening import (
    checked_settings,
    make_folder,
    settings_stamp,
    workspace_folder,
)
from klantreis.workspace.reading import Tables
from klantreis.workspace.rooms import Rooms
from klantreis.workspace.updates import Telling

__all__ = ["Workspace"]


class Workspace(Rooms):
    """One shop: open it, import, run, ask.

    Args:
        folder: the workspace's folder.
        settings: as read from `klantreis.toml`.
        state: its state database.

    Attributes:
        sources: guesses files, and brings them in; `columns`, `repairs` and `files` deal with what
            was not understood, put aside, or taken in.
        quality: how good the data of each source are.
        raw_records: the records of sources behind the rows of tables.
        identity: who is who: why, why not, what is in doubt, and deciding it.
        lookups: whose record something is, within a millisecond.
        profiles: what is known of a visitor, within milliseconds.
        journeys: the ways that journeys take.
        segments, lookalikes: what groups are worth and how they move; who is like a group.
        worth: what customers are foretold to be worth, and how far that may be trusted.
        joined, patterns: measures over joined sources; what differs or moves in them.
        best: what the best customers do differently.
        research, personas, maps: needs and questions; their faces; the journey map.
        strategy, value, kpis, plan: what we are for, what we offer, how it goes, what we do.
        audiences, campaigns, effects: who gets a message, which, and what it brought.
        loop: how far the shop is round all this, and what comes next.
        privacy, retention, pseudonyms: what people may ask, how long things stay, tables for others.
        accounts, keys: people and programs that may come in.
        collecting: live events on their way to the tables.
        updates: the run that is at work, or was last, as the pages tell it.
        settings_problem: what is wrong with `klantreis.toml` since it was changed; the settings of
            before hold.
        reading: the published tables; `table`, `fetch`, `rows` and `sql` ask it.
    """

    @classmethod
    def open(cls, folder: str | Path) -> Workspace:
        """Open an existing workspace.

        Raises:
            WorkspaceError: the folder does not exist, or is no workspace.
            SettingsError: `klantreis.toml` is wrong.
        """
        path = workspace_folder(folder)
        seen, settings = settings_stamp(path), checked_settings(path)
        state = State(settings.state_url) if settings.state_url else State.in_folder(path / FOLDER)
        workspace = cls(path, settings, state)
        workspace._settings_seen = seen
        return workspace

    @classmethod
    def create(cls, folder: str | Path, *, name: str = "", locale: str = "nl") -> Workspace:
        """Make a new, empty workspace.

        Args:
            folder: where; it is made when it is not there.
            name: of the shop; empty: as the folder is called.
            locale: language of the pages until somebody chooses another, `nl` or `en`.

        Raises:
            WorkspaceError: there is one already.
        """
        return cls.open(make_folder(folder, name=name, locale=locale))

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

        Args:
            progress: is told of each file; by default nobody is.

        Returns:
            How many files and rows were taken in and put aside.

        Raises:
            WorkspaceError: there is nothing in `exports/`.
            SettingsError: a source is set up wrongly.
            UnreadableFileError: no connector can read a file.
            WorkspaceBusyError: another import or run is at work.
            StoppedError: interrupted; what was taken in so far is kept.
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
        seen = settings_stamp(self.folder)
        if seen == self._settings_seen:
            return False
        self._settings_seen = seen
        try:
            self._furnish_by(checked_settings(self.folder))
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
            progress: is told of each table; by default nobody is.
            now: moment that is written down as that of the run, in UTC; by default the clock's.
            afresh: make everything anew, as for the first time; customers keep their numbers.
            by: who asked for it; the pages tell.

        Returns:
            What everybody sees now: the version of each table, and up to when they hold.

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
        """Compute an expression over this workspace's tables and bring the rows here.

        Args:
            expression: made of `table`; all of its rows come, so cut large ones with `limit`.

        Returns:
            An Arrow table with the columns of the expression. Money is decimal(18,4) in EUR,
            moments (`_at`) are in UTC without a zone, dates (`_on`) are those of the shop.
        """
        return self.reading.fetch(expression)

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """As `fetch`, as plain Python rows: one dict a row, by name of column."""
        return self.reading.rows(expression)

    def sql(self, query: str) -> pa.Table:
        """Answer an SQL query over the published tables.

        Args:
            query: in the dialect of the engine, DuckDB by default.

        Returns:
            An Arrow table; units as at `fetch`.

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
        return CustomerFinding(self.reading, self.settings.country).current(customer_id)

    def channel_paths(self, *, length: int = 6, customers: int = 100_000) -> list[dict[str, Any]]:
        """How often each way through the channels is taken; see `Journeys.channel_paths`."""
        return self.journeys.channel_paths(length=length, customers=customers)

    def flow(self, by: str = "channel", *, levels: int = 5, most: int = 6) -> list[dict[str, Any]]:
        """How journeys go from stop to stop, unrolled step by step; see `Journeys.flow`."""
        return self.journeys.flow(by, levels=levels, most=most)

    def variants(
        self, by: str = "channel", *, length: int = 6, most: int = 20
    ) -> list[dict[str, Any]]:
        """The ways that most journeys take, and how those end; see `Journeys.variants`."""
        return self.journeys.variants(by, length=length, most=most)

    @staticmethod
    def sufficiency(count: int, total: int, *, margin: float) -> Sufficiency:
        """Whether a share is known to within `margin`; see `segments.sufficiency`.

        Args:
            count, total: how many of how many.
            margin: half the width of the 95 % interval that will do, as a share (0.05: 5 points).
        """
        return sufficiency(count, total, margin=margin)

    def with_settings(self, **changes: Any) -> Workspace:
        """The same workspace with other settings, for trying something out.

        Args:
            changes: by name as in `Settings`, as `lapse_days=45`; the file stays as it is.

        Raises:
            TypeError: there is no such setting.
        """
        return Workspace(self.folder, replace(self.settings, **changes), self.state)
