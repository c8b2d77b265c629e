"""The links of mailings: by what they say whose they are."""

from __future__ import annotations

import re

__all__ = ["SUBSCRIBER_PARAMETERS", "subscriber_in"]

# Of Mailchimp (`EUID` in its export), of Klaviyo where its `Klaviyo ID` is added to links, and of
# Customer.io (`cio_id`). Klaviyo's own `_kx` and HubSpot's `_hsenc` are encrypted: no export has them.
SUBSCRIBER_PARAMETERS = ("mc_eid", "klaviyo_id", "_cio_id")


def subscriber_in(address: str, own: str = "") -> str:
    """SQL for the number of the subscriber in a link, or in its query.

    Args:
        address: SQL for the link.
        own: a parameter that the owner's mail tool adds; empty for none.
    """
    names = "|".join((*SUBSCRIBER_PARAMETERS, *([re.escape(own)] if own else [])))
    pattern = f"(?:^|[?&])(?:{names})=([0-9A-Za-z][0-9A-Za-z-]*)(?:[&#]|$)".replace("'", "''")
    return f"nullif(regexp_extract({address}, '{pattern}', 1), '')"
