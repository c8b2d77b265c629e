"""Identifiers in one written form, so that the same one is equal whoever wrote it down."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ibis
import ibis.expr.types as ir

__all__ = ["is_junk", "normalised", "normalised_identifiers"]

CALLING_CODES: Mapping[str, str] = {
    "NL": "31", "BE": "32", "LU": "352", "DE": "49", "FR": "33", "GB": "44", "AT": "43",
}  # fmt: skip

# Values that stand for "nobody"; Segment blocks the same ones. Written as normalised values.
JUNK_WORDS = (
    "-1", "0", "anonymous", "anoniem", "false", "geen", "guest", "n/a", "na", "none", "nil", "null",
    "nvt", "onbekend", "test", "true", "undefined", "unknown", "x", "-",
)  # fmt: skip
JUNK_MAILBOXES = r"^(test|geen|none|noreply|no-reply|nomail|geenmail|onbekend|null|x+|a+)@"
JUNK_DOMAINS = r"@(test|geen|none|nomail)\.[a-z]+$"
ONE_SIGN_REPEATED = r"^[-]?(0+|1+|2+|3+|4+|5+|6+|7+|8+|9+|[0-]+|x+)$"
FEWEST_SIGNS = 3


def normalised_identifiers(identifiers: ir.Table, *, country: str) -> ir.Table:
    """Identifiers with `value` in its normal form; what has no normal form is left out.

    A hashed e-mail address becomes the address itself where the address is known.

    Args:
        identifiers: as in the contract.
        country: ISO 3166-1 alpha-2 code for telephone numbers without a country.

    Returns:
        `person_id`, `source`, `kind`, `value`, `first_seen_at`, `last_seen_at`; the key is
        person, kind and value.
    """
    formed = identifiers.mutate(value=normalised(identifiers, country=country))
    formed = formed.filter(formed["value"].notnull() & (formed["value"] != ""))
    addresses = formed.filter(formed["kind"] == "email").select("value").distinct()
    hashes = addresses.select(
        hashed=addresses["value"].hexdigest("sha256"), address=addresses["value"]
    )
    is_hash = formed["kind"] == "email_sha256"
    known = formed.left_join(hashes, is_hash & (formed["value"] == hashes["hashed"]))
    opened = known.mutate(
        kind=known["address"].notnull().ifelse(ibis.literal("email"), known["kind"]),
        value=ibis.coalesce(known["address"], known["value"]),
    )
    return opened.group_by(["person_id", "source", "kind", "value"]).aggregate(
        first_seen_at=opened["first_seen_at"].min(), last_seen_at=opened["last_seen_at"].max()
    )


def normalised(identifiers: ir.Table, *, country: str) -> ir.StringColumn:
    """The normal form of `value` by `kind`; empty where it cannot be one of its kind."""
    value = identifiers["value"].strip()
    forms: Mapping[str, Callable[[ir.StringColumn], ir.StringColumn]] = {
        "email": _email,
        "email_sha256": lambda text: text.lower(),
        "phone": lambda text: _phone(text, country),
        "loyalty_card": lambda text: text.upper().re_replace("[^0-9A-Z]", ""),
        "social": lambda text: text.lower().replace("@", ""),
        "order": lambda text: text.upper(),
        "payer": lambda text: text.upper().replace(" ", ""),
        # The same number means somebody else in another system.
        "customer_number": lambda text: identifiers["source"] + ":" + text,
    }
    cases = [(identifiers["kind"] == kind, form(value)) for kind, form in forms.items()]
    return ibis.cases(*cases, else_=value)


def is_junk(kind: ir.StringColumn, value: ir.StringColumn) -> ir.BooleanColumn:
    """Whether a normalised value stands for nobody (`null`, `000000`, `test@test.nl` ...)."""
    plain = value.lower().re_replace("^[a-z0-9_]+:", "").re_replace(r"^\+[0-9]{2}", "")
    own = (kind == "customer_number").ifelse(plain, value.lower())
    own = (kind == "phone").ifelse(plain, own)
    return (
        own.isin(JUNK_WORDS)
        | own.re_search(ONE_SIGN_REPEATED)
        | (own.length() < FEWEST_SIGNS)
        | ((kind == "email") & (own.re_search(JUNK_MAILBOXES) | own.re_search(JUNK_DOMAINS)))
    )


def _email(text: ir.StringColumn) -> ir.StringColumn:
    address = text.lower().re_replace(r"^mailto:", "").re_replace(r"[\s<>]", "")
    return address.re_search(r"^[^@]+@[^@]+\.[^@.]+$").ifelse(address, ibis.null("string"))


def _phone(text: ir.StringColumn, country: str) -> ir.StringColumn:
    # E.164. "+31 (0)6" is written by people but is no number: the 0 goes.
    code = CALLING_CODES.get(country, "31")
    signs = text.re_replace(r"\(0\)", "").re_replace("[^0-9+]", "")
    international = ibis.cases(
        (signs.startswith("+"), signs),
        (signs.startswith("00"), "+" + signs.substr(2)),
        (signs.startswith("0"), f"+{code}" + signs.substr(1)),
        (signs.startswith(code) & (signs.length() >= len(code) + 9), "+" + signs),
        (signs.length() == 9, f"+{code}" + signs),
        else_=ibis.null("string"),
    )
    number = international.re_replace(rf"^\+{code}0", f"+{code}")
    return number.re_search(r"^\+[1-9][0-9]{7,14}$").ifelse(number, ibis.null("string"))
