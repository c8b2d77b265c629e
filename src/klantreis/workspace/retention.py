"""How long things are kept: what is older than the settings allow is taken out, and counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis

from klantreis.runner import Store
from klantreis.runner.exports import find_exports
from klantreis.runner.taking_back import put_aside_before
from klantreis.settings import Retention as Days
from klantreis.state import AuditLine, State
from klantreis.workspace.audience_members import AudienceMembers
from klantreis.workspace.needles import Needles
from klantreis.workspace.old_rows import OldRows
from klantreis.workspace.reading import Reading
from klantreis.workspace.taking_out import TakingOut

__all__ = ["KINDS", "Kept", "Retention"]

KINDS = tuple(name.removesuffix("_days") for name in vars(Days()))
# Tables of a kind of export; what ties to nobody's moment goes with the file it came in.
TABLES_OF: Mapping[str, tuple[str, ...]] = {
    "events": ("events",),
    "orders": ("orders", "payments"),
    "messages": ("messages",),
    "feedback": ("feedback", "survey_answers"),
}
UNDATED = ("persons", "identifiers", "consents", "products", "order_lines", "quarantine")
UNITS = {
    "customers": "customers",
    "collected": "files",
    "taken_back": "files",
    "campaigns": "lines",
    "audit": "lines",
    "versions": "versions",
    "proofs": "proofs",
}


@dataclass(frozen=True)
class Kept:
    """How long one kind of thing is kept, and what is too old.

    Attributes:
        kind: `events`, `orders`, `messages`, `feedback`, `customers`, `collected`, `taken_back`,
            `campaigns`, `audit`, `versions`, `proofs` or `backups`.
        days: 0 for ever.
        before: what is older goes; none when it is kept for ever.
        count: how much is too old, or was taken out.
        unit: code of what is counted.
        files: export files that hold nothing newer.
        mixed: export files that hold newer things too, and stay as they are.
    """

    kind: str
    days: int
    before: datetime | None
    count: int = 0
    unit: str = "rows"
    files: int = 0
    mixed: int = 0


class Retention:
    """Looks at what is too old, and takes it out.

    Args:
        folder: the workspace.
        reading: the published tables.
        state: what imports wrote and people decided.
        store: where tables are.
        taking_out: rewrites what imports wrote.
        days: how long each kind is kept.
        run: makes and publishes all tables anew.
    """

    def __init__(
        self,
        folder: Path,
        reading: Reading,
        state: State,
        store: Store,
        taking_out: TakingOut,
        days: Days,
        run: Callable[[], Any],
    ) -> None:
        self._folder, self._reading, self._state, self._store = folder, reading, state, store
        self._taking_out, self._days, self._run = taking_out, days, run
        self._old = OldRows(state, store)

    def look(self, now: datetime) -> tuple[Kept, ...]:
        """What is too old at a moment (naive UTC); changes nothing."""
        return tuple(self._kept(kind, now) for kind in KINDS)

    def apply(self, now: datetime, *, by: str, address: str) -> tuple[Kept, ...]:
        """Take out what is too old, and write in the audit log how much that was.

        Args:
            now: naive UTC.
            by: who asks for it.
            address: where from, as in the audit log.

        Raises:
            WorkspaceBusyError: an import or run is at work.
        """
        found = self.look(now)
        gone = [one for one in found if one.count or one.files]
        with self._store.writing():
            is_source = [self._remove(one, self._limits(now)) for one in gone]
        if any(is_source):
            self._run()
            # Earlier versions hold the rows that were taken out.
            with self._store.writing():
                self._state.forget_before(1)
                self._store.remove_unused(self._state.files_in_use())
        if gone:
            counts = ", ".join(f"{one.kind} {one.count + one.files}" for one in gone)
            self._state.audit.add(AuditLine(now, by, "retain", counts, address))
            self._state.persons.give_back_space()
        return found

    def _kept(self, kind: str, now: datetime) -> Kept:
        days: int = getattr(self._days, f"{kind}_days")
        unit = UNITS.get(kind, "rows")
        if not days or kind == "backups":
            return Kept(kind, days, None, unit=unit)
        before = now - timedelta(days=days)
        if kind in TABLES_OF:
            whole, mixed = self._exports(kind, self._limits(now))
            count = self._old.count(TABLES_OF[kind], before)
            return Kept(kind, days, before, count, unit, len(whole), len(mixed))
        return Kept(kind, days, before, self._count(kind, before), unit)

    def _count(self, kind: str, before: datetime) -> int:
        counts: Mapping[str, Callable[[], int]] = {
            "customers": lambda: len(self._silent(before)),
            "collected": lambda: len(self._collected(before)),
            "taken_back": lambda: len(put_aside_before(self._folder, before)),
            "campaigns": lambda: self._state.campaigns.count_before(before),
            "audit": lambda: self._state.audit.count(before=before),
            "versions": lambda: self._state.publications_before(before),
            "proofs": lambda: self._state.erasures.count_before(before),
        }
        return counts[kind]()

    def _remove(self, kept: Kept, limits: Mapping[str, datetime]) -> bool:
        """Take out what is too old; returns whether tables rest on it."""
        before = kept.before
        assert before is not None
        if kept.kind in TABLES_OF:
            for file in self._exports(kept.kind, limits)[0]:
                file.unlink()
            return self._old.remove(TABLES_OF[kept.kind], before)
        if kept.kind == "customers":
            self._remove_silent(before)
            return True
        if kept.kind == "versions":
            self._state.forget_before(max(1, self._state.publications_since(before)))
            self._store.remove_unused(self._state.files_in_use())
        elif kept.kind == "collected":
            for file in self._collected(before):
                file.unlink()
        elif kept.kind == "taken_back":
            for file in put_aside_before(self._folder, before):
                file.unlink()
        else:
            getattr(self._state, {"proofs": "erasures"}.get(kept.kind, kept.kind)).forget_before(
                before
            )
        return False

    # Customers of whom nothing was heard

    def _silent(self, before: datetime) -> list[int]:
        if self._reading.published is None:
            return []
        portraits, customers = self._reading.table("portraits"), self._reading.table("customers")
        made = customers.select("customer_id", "created_at")
        seen = portraits.select("customer_id", "last_seen_at").join(made, "customer_id")
        last = ibis.coalesce(seen["last_seen_at"], seen["created_at"])
        return [row["customer_id"] for row in self._reading.rows(seen.filter(last < before))]

    def _remove_silent(self, before: datetime) -> None:
        numbers = self._silent(before)
        links = self._reading.table("links")
        own = links.filter(links["customer_id"].isin(numbers)).select("person_id")
        persons = frozenset(row["person_id"] for row in self._reading.rows(own))
        orders = self._reading.table("orders")
        theirs = orders.semi_join(own, "person_id").select("order_id")
        order_ids = frozenset(row["order_id"] for row in self._reading.rows(theirs))
        self._taking_out.of_imports(Needles((), persons, order_ids))
        AudienceMembers(self._store.folder).take_out(numbers)
        self._state.persons.remove(numbers, lambda text: False, lambda text: text, persons)

    # Files

    def _exports(self, kind: str, limits: Mapping[str, datetime]) -> tuple[list[Path], list[Path]]:
        """Export files with old rows of a kind: those without anything newer, and the others."""
        lines: dict[str, list[Mapping[str, Any]]] = {}
        for part in self._state.import_parts():
            for line in part.log:
                for path in _with_zip_file(str(line["path"])):
                    lines.setdefault(path, []).append(line)
        whole: list[Path] = []
        mixed: list[Path] = []
        for found in find_exports(self._folder):
            own = lines.get(found.shown_path, [])
            if any(line["table_name"] in TABLES_OF[kind] and _starts(line, limits) for line in own):
                dated = [line for line in own if line["table_name"] not in UNDATED]
                is_old = all(_ends(line, limits) for line in dated)
                (whole if is_old else mixed).append(found.path)
        return whole, mixed

    def _limits(self, now: datetime) -> Mapping[str, datetime]:
        """Before which moment the rows of a table are too old, for those that are not kept for ever."""
        return {
            table: now - timedelta(days=days)
            for kind, tables in TABLES_OF.items()
            if (days := getattr(self._days, f"{kind}_days"))
            for table in tables
        }

    def _collected(self, before: datetime) -> list[Path]:
        known = {file.path for file in self._state.imported_files()}
        return [
            found.path
            for found in find_exports(self._folder)
            if found.path.name.startswith("collected-")
            and found.shown_path in known
            and datetime.fromtimestamp(found.changed_at, UTC).replace(tzinfo=None) < before
        ]


def _with_zip_file(path: str) -> list[str]:
    """A file's path, and that of the zip file that it is in."""
    before, ending, _ = path.lower().partition(".zip/")
    return [path, path[: len(before) + len(ending) - 1]] if ending else [path]


def _starts(line: Mapping[str, Any], limits: Mapping[str, datetime]) -> bool:
    limit, first_at = limits.get(str(line["table_name"])), line["first_at"]
    return limit is not None and bool(first_at) and datetime.fromisoformat(first_at) < limit


def _ends(line: Mapping[str, Any], limits: Mapping[str, datetime]) -> bool:
    limit, last_at = limits.get(str(line["table_name"])), line["last_at"]
    return limit is not None and bool(last_at) and datetime.fromisoformat(last_at) < limit
