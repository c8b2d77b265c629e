"""What a person may ask: what do you know about me, may you use it, and erase it; with proof, for ever."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from klantreis.errors import NotFoundError, WorkspaceBusyError, message
from klantreis.runner import Store
from klantreis.settings import Settings
from klantreis.state import Erasure, State
from klantreis.workspace.access import Access
from klantreis.workspace.collecting import Collecting
from klantreis.workspace.consents import Consent, Consents
from klantreis.workspace.erasing import Erased, Erasing
from klantreis.workspace.identifying import Identifying
from klantreis.workspace.reading import Reading
from klantreis.workspace.taking_out import TakingOut

__all__ = ["Privacy"]

PATIENCE_SECONDS = 5.0


class Privacy:
    """Access, consent and erasure.

    Args:
        folder: the workspace.
        reading: the published tables.
        state: what people decided.
        store: where tables are.
        collecting: events that were collected.
        settings: of the workspace.
        run: makes and publishes all tables anew.
    """

    def __init__(
        self,
        folder: Path,
        reading: Reading,
        state: State,
        store: Store,
        collecting: Collecting,
        settings: Settings,
        run: Callable[[], Any],
    ) -> None:
        self._state, self._store = state, store
        self._identifying = Identifying(reading, state, store)
        self._taking_out = TakingOut(folder, state, store, collecting)
        self._erasing = Erasing(folder, state, store, self._identifying, self._taking_out, run)
        self._consents = Consents(reading, state)
        self._access = Access(folder, reading, state, settings, collecting)

    # Consent

    def consents(self, customer_id: int) -> tuple[Consent, ...]:
        """Every yes and no of a customer, newest first."""
        return self._consents.of(customer_id)

    def may(self, customer_id: int, purpose: str) -> bool:
        """Whether a customer may be served for a purpose; see `Consents.may`."""
        return self._consents.may(customer_id, purpose)

    def state_consent(
        self,
        customer_id: int,
        purpose: str,
        is_granted: bool,
        *,
        on: date,
        heard_by: str,
        note: str = "",
        by: str,
    ) -> None:
        """Write down what a customer said about a purpose; see `Consents.state`."""
        self._consents.state(
            customer_id, purpose, is_granted, on=on, heard_by=heard_by, note=note, by=by
        )

    # Access

    def access(self, customer_id: int, *, language: str = "nl") -> bytes:
        """Everything about one customer: a zip with JSON and a page to read.

        Args:
            language: of the page, `nl` or `en`.

        Raises:
            NotFoundError: there is no such customer.
        """
        needles = self._identifying.needles(customer_id)
        return self._access.file(customer_id, needles, language=language)

    # Erasure

    def erase(self, customer_id: int, *, by: str = "") -> Erased:
        """Erase a customer from exports, tables, earlier versions and state, and prove it.

        A mark stays (keyed hashes of the identifiers), so that a later import of an old export
        does not bring them back. Backups made before still hold them. Broken off anywhere, it is
        finished by the next import, run or round of the worker.

        Raises:
            NotFoundError: there is no such customer.
            WorkspaceBusyError: an import, run or other erasure is at work.
        """
        with self._store.writing():
            erasure_id = self._erasing.begin(customer_id, by=by)
        for erased in self._erasing.finish():
            if erased.erasure_id == erasure_id:
                return erased
        raise WorkspaceBusyError(
            message(
                "Another process is erasing, and takes this customer too",
                got=f"erasure {erasure_id}",
                next_step="look at the page /erasures",
            )
        )

    def begin_erasing(self, customer_id: int, *, by: str) -> str:
        """Note that a customer is to be erased, for `finish_erasing`; returns the erasure's number.

        Raises:
            NotFoundError: there is no such customer.
        """
        return self._erasing.begin(customer_id, by=by)

    def finish_erasing(self, *, waits: bool = False) -> tuple[Erased, ...]:
        """Finish what was begun, also by a process that died.

        Args:
            waits: until an import or run that is at work is done.

        Raises:
            WorkspaceBusyError: an import or run is at work.
        """
        while True:
            try:
                return self._erasing.finish()
            except WorkspaceBusyError:
                if not waits:
                    raise
                time.sleep(PATIENCE_SECONDS)

    @property
    def is_erasing(self) -> bool:
        """Whether an erasure is to be finished."""
        return self._erasing.is_pending

    def erasures(self) -> tuple[Erasure, ...]:
        """Every erasure with its proof, or how far it is; newest first."""
        return self._state.erasures.all()

    def erasure(self, erasure_id: str) -> Erasure:
        """One erasure.

        Raises:
            NotFoundError: there is no such one.
        """
        found = self._state.erasures.find(erasure_id)
        if found is None:
            raise NotFoundError(message("Unknown erasure", got=repr(erasure_id)))
        return found

    def keep_out(self) -> int:
        """Take out again whoever was erased before and came back; returns how many records.

        What was imported is looked through once, before anything is made of it.
        """
        parts = [part for part in self._state.import_parts() if not part.is_checked]
        if not parts:
            return 0
        needles = self._identifying.known_again(parts)
        if needles is None:
            self._state.note_checked(part.part_id for part in parts)
            return 0
        self._erasing.take_out_again(needles)
        if self._erasing.is_pending:
            raise WorkspaceBusyError(
                message("Another process is erasing", next_step="wait until it is done")
            )
        return len(needles.persons) + self.keep_out()
