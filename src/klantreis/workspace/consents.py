"""What customers allow: as their sources say, as one of us wrote down, and as they clicked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.errors import InputError, NotFoundError, message
from klantreis.state import State, StatedConsent
from klantreis.tables import TABLES
from klantreis.workspace.accounts import utc_now
from klantreis.workspace.reading import Reading

__all__ = ["CONSENT_PURPOSES", "Consent", "Consents"]

CONSENT_PURPOSES = TABLES["consents"].column("purpose").allowed
EMAIL = "email_marketing"
BY_HAND, UNSUBSCRIBED = "klantreis", "unsubscribe"


@dataclass(frozen=True)
class Consent:
    """A yes or no to a purpose.

    Attributes:
        source: folder of the exports that it stands in; `klantreis` when one of us wrote it down,
            `unsubscribe` when the customer clicked so in a mail.
        heard_by, note, entered_by: of one that was written down.
        person_id: the record that it stands with; empty for what was said to ourselves.
    """

    purpose: str
    is_granted: bool
    stated_at: datetime
    source: str
    heard_by: str = ""
    note: str = ""
    entered_by: str = ""
    person_id: str = ""


class Consents:
    """Reads and writes what customers allow; the strictest of all sources holds, at once.

    Args:
        reading: the published tables.
        state: what was written down and clicked.
    """

    def __init__(self, reading: Reading, state: State) -> None:
        self._reading, self._state = reading, state

    def of(self, customer_id: int) -> tuple[Consent, ...]:
        """Every yes and no of a customer, newest first."""
        consents, links = self._reading.table("consents"), self._reading.table("links")
        own = links.filter(links["customer_id"] == customer_id).select("person_id")
        numbers = self._numbers(customer_id)
        stated = [
            *(
                Consent(
                    row["purpose"],
                    row["is_granted"],
                    row["stated_at"],
                    row["source"],
                    person_id=row["person_id"],
                )
                for row in self._reading.rows(consents.semi_join(own, "person_id"))
            ),
            *(
                Consent(
                    one.purpose,
                    one.is_granted,
                    one.stated_at,
                    BY_HAND,
                    one.heard_by,
                    one.note,
                    one.entered_by,
                )
                for one in self._state.consents.of(numbers)
            ),
            *(
                Consent(EMAIL, False, withdrawn_at, UNSUBSCRIBED)
                for withdrawn_at in self._state.campaigns.withdrawals_of(numbers)
            ),
        ]
        return tuple(sorted(stated, key=lambda one: (one.stated_at, one.source), reverse=True))

    def purposes(self) -> tuple[str, ...]:
        """The purposes that anybody said yes or no to, in a source or to us."""
        consents = self._reading.table("consents")
        in_sources = self._reading.remembered(
            ("stated purposes",),
            lambda: frozenset(
                row["purpose"] for row in self._reading.rows(consents.select("purpose").distinct())
            ),
        )
        stated = in_sources | self._state.consents.purposes()
        return tuple(purpose for purpose in CONSENT_PURPOSES if purpose in stated)

    def may(self, customer_id: int, purpose: str) -> bool:
        """Whether a customer may be served for a purpose: the strictest of what each record of
        theirs last said, and they to us; no when nothing was ever stated."""
        last: dict[tuple[str, str], Consent] = {}
        for one in self.of(customer_id):
            if one.purpose == purpose:
                place = (one.source, one.person_id)
                held = last.setdefault(place, one)
                # Two statements at the same moment: the no counts.
                if held.stated_at == one.stated_at and not one.is_granted:
                    last[place] = one
        return bool(last) and all(one.is_granted for one in last.values())

    def state(
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
        """Write down what a customer said; it holds at once, and what stood there before stays.

        Args:
            on: day on which the customer said so.
            heard_by: how we came to know: a call, a letter, at the till ...
            by: who writes it down.

        Raises:
            InputError: an unknown purpose, a day to come, or not said how it was heard.
            NotFoundError: there is no such customer.
        """
        self._refuse_wrong(purpose, on, heard_by)
        now = utc_now()
        # Noon is on the same day in every time zone that we serve.
        stated_at = now if on >= now.date() else datetime.combine(on, time(12))
        self._state.consents.add(
            StatedConsent(
                customer_id,
                self._address(customer_id),
                purpose,
                is_granted,
                stated_at,
                heard_by.strip()[:100],
                note.strip()[:500],
                now,
                by,
            )
        )

    def refused(self) -> tuple[frozenset[int], frozenset[str]]:
        """Customers and addresses that are not mailed, whatever the tables say."""
        _, stated, addresses = self._state.consents.last_words(EMAIL)
        withdrawn, clicked = self._state.campaigns.withdrawn()
        return stated | withdrawn, addresses | clicked

    def strictest(
        self, tables: Mapping[str, ir.Table], *, with_permissions: bool = True
    ) -> dict[str, ir.Table]:
        """The same tables, in which nobody may be mailed who said no since they were made.

        With `portraits` come `permissions`: which customer allows which other purpose, now.

        Args:
            tables: by name.
            with_permissions: whether they are asked for; writing that question takes a while.
        """
        is_told = with_permissions and "portraits" in tables
        more = {"permissions": self._permissions()} if is_told else {}
        customers, addresses = self.refused()
        if not (customers or addresses):
            return {**tables, **more}
        merged = self._merged()
        numbers = sorted({merged.get(number, number) for number in customers})
        said_no = pa.table({"customer_id": pa.array(numbers, pa.int64())})
        told_no = pa.table({"email": pa.array(sorted(addresses), pa.string())})
        by_number = self._reading.engine.table(said_no).mutate(by_number=True)
        by_address = self._reading.engine.table(told_no).mutate(by_address=True)

        def masked(table: ir.Table) -> ir.Table:
            known = table.left_join(by_number, "customer_id").drop("customer_id_right")
            known = known.left_join(by_address, "email").drop("email_right")
            is_free = known["by_number"].isnull() & known["by_address"].isnull()
            may = ibis.and_(known["may_email"], is_free)
            return known.mutate(may_email=may).drop("by_number", "by_address")

        return {
            name: masked(table) if "may_email" in table.columns else table
            for name, table in {**tables, **more}.items()
        }

    def _permissions(self) -> ir.Table:
        """Who allows what, besides mail: by the strictest of what each record last said, and they
        to us. Columns `customer_id` and `purpose`."""
        consents, links = self._reading.table("consents"), self._reading.table("links")
        others = consents.filter(consents["purpose"] != EMAIL)
        last = others.group_by("person_id", "purpose").aggregate(
            stated_at=others["stated_at"].max()
        )
        latest = others.semi_join(last, ["person_id", "purpose", "stated_at"])
        owned = latest.join(links.select("person_id", "customer_id"), "person_id")
        said = owned.select("customer_id", "purpose", "is_granted")
        ours = self._said_to_us()
        if ours is not None:
            said = said.union(ours)
        whole = said.group_by("customer_id", "purpose").aggregate(
            is_allowed=said["is_granted"].all()
        )
        return whole.filter(whole["is_allowed"]).select("customer_id", "purpose")

    def _said_to_us(self) -> ir.Table | None:
        """What customers last said to us of the other purposes, by their numbers of now."""
        told = [
            (number, purpose, is_granted)
            for purpose in CONSENT_PURPOSES
            if purpose != EMAIL
            for is_granted, numbers in zip(
                (True, False), self._state.consents.last_words(purpose)[:2], strict=True
            )
            for number in sorted(numbers)
        ]
        if not told:
            return None
        merged = self._merged()
        return self._reading.engine.table(
            pa.table(
                {
                    "customer_id": pa.array(
                        [merged.get(one, one) for one, _, _ in told], pa.int64()
                    ),
                    "purpose": pa.array([purpose for _, purpose, _ in told], pa.string()),
                    "is_granted": pa.array([is_granted for _, _, is_granted in told], pa.bool_()),
                }
            )
        )

    def _refuse_wrong(self, purpose: str, on: date, heard_by: str) -> None:
        if purpose not in CONSENT_PURPOSES:
            allowed = ", ".join(CONSENT_PURPOSES)
            raise InputError(message("Unknown purpose", got=repr(purpose), allowed=allowed))
        # Somewhere it is tomorrow already.
        latest = utc_now().date() + timedelta(days=1)
        if on > latest:
            raise InputError(
                message("A customer cannot have said it yet", got=str(on), allowed=f"to {latest}")
            )
        if not heard_by.strip():
            raise InputError(
                message("Say how we came to know", where="source", got="nothing", allowed="a text")
            )

    def _address(self, customer_id: int) -> str:
        customers = self._reading.table("customers")
        rows = self._reading.rows(customers.filter(customers["customer_id"] == customer_id))
        if not rows:
            raise NotFoundError(message("Unknown customer", got=str(customer_id)))
        return str(rows[0]["email"] or "")

    def _numbers(self, customer_id: int) -> tuple[int, ...]:
        before = (old for old, now in self._merged().items() if now == customer_id)
        return (customer_id, *before)

    def _merged(self) -> dict[int, int]:
        rows = self._reading.rows(self._reading.table("customer_merges"))
        return {row["old_customer_id"]: row["customer_id"] for row in rows}
