"""Who is who in the made-up shop: records, what ties them, and four pairs in doubt.

Customer 1 has three records, one of which had number 901 before. Customers 11 and 12, 13 and 14,
15 and 16, and 17 and 18 look alike; a till's card and a mailbox of two people are blocked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tests.web.shop.people import AS_OF, START, Row

__all__ = ["identity"]

WEIGHTS = ("prior", "first_name", "last_name", "birth_date", "address", "place", "phone", "email")
LIKE: dict[int, Row] = {
    11: {"first_name": "Johanna", "last_name": "Jansen", "birth_on": date(1984, 5, 17),
         "street": "Dorpsstraat", "house_number": "12", "postcode": "3511 AB", "city": "Utrecht",
         "phone": "06-12345678"},
    12: {"first_name": "H.", "last_name": "Jansen", "street": "Dorpsstr.", "house_number": "12 bis",
         "postcode": "3511AB", "city": "Utrecht", "phone": "+31612345678",
         "email": "hanneke.jansen@werk.nl"},
    13: {"first_name": "Pieter", "last_name": "Smit", "city": "Gent", "birth_on": date(1971, 2, 3)},
    14: {"first_name": "Petra", "last_name": "Smits", "city": "Gent", "birth_on": date(1971, 3, 2)},
    15: {"first_name": "Emma", "prefix": "van", "last_name": "Dijk", "postcode": "8011CD"},
    16: {"first_name": "Emma", "last_name": "van Dijk", "postcode": "8011 CD", "city": "Zwolle"},
    17: {"first_name": "Noor", "last_name": "Peters", "postcode": "1012AB"},
    18: {"first_name": "Noor", "last_name": "Pieters", "postcode": "1012AB"},
}  # fmt: skip
DOUBTS = {
    (11, 12): (-19.4, -2.1, 9.8, None, 6.2, 2.1, 4.6, None),
    (13, 14): (-19.4, -1.3, 8.1, 6.4, None, 5.9, None, None),
    (15, 16): (-19.4, 4.4, 7.9, None, None, 7.6, None, None),
    (17, 18): (-19.4, 5.0, 5.2, None, None, 7.7, None, None),
}
# Two who look alike and have a card each: not one where a customer has one card.
SURE = (-12.0, 7.0, 7.0, 12.0, 10.0, 8.0, None, None)
STOPPED: Row = {"band": "match", "stopped_by": "conflict"}


def identity(customers: Sequence[Row]) -> dict[str, list[Row]]:
    """Persons, identifiers, links, matches, merges and what is blocked."""
    own = {c["customer_id"]: _told(c) for c in customers}
    persons = [
        _person(f"crm:{number}") | told | {"created_at": START} for number, told in own.items()
    ]
    extra = [_person(name) | own[1] for name in ("shopify:1001", "till:card:2900000000001")]
    stated = [
        _states(f"crm:{c['customer_id']}", "email", c["email"]) for c in customers if c["email"]
    ]
    stated += [
        _states("shopify:1001", "email", own[1]["email"]),
        _states("shopify:1001", "email", "sanne@vroeger.nl"),
        _states("shopify:1001", "loyalty_card", "2900000000001"),
        _states("till:card:2900000000001", "loyalty_card", "2900000000001"),
        _states("crm:11", "phone", "06-12345678"),
        _states("crm:12", "phone", "0612345678"),
        _states("crm:13", "email", "familie@smit.be"),
        _states("crm:14", "email", "familie@smit.be"),
        _states("crm:19", "loyalty_card", "2600015"),
        _states("crm:20", "loyalty_card", "2600016"),
    ]
    links = [
        {"person_id": f"crm:{number}", "customer_id": number, "rule": "email"} for number in own
    ]
    links += [
        {"person_id": row["person_id"], "customer_id": 1, "rule": "loyalty_card"} for row in extra
    ]
    return {
        "persons": [*persons, *extra],
        "identifiers": stated,
        "links": links,
        "matches": [
            *(_match(*pair, weights) for pair, weights in DOUBTS.items() if pair[1] in own),
            *([_match(19, 20, SURE) | STOPPED] if 20 in own else []),
        ],
        "customer_merges": [
            {
                "old_customer_id": 901,
                "customer_id": 1,
                "merged_at": AS_OF,
                "person_ids": ["shopify:1001"],
            }
        ],
        "blocked_identifiers": [
            _blocked("loyalty_card", "2999999999999", "shared", 412),
            _blocked("email", "familie@smit.be", "conflict", 2),
            _blocked("phone", "+31612345678", "conflict", 2),
            _blocked("email", "test@test.nl", "junk", 31),
        ],
    }


def _told(customer: Row) -> Row:
    first, _, last = (customer["name"] or "").partition(" ")
    told = {"first_name": first or None, "last_name": last or None}
    told |= {name: customer[name] for name in ("email", "phone", "birth_on", "postcode", "city")}
    return LIKE.get(customer["customer_id"], told)


def _person(person_id: str) -> Row:
    source = person_id.split(":")[0]
    return {"person_id": person_id, "source": source, "file_id": "f0", "created_at": START}


def _states(person_id: str, kind: str, value: str) -> Row:
    moments = {"first_seen_at": START, "last_seen_at": AS_OF}
    source = person_id.split(":")[0]
    return {"person_id": person_id, "source": source, "file_id": "f0", "kind": kind} | {
        "value": value,
        **moments,
    }


def _match(left: int, right: int, weights: Sequence[float | None]) -> Row:
    total = sum(weight for weight in weights if weight is not None)
    return {
        "left_person_id": f"crm:{left}",
        "right_person_id": f"crm:{right}",
        "match_weight": total,
        "probability": 2**total / (1 + 2**total),
        "band": "doubtful",
        "is_used": False,
        "stopped_by": None,
        **{f"weight_{name}": weight for name, weight in zip(WEIGHTS, weights, strict=True)},
    }


def _blocked(kind: str, value: str, reason: str, persons: int) -> Row:
    return {"kind": kind, "value": value, "reason": reason, "persons": persons}
