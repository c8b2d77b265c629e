"""How long it takes to erase one customer, with the proof, and how much memory.

    python benchmarks/erase.py WORKSPACE

Takes the customer with telephone and e-mail whom most sources know. It really erases: give it a copy.
Prints one JSON object with seconds and megabytes.
"""

from __future__ import annotations

import json
import sys

from klantreis import Workspace
from measuring import measured


def main() -> None:
    """Erase, and print what it took."""
    with Workspace.open(sys.argv[1]) as shop:
        customers = shop.table("customers")
        known = customers.filter(customers["email"].notnull() & customers["phone"].notnull())
        row = shop.rows(known.order_by(known["persons"].desc(), "customer_id").limit(1))[0]
        with measured() as taken:
            erased = shop.privacy.erase(row["customer_id"])
    facts = {
        "seconds": round(taken.seconds, 1),
        "peak_megabytes": round(taken.peak_bytes / 2**20),
        "files_read": erased.proof.files,
        "bytes_read": erased.proof.bytes,
        "identifiers": erased.proof.identifiers,
        "found": len(erased.proof.found),
    }
    sys.stdout.write(json.dumps(facts, indent=1) + "\n")


if __name__ == "__main__":
    main()
