"""Who is who: the records of all sources become customers with a number for ever."""

from __future__ import annotations

from klantreis.identity.blocked_identifiers import blocked_identifiers
from klantreis.identity.customer_merges import customer_merges
from klantreis.identity.customers import customers
from klantreis.identity.households import households
from klantreis.identity.identifier_groups import identifier_groups
from klantreis.identity.links import links
from klantreis.identity.match_keys import match_keys
from klantreis.identity.match_model import match_model
from klantreis.identity.matches import matches
from klantreis.identity.name_doubles import name_doubles
from klantreis.identity.person_profiles import person_profiles
from klantreis.identity.stated_identifiers import stated_identifiers

__all__ = [
    "blocked_identifiers",
    "customer_merges",
    "customers",
    "households",
    "identifier_groups",
    "links",
    "match_keys",
    "match_model",
    "matches",
    "name_doubles",
    "person_profiles",
    "stated_identifiers",
]
