"""Campaigns: their flows, who gets what and why not, and what goes out."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import Any

import pyarrow as pa

from klantreis.campaigns import (
    GATHERED,
    SHIPPED,
    Decision,
    Entry,
    Flow,
    Known,
    Policy,
    Sent,
    Trigger,
    candidates,
    entry_of,
    horizon,
    known_customers,
    play,
    read_flow,
    shipped,
    would_get,
)
from klantreis.channels import (
    CHANNEL_NAMES,
    Letter,
    Outgoing,
    Rendered,
    check_letter,
    render,
)
from klantreis.errors import InputError, NotFoundError, RuleError, WorkspaceError, message
from klantreis.settings import Settings
from klantreis.state import CampaignEntry, LogLine, OutboxMessage, State
from klantreis.workspace.audiences import Audiences
from klantreis.workspace.reading import Reading

__all__ = ["LETTER_NAMES", "Campaign", "Campaigns", "Worked", "WouldGet"]

BATCH = 2000
PREVIEWED = 5000
OLDEST = timedelta(hours=48)  # older tables do not know enough of what happened meanwhile
LETTER_NAMES = ("first_name", "name", "city", "category", "product", "shop", "shop_url")
QUIET_ACTIONS = ("waits", "passed")  # no line in the log


@dataclass(frozen=True)
class Campaign:
    """A campaign: its flow, its text, and whether it runs."""

    flow: Flow
    text: str
    is_running: bool
    started_at: datetime | None
    changed_at: datetime | None
    changed_by: str


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


class Campaigns:
    """Everything that can be asked of campaigns, and done with them.

    Args:
        reading: the published tables.
        audiences: knows the events of this shop.
        state: keeps flows, entries, log and outbox.
        settings: of the workspace.
    """

    def __init__(
        self, reading: Reading, audiences: Audiences, state: State, settings: Settings
    ) -> None:
        self._reading, self._audiences = reading, audiences
        self._state, self._settings = state, settings
        self._audience_sizes: dict[tuple[int, str, Trigger], int] = {}

    # Flows

    def all(self) -> tuple[Campaign, ...]:
        """Those that come with the product and those of the shop's own, running ones first."""
        saved = {one.name: one for one in self._state.campaigns.flows()}
        found = []
        for name in (*SHIPPED, *(name for name in saved if name not in SHIPPED)):
            kept = saved.get(name)
            text = kept.flow if kept else shipped(name)
            found.append(
                Campaign(
                    flow=self._read(text),
                    text=text,
                    is_running=bool(kept and kept.is_running),
                    started_at=kept.started_at if kept else None,
                    changed_at=kept.changed_at if kept else None,
                    changed_by=kept.changed_by if kept else "",
                )
            )
        return tuple(sorted(found, key=lambda one: not one.is_running))

    def one(self, name: str) -> Campaign:
        """A campaign by its name.

        Raises:
            NotFoundError: there is none.
        """
        every = self.all()
        for campaign in every:
            if campaign.flow.name == name:
                return campaign
        allowed = ", ".join(one.flow.name for one in every)
        raise NotFoundError(message("Unknown campaign", got=repr(name), allowed=allowed))

    def check(self, text: str) -> Flow:
        """Read a flow and try its letters.

        Raises:
            InputError: something in it is wrong; says what, where, and what is allowed.
        """
        flow = self._read(text)
        for name, languages in flow.letters.items():
            for language, letter in languages.items():
                try:
                    check_letter(Letter(**letter), LETTER_NAMES)
                except InputError as error:
                    where = f"Letter {name}.{language}"
                    raise InputError(f"{where}: {error}") from error
        return flow

    def save(self, text: str, *, by: str, name: str = "") -> Flow:
        """Keep a flow after checking it; one that runs goes on with it.

        Args:
            text: TOML.
            by: who changed it.
            name: the campaign that is edited; its name cannot change.
        """
        flow = self.check(text)
        if name and flow.name != name:
            raise InputError(
                message("A campaign keeps its name", where="name", got=flow.name, allowed=name)
            )
        self._state.campaigns.save(flow.name, text, by=by, at=_now())
        return flow

    def write(self, name: str, text: str, *, by: str) -> bool:
        """Keep what an editor wrote: as the flow when it is right, else as a draft to go on with.

        Returns:
            Whether it became the flow.
        """
        draft = self._state.drafts.newest(f"campaign/{name}")
        try:
            flow = self.save(text, by=by, name=name)
            about = flow.name
        except InputError as error:
            about = str(error)[:300]
        self._state.drafts.write(
            draft.name,
            {"text": text},
            after=draft.number,
            change="flow_written",
            about=about,
            by=by,
            at=_now(),
        )
        return about == name

    def draft(self, name: str) -> tuple[str, str]:
        """What was last written and is not right yet, and what is wrong with it; else both empty."""
        draft = self._state.drafts.newest(f"campaign/{name}")
        text = str(draft.content.get("text", ""))
        if not draft.number or text == self.one(name).text:
            return "", ""
        try:
            self.check(text)
        except InputError as error:
            return text, str(error)
        return "", ""

    def audience(self, flow: Flow) -> int:
        """For how many customers a flow's trigger holds now; kept until the next publication."""
        published = self._reading.published
        assert published is not None
        question = (published.publication_id, flow.name, flow.trigger)
        if question not in self._audience_sizes:
            found = candidates(flow, self._tables(), now=published.as_of)
            size: int = self._reading.fetch(found.count().as_table())[0][0].as_py()
            self._audience_sizes[question] = size
        return self._audience_sizes[question]

    def start(self, name: str, *, by: str) -> None:
        """Let a campaign run: from now on the worker sends what is due."""
        self._run(name, True, by)

    def stop(self, name: str, *, by: str) -> None:
        """Let a campaign rest: nobody enters, and nobody on the way gets anything."""
        self._run(name, False, by)

    def _run(self, name: str, is_running: bool, by: str) -> None:
        campaign = self.one(name)
        if campaign.changed_at is None:
            self.save(campaign.text, by=by)
        self._state.campaigns.run(name, is_running, by=by, at=_now())

    def _read(self, text: str) -> Flow:
        try:
            return read_flow(text, channels=CHANNEL_NAMES)
        except RuleError as error:
            if error.kind != "unknown_event":
                raise
            return read_flow(text, channels=CHANNEL_NAMES, own_events=self._audiences.own_events)

    # Deciding

    def decide(self, *, now: datetime) -> Worked:
        """Decide for everyone in every running campaign; what goes out is put in the outbox.

        Args:
            now: naive UTC.

        Raises:
            WorkspaceError: the tables are too old to know what happened meanwhile.
        """
        published = self._reading.published
        running = [campaign.flow for campaign in self.all() if campaign.is_running]
        if running and (published is None or now - published.as_of > OLDEST):
            held = f"{published.as_of:%Y-%m-%d %H:%M} UTC" if published else "no tables"
            raise WorkspaceError(
                message(
                    "The tables are too old to send by: a purchase or complaint may be lacking",
                    got=held,
                    allowed=f"at most {OLDEST.days * 24} hours before {now:%Y-%m-%d %H:%M} UTC",
                    next_step="klantreis import and klantreis run",
                )
            )
        decided: Counter[tuple[str, str, str]] = Counter()
        for flow in running:
            for batch in self._batches(flow, now):
                for known, entries, sent in batch:
                    decided.update(self._decide_one(flow, known, entries, sent, now))
        return Worked(decided)

    def would_get(self, flow: Flow, *, now: datetime) -> WouldGet:
        """Who would get a flow's first message if it went out now, and who is blocked why."""
        found = candidates(flow, self._tables(), now=now)
        ids: list[int] = self._reading.fetch(found)["customer_id"].to_pylist()
        outcomes: Counter[tuple[str, str]] = Counter()
        examples: dict[tuple[str, str], list[int]] = {}
        looked_at = sorted(ids)[:PREVIEWED]
        for known, _, sent in self._gathered(flow, looked_at, now):
            decision = would_get(flow, known, sent, self.policy, now=now)
            outcome = (decision.action, decision.reason)
            outcomes[outcome] += 1
            examples.setdefault(outcome, []).append(known.customer_id)
        few = {outcome: tuple(found[:5]) for outcome, found in examples.items()}
        return WouldGet(len(ids), len(looked_at), outcomes, few)

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
        messages = [self._outbox(flow, known, played.entry, one, now) for one in going]
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

    def _outbox(
        self, flow: Flow, known: Known, entry: Entry, decision: Decision, now: datetime
    ) -> OutboxMessage:
        spoken = str(known.facts.values.get("language") or self._settings.locale)
        languages = flow.letters[decision.letter]
        language = spoken if spoken in languages else next(iter(languages))
        moment = f"{entry.entered_at:%Y%m%dT%H%M%S%f}"
        return OutboxMessage(
            key=f"{flow.name}/{entry.customer_id}/{moment}/{decision.step}",
            campaign=flow.name,
            customer_id=known.customer_id,
            entered_at=entry.entered_at,
            letter=decision.letter,
            is_service=decision.is_service,
            channel=flow.channel,
            recipient=known.email,
            language=language,
            letter_values=self._values(known, entry),
            status="due",
            decided_at=now,
            due_at=now,
            claimed_by="",
            attempts=0,
            changed_at=now,
            note="",
        )

    def _values(self, known: Known, entry: Entry) -> dict[str, str]:
        values = known.facts.values
        name = str(values.get("name") or "")
        return {
            "first_name": name.split(" ")[0],
            "name": name,
            "city": str(values.get("city") or ""),
            "category": str(values.get("preferred_category") or ""),
            "product": self._product(entry.product_id),
            "shop": self._settings.name,
            "shop_url": self._settings.shop_url,
        }

    def _product(self, product_id: str) -> str:
        if not product_id:
            return ""
        products = self._reading.table("products")
        named = products.filter(products["product_id"] == product_id).select("name").limit(1)
        rows = self._reading.rows(named)
        return str(rows[0]["name"] or "") if rows else ""

    # Gathering

    def _tables(self) -> dict[str, Any]:
        return {name: self._reading.table(name) for name in GATHERED}

    def _batches(
        self, flow: Flow, now: datetime
    ) -> Iterator[Iterator[tuple[Known, Sequence[Entry], Sequence[Sent]]]]:
        merged = self._merged()
        active = {entry.customer_id for entry in self._state.campaigns.active(flow.name)}
        found = self._reading.fetch(candidates(flow, self._tables(), now=now))
        ids = {merged.get(number, number) for number in active}
        waiting = iter(sorted(ids.union(found["customer_id"].to_pylist())))
        while batch := list(islice(waiting, BATCH)):
            yield self._gathered(flow, batch, now)

    def _gathered(
        self, flow: Flow, ids: Sequence[int], now: datetime
    ) -> Iterator[tuple[Known, Sequence[Entry], Sequence[Sent]]]:
        """Each customer with their entries and messages, those of merged numbers too."""
        if not ids:
            return
        batch = set(ids)
        before = {old: new for old, new in self._merged().items() if new in batch}
        numbers = [*ids, *before]
        entries: dict[int, list[Entry]] = {}
        for kept in self._state.campaigns.entries_of(numbers):
            whose = before.get(kept.customer_id, kept.customer_id)
            entries.setdefault(whose, []).append(Entry(**asdict(kept)))
        sent: dict[int, list[Sent]] = {}
        for one in self._state.campaigns.messages_of(numbers):
            whose = before.get(one.customer_id, one.customer_id)
            told = Sent(one.campaign, one.entered_at, one.letter, one.is_service, one.decided_at)
            sent.setdefault(whose, []).append(told)
        for known in self._known(flow, ids, before, now):
            number = known.customer_id
            yield known, entries.get(number, []), sent.get(number, [])

    def _known(
        self, flow: Flow, ids: Sequence[int], before: Mapping[int, int], now: datetime
    ) -> list[Known]:
        customers, addresses = self._state.campaigns.withdrawn()
        withdrawn = {before.get(number, number) for number in customers}
        back = horizon(flow)
        table = pa.table({"customer_id": pa.array(ids, pa.int64())})
        return known_customers(
            self._reading.engine.table(table),
            self._tables(),
            self._reading.rows,
            since=now - back if back else datetime(1970, 1, 1),
            now=now,
            withdrawn=lambda number, email: number in withdrawn or email in addresses,
        )

    def _merged(self) -> dict[int, int]:
        rows = self._reading.rows(self._reading.table("customer_merges"))
        return {row["old_customer_id"]: row["customer_id"] for row in rows}

    # Messages

    def outgoing(self, queued: OutboxMessage) -> Outgoing:
        """Write a message of the outbox, as it goes out now."""
        flow = self.one(queued.campaign).flow
        url = "" if queued.is_service else self.unsubscribe_url(queued.customer_id)
        letter = Letter(**flow.letter(queued.letter, queued.language))
        mail = self._rendered(letter, queued.letter_values, queued.language, url)
        return Outgoing(
            key=queued.key,
            campaign=queued.campaign,
            template=queued.letter,
            customer_id=queued.customer_id,
            recipient=queued.recipient,
            name=str(queued.letter_values.get("name", "")),
            language=queued.language,
            subject=mail.subject,
            html=mail.html,
            text=mail.text,
            unsubscribe_url=url,
        )

    def example(self, flow: Flow, letter: str, language: str) -> Rendered:
        """A letter as it would look, to a customer who is clearly made up."""
        values = {
            "first_name": "Sanne",
            "name": "Sanne Voorbeeld",
            "city": "Utrecht",
            "category": "",
            "product": "Eettafel Voorbeeld" if language == "nl" else "Example dining table",
            "shop": self._settings.name,
            "shop_url": self._settings.shop_url or "https://example.com",
        }
        url = f"{self._settings.public_url}/unsubscribe/example"
        return self._rendered(Letter(**flow.letter(letter, language)), values, language, url)

    def _rendered(
        self, letter: Letter, values: Mapping[str, Any], language: str, url: str
    ) -> Rendered:
        shop = self._settings.name
        return render(letter, values, shop=shop, language=language, unsubscribe_url=url)

    # Consent

    def unsubscribe_url(self, customer_id: int) -> str:
        """Where one click ends marketing messages to a customer."""
        return f"{self._settings.public_url}/unsubscribe/{self._token(customer_id)}"

    def withdraw(self, token: str, *, way: str) -> bool:
        """Note that a customer wants no more marketing messages.

        Args:
            token: the last part of `unsubscribe_url`.
            way: how it was said: `one_click` or `page`.

        Returns:
            False when the token is not one of ours; then nothing is changed.
        """
        number = token.split("-")[0]
        if not number.isdigit() or not hmac.compare_digest(token, self._token(int(number))):
            return False
        customer_id = int(number)
        sent = self._state.campaigns.messages_of([customer_id])
        for recipient in {one.recipient for one in sent} or {""}:
            self._state.campaigns.withdraw(customer_id, recipient, way=way, at=_now())
        return True

    def has_withdrawn(self, queued: OutboxMessage) -> bool:
        """Whether the receiver of a message withdrew since it was decided."""
        customers, addresses = self._state.campaigns.withdrawn()
        return queued.customer_id in customers or queued.recipient in addresses

    def _token(self, customer_id: int) -> str:
        secret = self._state.campaigns.secret("unsubscribe").encode()
        mark = hmac.new(secret, str(customer_id).encode(), hashlib.sha256).hexdigest()[:32]
        return f"{customer_id}-{mark}"


def _kept(entry: Entry) -> CampaignEntry:
    return CampaignEntry(**asdict(entry))


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
