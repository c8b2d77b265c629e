"""Campaigns: their flows, who gets what and why not, and what goes out."""

from __future__ import annotations

from datetime import datetime

from klantreis.campaigns import LETTER_FIELDS, Flow, LetterFields, Policy
from klantreis.channels import Letter, Outgoing, Rendered, check_letter
from klantreis.settings import Settings
from klantreis.state import OutboxMessage, State
from klantreis.workspace.audiences import Audiences
from klantreis.workspace.campaign_deciding import CampaignDeciding, Worked, WouldGet
from klantreis.workspace.campaign_facts import CampaignFacts
from klantreis.workspace.campaign_flows import CampaignFlows
from klantreis.workspace.campaign_letters import LETTER_NAMES, CampaignLetters
from klantreis.workspace.live_facts import LiveFacts
from klantreis.workspace.reading import Reading

__all__ = ["Campaigns"]


class Campaigns(CampaignFlows):
    """Everything that can be asked of campaigns, and done with them.

    Args:
        reading: the published tables.
        live: what was collected since.
        audiences: knows the events of this shop.
        state: keeps flows, entries, log and outbox.
        settings: of the workspace.
    """

    def __init__(
        self,
        reading: Reading,
        live: LiveFacts,
        audiences: Audiences,
        state: State,
        settings: Settings,
    ) -> None:
        super().__init__(audiences, state)
        self._letters = CampaignLetters(reading, live, state, settings)
        facts = CampaignFacts(reading, live, state)
        self._deciding = CampaignDeciding(reading, facts, self._letters, state, settings)

    def decide(self, *, now: datetime) -> Worked:
        """Decide for everyone in every running campaign, by the published tables and what was
        collected since; what goes out is put in the outbox.

        Args:
            now: naive UTC.

        Raises:
            WorkspaceError: the tables are too old to know what happened meanwhile.
        """
        running = [campaign.flow for campaign in self.all() if campaign.is_running]
        return self._deciding.decide(running, now=now)

    def daytime(self, moment: datetime) -> datetime:
        """The moment itself (naive UTC), or when it falls in the quiet hours of the shop, their end."""
        return self._deciding.daytime(moment)

    def would_get(self, flow: Flow, *, now: datetime) -> WouldGet:
        """Who would get a flow's first message if it went out now, and who is blocked why.

        Args:
            flow: as `check` or `one` give it.
            now: naive UTC.

        Returns:
            How many the trigger holds for, and of those that were looked at (the first by number,
            when they are many) how many for each outcome and reason, with a few examples.
        """
        return self._deciding.would_get(flow, now=now)

    def audience(self, flow: Flow) -> int:
        """For how many customers a flow's trigger holds now; kept until the next publication."""
        return self._deciding.audience(flow)

    @property
    def policy(self) -> Policy:
        """What holds for all campaigns of this shop."""
        return self._deciding.policy

    def outgoing(self, queued: OutboxMessage) -> Outgoing:
        """Write a message of the outbox, as it goes out now."""
        return self._letters.outgoing(self.one(queued.campaign).flow, queued)

    def example(self, flow: Flow, letter: str, language: str) -> Rendered:
        """A letter as it would look, to a customer who is clearly made up.

        Args:
            flow: that it is of.
            letter: its name in the flow.
            language: `nl` or `en`.
        """
        return self._letters.example(Letter(**flow.letter(letter, language)), language)

    def letter_example(self, fields: LetterFields) -> Rendered:
        """The same of a letter that is being written.

        Raises:
            InputError: it is not right yet; says what is wrong.
        """
        texts = {name: getattr(fields, name) for name in LETTER_FIELDS}
        letter = Letter(**texts)
        check_letter(letter, LETTER_NAMES)
        return self._letters.example(letter, fields.language)

    def unsubscribe_url(self, customer_id: int) -> str:
        """Where one click ends marketing messages to a customer."""
        return self._letters.unsubscribe_url(customer_id)

    def withdraw(self, token: str, *, way: str) -> bool:
        """Note that a customer wants no more marketing messages; see `CampaignLetters.withdraw`."""
        return self._letters.withdraw(token, way=way)

    def has_withdrawn(self, queued: OutboxMessage) -> bool:
        """Whether the receiver of a message withdrew since it was decided."""
        return self._letters.has_withdrawn(queued)
