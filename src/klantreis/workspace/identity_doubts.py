"""Pairs of records in doubt, what blocked a merge, and how far people are in deciding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.state import VERDICTS, IdentityDecision, State
from klantreis.workspace.reading import Reading

__all__ = ["Barred", "Doubt", "Doubting", "Reviewing"]

EVEN_ODDS = 0.5
LEFT, RIGHT = "left_person_id", "right_person_id"


@dataclass(frozen=True)
class Doubt:
    """Two records that may be one human being.

    Attributes:
        moments: what would move to the other customer if they are: the moments of the one with
            fewest.
    """

    left_person_id: str
    right_person_id: str
    left_customer_id: int
    right_customer_id: int
    probability: float
    moments: int


@dataclass(frozen=True)
class Reviewing:
    """How far the review of the doubtful pairs is.

    Attributes:
        doubts: those that wait, what matters most first; only as many as were asked for.
        remaining: how many wait in all.
        expected_same: part of those that the model expects to be one human being; none without any.
        verdicts: how many pairs people decided, by verdict.
        judged: decided pairs of which the model had a probability.
        agreed: of those, how many where it leaned to what was decided.
        compared: pairs that the model put forward, in either band.
        used: matches that tie two records.
        taught: decided pairs that corrected the model; 0 when none did.
        expected_right: part of those that the model expects to be right; none without any.
    """

    doubts: tuple[Doubt, ...]
    remaining: int
    expected_same: float | None
    verdicts: Mapping[str, int]
    judged: int
    agreed: int
    compared: int
    used: int
    expected_right: float | None
    taught: int


@dataclass(frozen=True)
class Barred:
    """An identifier that may not tie, or a match that was stopped.

    Attributes:
        reason: as in `blocked_identifiers`, or `stopped_by` of `matches`.
        persons: how many records state it.
        left_person_id, right_person_id: of a match; empty for an identifier.
    """

    reason: str
    kind: str = ""
    value: str = ""
    persons: int = 0
    left_person_id: str = ""
    right_person_id: str = ""
    probability: float | None = None


class Doubting:
    """Finds what is in doubt.

    Args:
        reading: the published tables.
        state: what people decided.
    """

    def __init__(self, reading: Reading, state: State) -> None:
        self._reading, self._state = reading, state

    def reviewing(self, *, most: int = 1, skipped: int = 0) -> Reviewing:
        """The doubtful pairs that nobody decided, and how far the review is.

        What matters most comes first: how unsure the model is (p times 1 - p) times the moments
        that would move to another customer.

        Args:
            most: how many pairs.
            skipped: how many are passed over.
        """
        matches = self._reading.table("matches")
        waiting = self._waiting(matches)
        one, two = "left_customer_id", "right_customer_id"
        matter = waiting["probability"] * (1 - waiting["probability"]) * (waiting["moments"] + 1)
        rows = self._reading.rows(
            waiting.select(LEFT, RIGHT, one, two, "probability", "moments", matter=matter)
            .order_by(ibis.desc("matter"), LEFT, RIGHT)
            .limit(most, offset=skipped)
            .drop("matter")
        )
        told = self._reading.rows(
            waiting.aggregate(n=waiting.count(), expected=waiting["probability"].mean())
        )[0]
        used = self._reading.rows(
            matches.aggregate(
                n=matches.count(),
                used=matches.count(where=matches["is_used"]),
                right=matches["probability"].mean(where=matches["is_used"]),
            )
        )[0]
        decided = self._state.identity.in_force()
        judged, agreed = self._agreement(matches, decided)
        return Reviewing(
            doubts=tuple(Doubt(**row) for row in rows),
            remaining=told["n"],
            expected_same=told["expected"],
            verdicts={v: sum(one.verdict == v for one in decided) for v in VERDICTS},
            judged=judged,
            agreed=agreed,
            compared=used["n"],
            used=used["used"],
            expected_right=used["right"],
            taught=self._taught(),
        )

    def _taught(self) -> int:
        model = self._reading.table("match_model")
        told = self._reading.rows(model.aggregate(decisions=model["decisions"].max()))
        return int(told[0]["decisions"] or 0)

    def _waiting(self, matches: ir.Table) -> ir.Table:
        """Doubtful pairs of two customers that nobody decided."""
        doubtful = matches.filter((matches["band"] == "doubtful") & ~matches["is_used"])
        doubtful = doubtful.anti_join(
            self._pairs(one.pair for one in self._state.identity.in_force()), [LEFT, RIGHT]
        )
        links = self._reading.table("links")
        owned = links.filter(links["customer_id"].notnull()).select("person_id", "customer_id")
        events = self._reading.table("portraits").select("customer_id", "events")
        weighed = owned.left_join(events, "customer_id").select(
            "person_id", "customer_id", events=ibis.coalesce(events["events"], 0)
        )
        left = weighed.select(
            left_person_id="person_id", left_customer_id="customer_id", left_events="events"
        )
        right = weighed.select(
            right_person_id="person_id", right_customer_id="customer_id", right_events="events"
        )
        both = doubtful.select(LEFT, RIGHT, "probability").join(left, LEFT).join(right, RIGHT)
        apart = both.filter(both["left_customer_id"] != both["right_customer_id"])
        return apart.mutate(moments=ibis.least(apart["left_events"], apart["right_events"]))

    def _agreement(self, matches: ir.Table, decided: Sequence[IdentityDecision]) -> tuple[int, int]:
        """Of how many decided pairs the model had a probability, and where it leaned that way."""
        verdicts = {one.pair: one.verdict for one in decided if one.verdict != "unsure"}
        if not verdicts:
            return 0, 0
        rows = self._reading.rows(
            matches.semi_join(self._pairs(verdicts), [LEFT, RIGHT]).select(
                LEFT, RIGHT, "probability"
            )
        )
        agreed = sum(
            (verdicts[row[LEFT], row[RIGHT]] == "same") == (row["probability"] >= EVEN_ODDS)
            for row in rows
        )
        return len(rows), agreed

    def _pairs(self, pairs: Iterable[tuple[str, str]]) -> ir.Table:
        listed = list(pairs)
        columns = {
            name: pa.array([pair[place] for pair in listed], pa.string())
            for place, name in enumerate((LEFT, RIGHT))
        }
        return self._reading.engine.table(pa.table(columns))

    def barred(self, reason: str = "", *, most: int = 50) -> tuple[Barred, ...]:
        """Identifiers that may not tie, those that most records state first.

        Args:
            reason: only of this reason; all by default.
            most: how many.
        """
        blocked = self._reading.table("blocked_identifiers")
        found = blocked.filter(blocked["reason"] == reason) if reason else blocked
        ordered = found.order_by(ibis.desc("persons"), "kind", "value").limit(most)
        return tuple(Barred(**row) for row in self._reading.rows(ordered))

    def barred_counts(self) -> Mapping[str, int]:
        """How many identifiers may not tie, by reason."""
        blocked = self._reading.table("blocked_identifiers")
        counted = blocked.group_by("reason").aggregate(n=blocked.count())
        return {row["reason"]: row["n"] for row in self._reading.rows(counted)}

    def stopped_matches(self, *, most: int = 50) -> tuple[Barred, ...]:
        """Matches that were sure enough but do not tie, and why; the surest first."""
        matches = self._reading.table("matches")
        stopped = matches.filter(matches["stopped_by"].notnull())
        rows = self._reading.rows(
            stopped.select(LEFT, RIGHT, "probability", reason="stopped_by")
            .order_by(ibis.desc("probability"), LEFT, RIGHT)
            .limit(most)
        )
        return tuple(Barred(**row) for row in rows)
