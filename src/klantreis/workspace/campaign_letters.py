"""Letters of campaigns: as they go out, as an example, and the one click that ends them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from klantreis.campaigns import Decision, Entry, Flow, Known
from klantreis.channels import Letter, Outgoing, Rendered, render
from klantreis.settings import Settings
from klantreis.state import OutboxMessage, State
from klantreis.workspace.consents import Consents
from klantreis.workspace.drafting import now as this_moment
from klantreis.workspace.live_facts import LiveFacts
from klantreis.workspace.reading import Reading

__all__ = ["LETTER_NAMES", "CampaignLetters"]

LETTER_NAMES = ("first_name", "name", "city", "category", "product", "shop", "shop_url")

NAMES_KEPT = 10_000


class CampaignLetters:
    """Writes messages, and knows who wants none any more.

    Args:
        reading: the published tables.
        live: what was collected since.
        state: keeps the outbox and withdrawals.
        settings: of the workspace.
    """

    def __init__(self, reading: Reading, live: LiveFacts, state: State, settings: Settings) -> None:
        self._reading, self._live = reading, live
        self._state, self._settings = state, settings
        self._consents = Consents(reading, state)
        self._product_names: dict[tuple[int, str], str] = {}

    def queued(
        self, flow: Flow, known: Known, entry: Entry, decision: Decision, now: datetime
    ) -> OutboxMessage:
        """The message of a decision, as it is put in the outbox."""
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
        published = self._reading.published
        asked = (published.publication_id if published else 0, product_id)
        if asked not in self._product_names:
            if len(self._product_names) >= NAMES_KEPT:
                self._product_names.clear()
            products = self._reading.table("products")
            named = products.filter(products["product_id"] == product_id).select("name").limit(1)
            rows = self._reading.rows(named)
            self._product_names[asked] = str(rows[0]["name"] or "") if rows else ""
        return self._product_names[asked]

    def outgoing(self, flow: Flow, queued: OutboxMessage) -> Outgoing:
        """Write a message of the outbox, as it goes out now."""
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

    def example(self, letter: Letter, language: str) -> Rendered:
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
        return self._rendered(letter, values, language, url)

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
        sent = self._state.outbox.messages_of([customer_id])
        for recipient in {one.recipient for one in sent} or {""}:
            self._state.campaigns.withdraw(customer_id, recipient, way=way, at=this_moment())
        return True

    def has_withdrawn(self, queued: OutboxMessage) -> bool:
        """Whether the receiver of a message withdrew since it was decided."""
        customers, addresses = self._consents.refused()
        if queued.customer_id in customers or queued.recipient in addresses:
            return True
        return self._live.collected.refuses(queued.customer_id, queued.recipient)

    def _token(self, customer_id: int) -> str:
        secret = self._state.campaigns.secret("unsubscribe").encode()
        mark = hmac.new(secret, str(customer_id).encode(), hashlib.sha256).hexdigest()[:32]
        return f"{customer_id}-{mark}"
