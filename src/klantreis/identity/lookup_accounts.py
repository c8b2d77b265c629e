"""Whether a record has another value than a customer of a kind of which a customer has one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from klantreis.identity.lookup_rows import LookupRows, fingerprint
from klantreis.identity.lookup_ties import Given
from klantreis.identity.statements import UNFIT

__all__ = ["Accounts"]


@dataclass(frozen=True)
class Accounts:
    """What a record states of the kinds of which a customer has one, beside what customers have.

    Attributes:
        own: by fingerprint of the kind, that of the value.
    """

    rows: LookupRows
    own: Mapping[int, int]

    @classmethod
    def stated(cls, rows: LookupRows, given: Sequence[Given], said: Mapping[str, Any]) -> Accounts:
        """What a record states; values that point to many or to nobody are nobody's own."""
        unique = rows.facts["unique"]
        own = {}
        for one in given:
            if one.kind in unique and one.reason not in UNFIT:
                kind = one.kind
                if kind == "customer_number":  # a customer has one in each source
                    kind += f":{said[kind].partition(':')[0]}"
                own[fingerprint("kind", kind)] = fingerprint(kind, one.value)
        return cls(rows, own)

    def contradict(self, customer_id: int) -> bool:
        """Whether the customer has another value of a kind that the record states."""
        if not self.own:
            return False
        start, end = self.rows.span("accounts_customers", customer_id)
        kinds = self.rows.arrays["accounts_kinds"][start:end].tolist()
        values = self.rows.arrays["accounts_values"][start:end].tolist()
        return any(kind in kinds and value not in values for kind, value in self.own.items())
