"""Audiences: customers by a rule in the condition language, asked once or saved under a name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis.expr.types as ir

from klantreis.campaigns import Flow, read_flow
from klantreis.channels import CHANNEL_NAMES
from klantreis.errors import (
    ConflictError,
    FieldError,
    InputError,
    NotFoundError,
    RuleError,
    message,
)
from klantreis.rules import STATED_AS, Completion, Rule, completions, parse
from klantreis.state import SavedAudience, State
from klantreis.workspace.audience_history import AudienceHistory, AudienceMoves, AudiencePoint
from klantreis.workspace.audience_lists import LISTED, as_hashed, as_list
from klantreis.workspace.audience_members import AudienceMembers
from klantreis.workspace.audience_sizes import AudienceEstimate, AudienceSize, AudienceSizes
from klantreis.workspace.consents import Consents
from klantreis.workspace.drafting import now as this_moment
from klantreis.workspace.reading import Reading
from klantreis.workspace.rule_names import RuleNames
from klantreis.workspace.rule_strangers import Stranger, strangers
from klantreis.workspace.saved_rules import SavedRules, asked_for

__all__ = ["AudienceUse", "Audiences"]

NAME = re.compile(r"\w[\w .&+-]{0,59}")
DESCRIPTION_AT_MOST = 300


@dataclass(frozen=True)
class AudienceUse:
    """Where a saved audience is used: names of other audiences and of campaigns."""

    audiences: tuple[str, ...]
    campaigns: tuple[str, ...]


class Audiences:
    """Who a rule is about.

    Args:
        reading: the published tables.
        state: keeps saved audiences, and knows who withdrew consent.
        kept: keeps who was in them.

    Attributes:
        consents: what customers allow now.
    """

    def __init__(self, reading: Reading, state: State, kept: AudienceMembers) -> None:
        self._reading, self._state = reading, state
        self.consents = Consents(reading, state)
        self._names = RuleNames(reading)
        self._counts = AudienceSizes(reading, self.consents)
        self._history = AudienceHistory(reading, state, self._counts, kept)

    # Rules

    def rule(self, text: str, *, of: str = "") -> Rule:
        """Read a rule; events of this shop's own and saved audiences may be asked for too.

        Args:
            text: the rule.
            of: the saved audience that it is to be; it cannot rest on what rests on it.

        Raises:
            RuleError: it is no rule; says at which character.
        """
        saved = self.saved_rules()
        circular = {of, *self._resting_on(of, saved)} if of else ()
        return self._parsed(text, saved, circular)

    def complete(self, text: str, position: int | None = None) -> tuple[Completion, ...]:
        """What may stand at a place of a rule that is being written.

        Args:
            text: the rule so far.
            position: of the cursor, from 0; by default the end.
        """
        at = len(text) if position is None else min(max(position, 0), len(text))
        is_there = self._reading.published is not None
        return completions(
            text,
            at,
            own_events=self.own_events if is_there else (),
            audiences=self.saved_rules(),
            values=self._offered if is_there else lambda kind, of: (),
        )

    def strangers(self, text: str) -> tuple[Stranger, ...]:
        """The names in a rule that nobody has, with those that there are: `segment('kampioenen')`.

        Raises:
            RuleError: it is no rule.
        """
        return strangers(self.rule(text), self._names)

    @property
    def purposes(self) -> Mapping[str, str]:
        """What rules can ask a consent for that anybody here said yes or no to: the name in a rule
        (`sms`) and that in the table `consents` (`sms_marketing`)."""
        stated = self.consents.purposes()
        return {name: purpose for name, purpose in STATED_AS.items() if purpose in stated}

    def _offered(self, kind: str, of: str) -> tuple[str, ...]:
        return tuple(self.purposes) if kind == "consent" else self._names.of(kind, of)

    def saved_rules(self) -> Mapping[str, Rule]:
        """The rule of each saved audience by name; read when it is asked for."""
        texts = {one.name: one.rule for one in self._state.audiences.all()}
        return SavedRules(texts, self._parsed)

    def flow(self, text: str) -> Flow:
        """Read a flow, whose rules may ask for the same.

        Raises:
            InputError: something in it is wrong; says what, where, and what is allowed.
        """
        saved = self.saved_rules()
        try:
            return read_flow(text, channels=CHANNEL_NAMES, audiences=saved)
        except FieldError:
            if self._reading.published is None:
                raise
            own = self.own_events
            return read_flow(text, channels=CHANNEL_NAMES, own_events=own, audiences=saved)

    def _parsed(self, text: str, saved: Mapping[str, Rule], circular: Collection[str] = ()) -> Rule:
        try:
            return parse(text, audiences=saved, circular=circular)
        except RuleError as error:
            if error.kind != "unknown_event":
                raise
            return parse(text, own_events=self.own_events, audiences=saved, circular=circular)

    @staticmethod
    def _resting_on(name: str, saved: Mapping[str, Rule]) -> tuple[str, ...]:
        """The saved audiences whose rules ask for this one, themselves or through another."""
        return tuple(other for other, rule in saved.items() if name in asked_for(rule))

    # Saved audiences

    def saved(self) -> tuple[SavedAudience, ...]:
        """All saved audiences, by name."""
        return self._state.audiences.all()

    def one(self, name: str) -> SavedAudience:
        """A saved audience.

        Raises:
            NotFoundError: there is none of that name.
        """
        every = self.saved()
        for audience in every:
            if audience.name == name:
                return audience
        allowed = ", ".join(one.name for one in every) or "none is saved yet"
        raise NotFoundError(message("Unknown audience", got=repr(name), allowed=allowed))

    def save(self, name: str, rule: str, *, description: str = "", by: str) -> SavedAudience:
        """Keep a rule under a name, in the place of what was kept there; campaigns follow at once.

        Raises:
            InputError: the name or description does not fit.
            RuleError: the rule is none, or rests on itself through other audiences.
        """
        name, description = name.strip(), " ".join(description.split())
        if not NAME.fullmatch(name):
            allowed = "1 to 60 letters, digits, spaces and . & + - _"
            raise InputError(message("No name for an audience", got=repr(name), allowed=allowed))
        alike = [one.name for one in self.saved() if one.name.casefold() == name.casefold()]
        if alike and alike != [name]:
            raise InputError(
                message("There is an audience of this name", got=repr(name), allowed=repr(alike[0]))
            )
        if len(description) > DESCRIPTION_AT_MOST:
            allowed = f"at most {DESCRIPTION_AT_MOST} characters"
            got = f"{len(description)} characters"
            raise InputError(message("The description is too long", got=got, allowed=allowed))
        self.rule(rule, of=name)
        audience = SavedAudience(name, description, rule.strip(), this_moment(), by)
        self._state.audiences.save(audience)
        self._history.keep({name: self.rule(rule)})
        return audience

    def remove(self, name: str) -> None:
        """Drop a saved audience.

        Raises:
            NotFoundError: there is none of that name.
            ConflictError: another audience or a campaign asks for it.
        """
        self.one(name)
        use = self.use(name)
        where = ", ".join((*use.audiences, *use.campaigns))
        if where:
            raise ConflictError(
                message(
                    "The audience is in use",
                    where=where,
                    got=repr(name),
                    next_step="change those first",
                )
            )
        self._state.audiences.remove(name)
        self._history.forget_others(self.saved_rules())

    def history(self, name: str) -> tuple[AudiencePoint, ...]:
        """How large a saved audience was when it was saved and at each run since, oldest first.

        With how many customers came in and left since the run before.

        Raises:
            NotFoundError: there is none of that name.
        """
        text = self.one(name).rule
        try:
            return self._history.of(name, self.rule(text))
        except InputError:
            return self._history.of(name, None)

    def moves(self, name: str, at: datetime | None = None) -> AudienceMoves | None:
        """Who came into a saved audience and who left it at a run; None when that was not kept.

        Args:
            name: the audience, by the rule that it has now.
            at: moment of the run, as in `history`; by default the last one.

        Raises:
            NotFoundError: there is no audience of that name.
        """
        try:
            return self._history.moves(self.rule(self.one(name).rule), at)
        except RuleError:
            return None

    def came(self, name: str, at: datetime | None = None) -> ir.Table:
        """The customers who came into a saved audience at a run: with `customer_id` and `name`.

        Args:
            name, at: as in `moves`.

        Raises:
            NotFoundError: there is no audience of that name, or it was not kept who came.
        """
        return self._history.passed(self.rule(self.one(name).rule), at, came=True)

    def left(self, name: str, at: datetime | None = None) -> ir.Table:
        """The customers who left a saved audience at a run: with `customer_id` and `name`.

        Args:
            name, at: as in `moves`.

        Raises:
            NotFoundError: there is no audience of that name, or it was not kept who left.
        """
        return self._history.passed(self.rule(self.one(name).rule), at, came=False)

    def keep_sizes(self) -> None:
        """Ask every saved audience of the published tables and keep the answer for its history."""
        rules = self.saved_rules()
        self._history.keep(rules)
        self._history.forget_others(rules)

    def use(self, name: str) -> AudienceUse:
        """Where a saved audience is asked for, by itself or through another.

        Args:
            name: of the audience.

        Returns:
            The names of other audiences and of campaigns; empty when nothing asks for it.
        """
        saved = self.saved_rules()
        campaigns = [
            kept.name
            for kept in self._state.campaigns.flows()
            if any(name in asked_for(rule) for rule in self.flow(kept.flow).rules)
        ]
        return AudienceUse(self._resting_on(name, saved), tuple(campaigns))

    # Customers

    def members(self, rule: str | Rule, *, now: datetime | None = None) -> ir.Table:
        """The customers for whom a rule holds: a table with `customer_id`.

        Args:
            rule: the rule, or its text.
            now: where windows end (naive UTC); by default up to when the tables hold.

        Returns:
            An Ibis expression, one row a customer: join it with any table that has `customer_id`.

        Raises:
            RuleError: the text is no rule; says at which character.
        """
        return self._counts.members(self._understood(rule), now)

    def count(self, rule: str | Rule, *, now: datetime | None = None) -> int:
        """How many customers a rule is about.

        Args:
            rule, now: as in `members`.

        Raises:
            RuleError: the text is no rule; says at which character.
        """
        members = self.members(rule, now=now)
        found: int = self._reading.fetch(members.count().as_table())[0][0].as_py()
        return found

    def size(self, rule: str | Rule) -> AudienceSize:
        """How large an audience is now; kept until tables or consents change.

        Args:
            rule: the rule, or its text.

        Returns:
            Customers, how many of them may be mailed, and what they bought in EUR.

        Raises:
            RuleError: the text is no rule; says at which character.
        """
        return self._counts.size(self._understood(rule))

    def soon(self, rule: str | Rule) -> AudienceSize | AudienceEstimate:
        """How large an audience is, within a moment.

        A rule that reads many moments is first estimated from one customer in twenty, until `size`
        has counted it.
        """
        return self._counts.soon(self._understood(rule))

    def estimate(self, rule: str | Rule) -> AudienceEstimate:
        """About how large an audience is, by one customer in twenty.

        Args:
            rule: the rule, or its text.

        Returns:
            The number with its 95 % interval (Wilson), and how many of the sample it rests on.

        Raises:
            RuleError: the text is no rule; says at which character.
        """
        return self._counts.estimate(self._understood(rule))

    def _understood(self, rule: str | Rule) -> Rule:
        return self.rule(rule) if isinstance(rule, str) else rule

    def listed(self, rule: str | Rule) -> bytes:
        """The customers of a rule as a list, with who may be mailed now.

        Args:
            rule: the rule, or its text.

        Returns:
            CSV with commas in UTF-8 and a heading; `may_email` is `yes` or `no`.

        Raises:
            RuleError: the text is no rule; says at which character.
        """
        return self.listed_members(self.members(rule))

    def listed_members(self, members: ir.Table) -> bytes:
        """As `listed`, of any table with `customer_id`."""
        return as_list(self._contacts(members))

    def hashed(self, rule: str | Rule, platform: str) -> bytes:
        """The customers of a rule as an advertising platform takes them in; see `hashed_audience`.

        Only those who may be mailed: we take a no to mail as a no to advertising lists.

        Args:
            rule: the rule, or its text.
            platform: `google`, `meta` or `tiktok`.

        Returns:
            CSV with the platform's own headings, hashed as it asks; who has neither e-mail address
            nor telephone number is not in it.

        Raises:
            RuleError: the text is no rule; says at which character.
            NotFoundError: there is no such platform.
        """
        return as_hashed(self._contacts(self.members(rule)), platform)

    def _contacts(self, members: ir.Table) -> Iterator[dict[str, Any]]:
        """Customers as rows; who withdrew since the tables were made may not be mailed."""
        customers = self._table("customers")
        found = customers.semi_join(members, "customer_id").order_by("customer_id")
        yield from self._reading.rows(found.select(*LISTED, "postcode", "may_email"))

    def _table(self, name: str) -> ir.Table:
        return self.consents.strictest({name: self._reading.table(name)})[name]

    @property
    def own_events(self) -> frozenset[str]:
        """Names of the events that are in the timeline."""
        return frozenset(self._names.of("event", ""))
