"""Who gets what of which campaign now, and why not: decided, logged and put in the outbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cached_property

from klantreis.campaigns import (
    Decision,
    Entry,
    Flow,
    Known,
    Policy,
    Sent,
    Trigger,
    candidates,
    entry_of,
    night_end,
    play,
    would_get,
)
from klantreis.errors import OldTablesError, message
from klantreis.settings import Settings
from klantreis.state import CampaignEntry, LogLine, State
from klantreis.workspace.campaign_facts import CampaignFacts
from klantreis.workspace.campaign_letters import CampaignLetters
from klantreis.workspace.reading import Reading

__all__ = ["CampaignDeciding", "Worked", "WouldGet"]

PREVIEWED = 5000
OLDEST = timedelta(hours=48)  # older tables do not know enough of what happened meanwhile
QUIET_ACTIONS = ("waits", "passed")  # no line in the log


@dataclass(frozen=True)
class WouldGet:
    """Who would get a campaign's first message if it went out now.

    Attributes:
        customers: for whom the trigger holds.
        looked_at: of how many it was worked out; the others are like them.
        by_outcome: how many by action and reason, as `("blocked", "no_consent")`.
        examples: a few customers for each outcome.
    """

    customers: int
    looked_at: int
    by_outcome: Mapping[tuple[str, str], int]
    examples: Mapping[tuple[str, str], tuple[int, ...]]


@dataclass(frozen=True)
class Worked:
    """What deciding did: how often each action was taken, by campaign, action and reason."""

    decided: Mapping[tuple[str, str, str], int]


class CampaignDeciding:
    """Decides.

    Args:
        reading: the published tables.
        facts: gathers customers.
        letters: writes messages.
        state: keeps entries, log and outbox.
        settings: of the workspace.
    """

    def __init__(
        self,
        reading: Reading,
        facts: CampaignFacts,
        letters: CampaignLetters,
        state: State,
        settings: Settings,
    ) -> None:
        self._reading, self._facts, self._letters = reading, facts, letters
        self._state, self._settings = state, settings
        self._audience_sizes: dict[tuple[int, str, Trigger], int] = {}

    def decide(self, running: Sequence[Flow], *, now: datetime) -> Worked:
        """Decide for everyone in every running campaign; what goes out is put in the outbox.

        Args:
            running: the flows.
            now: naive UTC.

        Raises:
            OldTablesError: the tables are too old to know what happened meanwhile.
        """
        published = self._reading.published
        if running and (published is None or now - published.as_of > OLDEST):
            held = f"{published.as_of:%Y-%m-%d %H:%M} UTC" if published else "no tables"
            raise OldTablesError(
                message(
                    "The tables are too old to send by: a purchase or complaint may be lacking",
                    got=held,
                    allowed=f"at most {OLDEST.days * 24} hours before {now:%Y-%m-%d %H:%M} UTC",
                    next_step="klantreis import and klantreis run; only to try out: klantreis work DIR --at data",
                )
            )
        decided: Counter[tuple[str, str, str]] = Counter()
        for flow in running:
            for batch in self._facts.concerned(flow, now):
                for known, entries, sent in batch:
                    decided.update(self._decide_one(flow, known, entries, sent, now))
        return Worked(decided)

    def daytime(self, moment: datetime) -> datetime:
        """The moment itself, or when it falls in the quiet hours of the shop, their end."""
        time_zone = self.policy.time_zone
        return night_end(self.policy, moment, time_zone=time_zone) or moment

    def would_get(self, flow: Flow, *, now: datetime) -> WouldGet:
        """Who would get a flow's first message if it went out now, and who is blocked why."""
        found = candidates(flow, self._facts.found_in(now), now=now)
        ids: list[int] = self._reading.fetch(found)["customer_id"].to_pylist()
        outcomes: Counter[tuple[str, str]] = Counter()
        examples: dict[tuple[str, str], list[int]] = {}
        looked_at = sorted(ids)[:PREVIEWED]
        for known, _, sent in self._facts.standing(flow, looked_at, now):
            decision = would_get(flow, known, sent, self.policy, now=now)
            outcome = (decision.action, decision.reason)
            outcomes[outcome] += 1
            examples.setdefault(outcome, []).append(known.customer_id)
        few = {outcome: tuple(found[:5]) for outcome, found in examples.items()}
        return WouldGet(len(ids), len(looked_at), outcomes, few)

    def audience(self, flow: Flow) -> int:
        """For how many customers a flow's trigger holds now; kept until the next publication."""
        published = self._reading.published
        assert published is not None
        question = (published.publication_id, flow.name, flow.trigger)
        if question not in self._audience_sizes:
            found = candidates(flow, self._facts.found_in(published.as_of), now=published.as_of)
            size: int = self._reading.fetch(found.count().as_table())[0][0].as_py()
            self._audience_sizes[question] = size
        return self._audience_sizes[question]

    @cached_property
    def policy(self) -> Policy:
        """What holds for all campaigns of this shop."""
        settings = self._settings
        return Policy(
            time_zone=settings.time_zone,
            quiet_from_hour=settings.quiet_from_hour,
            quiet_until_hour=settings.quiet_until_hour,
            messages_per_week=settings.messages_per_week,
            returned=timedelta(days=settings.returned_days),
            global_holdout=settings.global_holdout,
            salt=self._state.campaigns.secret("holdout"),
        )

    def _decide_one(
        self,
        flow: Flow,
        known: Known,
        entries: Sequence[Entry],
        sent: Sequence[Sent],
        now: datetime,
    ) -> list[tuple[str, str, str]]:
        own = [entry for entry in entries if entry.campaign == flow.name]
        last = max(own, key=lambda entry: entry.entered_at, default=None)
        is_active = last is not None and last.status == "active"
        entry = last if is_active else entry_of(flow, known, last, now=now)
        if entry is None:
            return []
        played = play(flow, known, entry, sent, self.policy, now=now)
        told = [one for one in played.decisions if one.action not in QUIET_ACTIONS]
        if not is_active:
            told = [Decision("entered", 0), *told]
        if played.entry == last and not told:
            return []
        log = [self._line(played.entry, decision, now) for decision in told]
        going = [one for one in told if one.action == "sent"]
        messages = [self._letters.queued(flow, known, played.entry, one, now) for one in going]
        if not self._state.campaigns.decided(_kept(played.entry), log, messages):
            return []
        return [(flow.name, one.action, one.reason) for one in told]

    def _line(self, entry: Entry, decision: Decision, now: datetime) -> LogLine:
        return LogLine(
            entry.campaign,
            entry.customer_id,
            entry.entered_at,
            decision.step,
            decision.action,
            decision.reason,
            decision.letter,
            now,
        )


def _kept(entry: Entry) -> CampaignEntry:
    return CampaignEntry(**asdict(entry))
