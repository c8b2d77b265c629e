"""Which customer is meant: by number, record, or anything that points to one."""

from __future__ import annotations

from functools import lru_cache

import ibis.expr.types as ir
import pyarrow as pa

from klantreis.errors import InputError, NotFoundError, message
from klantreis.identity.lookup_forms import KINDS, Forms
from klantreis.workspace.reading import Reading

__all__ = ["CustomerFinding"]

NUMBERS_NAMED = 5
LONGEST_NUMBER = 18  # digits that fit in the column


@lru_cache(maxsize=1)
def _forms() -> Forms:
    return Forms()


class CustomerFinding:
    """Finds the number of a customer in the published tables.

    Args:
        reading: the published tables.
        country: ISO code; a national telephone number is meant so.
    """

    def __init__(self, reading: Reading, country: str) -> None:
        self._reading, self._country = reading, country

    def number(self, who: int | str, kind: str) -> int:
        """The number under which a customer is known now.

        Args:
            who: a customer's number, or a text: an identifier of any kind as it is written, a
                record as `shopify:1001`, or else the digits of a number.
            kind: of the identifier; by default any.

        Raises:
            InputError: this is nothing to look for, or points to several customers.
            NotFoundError: it points to nobody.
        """
        if isinstance(who, bool) or not isinstance(who, int | str):
            allowed = "a customer's number, or a text as 'ann@voorbeeld.nl'"
            raise InputError(message("This is no customer", got=repr(who), allowed=allowed))
        if kind and (kind not in KINDS or isinstance(who, int)):
            got = repr(kind) if kind not in KINDS else f"{kind!r} of the number {who}"
            allowed = f"{', '.join(KINDS)}, each of a text"
            raise InputError(message("Unknown kind of identifier", got=got, allowed=allowed))
        if isinstance(who, int):
            return self._one({who}, str(who))
        text = who.strip()
        if not text:
            raise InputError(message("This is no customer", got=repr(who), allowed="a text"))
        found = self._stating(text, (kind,) if kind else KINDS)
        if not (found or kind):
            found = self._of_record(text)
        if not (found or kind) and text.isdecimal() and len(text) <= LONGEST_NUMBER:
            found = {int(text)}
        return self._one(found, text)

    def current(self, number: int) -> int | None:
        """The number under which a customer is known now; None when nobody ever had this one."""
        if not -(2**63) <= number < 2**63:
            return None
        merges, customers = self._reading.table("customer_merges"), self._reading.table("customers")
        went = self._numbers(
            merges.filter(merges["old_customer_id"] == number).select("customer_id")
        )
        current = next(iter(went), number)
        own = customers.filter(customers["customer_id"] == current).select("customer_id")
        return current if self._numbers(own) else None

    def _stating(self, text: str, kinds: tuple[str, ...]) -> set[int]:
        """The customers of whom a record states this."""
        forms = [
            (kind, *_forms().value(kind, text, self._country))
            for kind in kinds
            if kind != "customer_number" or ":" in text
        ]
        wanted = [(kind, form) for kind, form, is_junk in forms if form and not is_junk]
        if not wanted:
            return set()
        asked = pa.table(
            {
                "kind": pa.array([kind for kind, _ in wanted], pa.string()),
                "value": pa.array([form for _, form in wanted], pa.string()),
            }
        )
        stated, links = self._reading.table("stated_identifiers"), self._reading.table("links")
        such = stated.semi_join(self._reading.engine.table(asked), ["kind", "value"])
        owners = links.semi_join(such, "person_id").select("customer_id").distinct()
        return self._numbers(owners)

    def _of_record(self, text: str) -> set[int]:
        links = self._reading.table("links")
        return self._numbers(links.filter(links["person_id"] == text).select("customer_id"))

    def _numbers(self, owners: ir.Table) -> set[int]:
        rows = self._reading.rows(owners)
        return {row["customer_id"] for row in rows if row["customer_id"] is not None}

    def _one(self, numbers: set[int], asked: str) -> int:
        if len(numbers) > 1:
            named = ", ".join(map(str, sorted(numbers)[:NUMBERS_NAMED]))
            rest = len(numbers) - NUMBERS_NAMED
            told = f"{named} and {rest} more" if rest > 0 else named
            raise InputError(
                message(
                    "This points to several customers",
                    got=repr(asked),
                    allowed=f"one of the numbers {told}",
                    next_step="ask by a number, or give the kind of identifier",
                )
            )
        current = self.current(next(iter(numbers))) if numbers else None
        if current is None:
            raise NotFoundError(
                message(
                    "This points to no customer",
                    got=repr(asked),
                    allowed="a customer's number, a record as 'shopify:1001', or an identifier that a record states: "
                    + ", ".join(KINDS),
                    next_step="klantreis who finds by name and address too",
                )
            )
        return current
