"""Who is who: why two records are one customer or not, what is in doubt, and deciding it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, product
from typing import Any

import ibis

from klantreis.engine import Engine
from klantreis.errors import InputError, NotFoundError, WorkspaceError, message
from klantreis.identity.lookup import FoundCustomer
from klantreis.identity.lookup_forms import SoughtRecord
from klantreis.settings import Settings
from klantreis.state import VERDICTS, IdentityDecision, State
from klantreis.workspace.accounts import utc_now
from klantreis.workspace.identity_doubts import Barred, Doubting, Reviewing
from klantreis.workspace.identity_facts import Why
from klantreis.workspace.identity_gathering import Gathering
from klantreis.workspace.identity_why import Explaining
from klantreis.workspace.lookups import Lookups
from klantreis.workspace.reading import Reading

__all__ = ["Deed", "Identity", "Merge"]

NOTE_LENGTH = 500


@dataclass(frozen=True)
class Merge:
    """Two customers that turned out to be one.

    Attributes:
        old_customer_id: the number that went over; it leads to the other for ever.
        persons: records that it had.
    """

    old_customer_id: int
    customer_id: int
    merged_at: datetime
    persons: tuple[str, ...]


@dataclass(frozen=True)
class Deed:
    """What somebody decided at one moment: of two records, or of all of two groups.

    Attributes:
        decision_id: of one of its decisions, to take it back by.
        left, right: the records.
        waits: whether it was decided after the last run, so that it shows from the next on.
    """

    decision_id: int
    verdict: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    note: str
    decided_at: datetime
    decided_by: str
    waits: bool


class Identity:
    """Explains, and decides, which records are one customer.

    Args:
        reading: the published tables.
        state: what people decided.
        settings: of the workspace.
        connect: starts an engine.
        lookups: what single records are looked up in.
    """

    def __init__(
        self,
        reading: Reading,
        state: State,
        settings: Settings,
        connect: Callable[[], Engine],
        lookups: Lookups,
    ) -> None:
        self._lookups = lookups
        self._reading, self._state = reading, state
        self._explaining = Explaining(Gathering(reading, state, settings, connect), state)
        self._doubting = Doubting(reading, state)

    # Why, and why not

    def why(self, left: str | int, right: str | int) -> Why:
        """The evidence that two are one customer, or are not.

        Args:
            left, right: each the number of a customer (an old one too), or a record as
                `shopify:1001`. Of customers the two records nearest to each other are compared.

        Raises:
            NotFoundError: there is no such customer or record.
        """
        return self._explaining.why(left, right)

    # Who one record is

    def lookup(self, sought: SoughtRecord) -> FoundCustomer:
        """The customer that a single record is, as of the last run, and why.

        The first call after a run lays ready what records are looked up in; for many records
        open it once with `shop.lookups.open()`.

        Raises:
            WorkspaceError: nothing was published yet.
        """
        book = self._lookups.open()
        if book is None:
            raise WorkspaceError(
                message("There is no run yet to look records up in", next_step="klantreis run")
            )
        return book.find(sought)

    # What is in doubt

    def reviewing(self, *, most: int = 1, skipped: int = 0) -> Reviewing:
        """The doubtful pairs that nobody decided, and how far the review is; see `Doubting`."""
        return self._doubting.reviewing(most=most, skipped=skipped)

    def barred(self, reason: str = "", *, most: int = 50) -> tuple[Barred, ...]:
        """Identifiers that may not tie, those that most records state first.

        Args:
            reason: only of this reason; all by default.
            most: how many.
        """
        return self._doubting.barred(reason, most=most)

    def barred_counts(self) -> Mapping[str, int]:
        """How many identifiers may not tie, by reason."""
        return self._doubting.barred_counts()

    def stopped_matches(self, *, most: int = 50) -> tuple[Barred, ...]:
        """Matches that were sure enough but do not tie, and why; the surest first."""
        return self._doubting.stopped_matches(most=most)

    # What was merged

    def merges(self, customer_id: int | None = None, *, most: int = 50) -> tuple[Merge, ...]:
        """Numbers that went over into others, the newest first.

        Args:
            customer_id: only those that lead to this customer.
            most: how many.
        """
        merges = self._reading.table("customer_merges")
        found = merges.filter(merges["old_customer_id"] != merges["customer_id"])
        if customer_id is not None:
            found = found.filter(found["customer_id"] == customer_id)
        rows = self._reading.rows(
            found.order_by(ibis.desc("merged_at"), "old_customer_id").limit(most)
        )
        return tuple(_merge(row) for row in rows)

    # Deciding

    def decide(self, left: str, right: str, verdict: str, *, note: str = "", by: str) -> None:
        """Decide of two records; it holds from the next run on, over everything else.

        Args:
            left, right: records as `shopify:1001`.
            verdict: `same`, `different` or `unsure` (it is not asked again).
            note: why.
            by: who decides.

        Raises:
            InputError: an unknown verdict, or twice the same record.
            NotFoundError: there is no such record.
        """
        self._keep([left], [right], verdict, note, by)

    def take_out(
        self, customer_id: int, person_ids: Iterable[str], *, note: str = "", by: str
    ) -> None:
        """Decide that some records of a customer are someone else than the other records.

        Raises:
            InputError: that are all of its records, or none of them.
            NotFoundError: there is no such customer.
        """
        links = self._reading.table("links")
        rows = self._reading.rows(links.filter(links["customer_id"] == customer_id))
        if not rows:
            raise NotFoundError(message("Unknown customer", got=str(customer_id)))
        every = {row["person_id"] for row in rows}
        out = every & set(person_ids)
        if not out or out == every:
            raise InputError(
                message(
                    "Some of the customer's records are to be someone else, and some to stay",
                    got=", ".join(sorted(out)) or "none of them",
                    allowed=", ".join(sorted(every)),
                )
            )
        self._keep(out, every - out, "different", note, by)

    def take_apart(self, old_customer_id: int, *, note: str = "", by: str) -> None:
        """Undo a merge: the records that a number had are someone else than those it went over to.

        Both get their old numbers back at the next run.

        Raises:
            NotFoundError: this number did not go over into another.
            InputError: its records cannot be told from the others any more.
        """
        merges = self._reading.table("customer_merges")
        rows = self._reading.rows(merges.filter(merges["old_customer_id"] == old_customer_id))
        found = [_merge(row) for row in rows if row["customer_id"] != old_customer_id]
        if not found:
            raise NotFoundError(
                message("This number did not go over into another", got=str(old_customer_id))
            )
        self.take_out(found[0].customer_id, found[0].persons, note=note, by=by)

    def undo(self, decision_id: int | None = None, *, by: str) -> Deed | None:
        """Take a decision back, with all that was decided in the same deed.

        Args:
            decision_id: one of the deed's; by default the last deed of all.
            by: who takes it back.

        Returns:
            What was taken back; none when there is nothing.
        """
        deeds = self.deeds()
        held = self._state.identity.in_force()
        if decision_id is None:
            found = deeds[0] if deeds else None
        else:
            found = next((deed for deed in deeds if deed.decision_id == decision_id), None)
        if found is None:
            return None
        own = [
            one.decision_id
            for one in held
            if (one.decided_at, one.decided_by) == (found.decided_at, found.decided_by)
        ]
        self._state.identity.undo(own, by=by, at=utc_now())
        return found

    def deeds(self, *, most: int | None = None) -> tuple[Deed, ...]:
        """What was decided and holds, newest first."""
        published = self._reading.published
        last_run = published.published_at if published else datetime.min
        newest = sorted(self._state.identity.in_force(), key=lambda one: -one.decision_id)
        deeds = []
        for _, decisions in groupby(newest, lambda one: (one.decided_at, one.decided_by)):
            deeds.append(_deed(list(decisions), last_run))
            if len(deeds) == most:
                break
        return tuple(deeds)

    def waiting(self, since: datetime) -> int:
        """How many decisions were made or taken back after a moment (UTC)."""
        return self._state.identity.changed_since(since)

    def _keep(
        self, left: Iterable[str], right: Iterable[str], verdict: str, note: str, by: str
    ) -> None:
        ones, others = sorted(left), sorted(right)
        if verdict not in VERDICTS:
            raise InputError(
                message("Unknown verdict", got=repr(verdict), allowed=", ".join(VERDICTS))
            )
        if set(ones) & set(others):
            raise InputError(message("A record is always itself", got=ones[0]))
        links = self._reading.table("links")
        known = {
            row["person_id"]
            for row in self._reading.rows(links.filter(links["person_id"].isin([*ones, *others])))
        }
        for person_id in (*ones, *others):
            if person_id not in known:
                raise NotFoundError(message("Unknown record", got=repr(person_id)))
        at = utc_now()
        self._state.identity.add(
            IdentityDecision(min(pair), max(pair), verdict, note.strip()[:NOTE_LENGTH], at, by)
            for pair in product(ones, others)
        )


def _merge(row: Mapping[str, Any]) -> Merge:
    return Merge(
        row["old_customer_id"], row["customer_id"], row["merged_at"], tuple(row["person_ids"] or ())
    )


def _deed(decisions: Sequence[IdentityDecision], last_run: datetime) -> Deed:
    first = decisions[-1]
    # Every record of one side was set against every record of the other.
    sides = {one.pair for one in decisions} | {one.pair[::-1] for one in decisions}
    rights = sorted(other for one, other in sides if one == first.left_person_id)
    lefts = sorted(other for one, other in sides if one == rights[0])
    return Deed(
        max(one.decision_id for one in decisions),
        first.verdict,
        tuple(lefts),
        tuple(rights),
        first.note,
        first.decided_at,
        first.decided_by,
        first.decided_at > last_run,
    )
