"""Audiences for advertising platforms: identifiers as SHA-256, so that no address leaves in the clear."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass

from klantreis.errors import NotFoundError, message

__all__ = ["PLATFORMS", "Contact", "hashed_audience"]

PLATFORMS = ("google", "meta", "tiktok")


@dataclass(frozen=True)
class Contact:
    """What a platform can recognise a customer by; empty where unknown.

    Attributes:
        phone: E.164, as `+31612345678`.
    """

    email: str = ""
    phone: str = ""
    name: str = ""
    country: str = ""
    postcode: str = ""


def hashed_audience(platform: str, contacts: Iterable[Contact]) -> bytes:
    """A customer list as the platform takes it in (CSV, UTF-8).

    Google: `Email, Phone, First Name, Last Name` hashed, `Country, Zip` plain. Meta: all hashed, the
    telephone without `+`. TikTok: `Email_SHA256, Phone_SHA256`.

    Args:
        platform: `google`, `meta` or `tiktok`.
        contacts: who may be in it; those without e-mail and telephone are left out.

    Raises:
        NotFoundError: another platform.
    """
    if platform not in PLATFORMS:
        allowed = ", ".join(PLATFORMS)
        raise NotFoundError(message("Unknown platform", got=repr(platform), allowed=allowed))
    header, row = {"google": (GOOGLE, _google), "meta": (META, _meta), "tiktok": (TIKTOK, _tiktok)}[
        platform
    ]
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(row(contact) for contact in contacts if contact.email or contact.phone)
    return lines.getvalue().encode()


GOOGLE = ("Email", "Phone", "First Name", "Last Name", "Country", "Zip")
META = ("email", "phone", "fn", "ln", "zip", "country")
TIKTOK = ("Email_SHA256", "Phone_SHA256")


def _google(contact: Contact) -> tuple[str, ...]:
    first, last = _names(contact)
    plain = (contact.country.upper(), contact.postcode)
    return (_hash(contact.email), _hash(contact.phone), _hash(first), _hash(last), *plain)


def _meta(contact: Contact) -> tuple[str, ...]:
    first, last = _names(contact)
    digits = contact.phone.removeprefix("+")
    values = (contact.email, digits, first, last, contact.postcode.replace(" ", ""))
    return tuple(map(_hash, (*values, contact.country)))


def _tiktok(contact: Contact) -> tuple[str, ...]:
    return (_hash(contact.email), _hash(contact.phone))


def _names(contact: Contact) -> tuple[str, str]:
    first, _, last = contact.name.strip().partition(" ")
    return first, last


def _hash(value: str) -> str:
    """SHA-256 of the value trimmed and in lower case; empty stays empty."""
    plain = value.strip().lower()
    return hashlib.sha256(plain.encode()).hexdigest() if plain else ""
