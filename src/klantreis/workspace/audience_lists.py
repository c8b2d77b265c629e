"""The customers of an audience as a file: a plain list, or as a platform takes it in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from klantreis.channels import Contact, hashed_audience

__all__ = ["LISTED", "as_hashed", "as_list"]

LISTED = ("customer_id", "name", "email", "phone", "city", "country", "language")


def as_list(customers: Iterable[Mapping[str, Any]]) -> bytes:
    """CSV in UTF-8 with commas and a heading; `may_email` is `yes` or `no`.

    Args:
        customers: with the columns of `LISTED` and `may_email`.
    """
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow([*LISTED, "may_email"])
    for row in customers:
        lines.writerow([*(row[name] for name in LISTED), "yes" if row["may_email"] else "no"])
    return written.getvalue().encode()


def as_hashed(customers: Iterable[Mapping[str, Any]], platform: str) -> bytes:
    """Those who may be mailed as an advertising platform takes them in; see `hashed_audience`.

    Args:
        customers: as of `as_list`, with `postcode` too.
        platform: `google`, `meta` or `tiktok`.

    Raises:
        NotFoundError: there is no such platform.
    """
    contacts = (
        Contact(
            row["email"] or "",
            row["phone"] or "",
            row["name"] or "",
            row["country"] or "",
            row["postcode"] or "",
        )
        for row in customers
        if row["may_email"]
    )
    return hashed_audience(platform, contacts)
