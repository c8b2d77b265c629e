"""Who is who: the person records of all sources become customers."""

from klantreis.identity.blocked_identifiers import blocked_identifiers
from klantreis.identity.customer_merges import customer_merges
from klantreis.identity.customers import customers
from klantreis.identity.links import links

__all__ = ["blocked_identifiers", "customer_merges", "customers", "links"]
