"""One way of writing for each kind of identifier, so that equal means the same."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

__all__ = [
    "MOBILE_NUMBER",
    "NOT_A_BIRTH_DATE",
    "PLACEHOLDERS",
    "is_junk",
    "normalised",
    "normalised_postcode",
    "told_birth",
    "trimmed",
]

# Countries where a national number begins with a nought that falls away after the code.
CALLING_CODES: Mapping[str, str] = {
    "NL": "31",
    "BE": "32",
    "DE": "49",
    "FR": "33",
    "GB": "44",
    "IE": "353",
    "AT": "43",
    "CH": "41",
}
# What systems and people fill in when there is nothing; the first five are Segment's list.
PLACEHOLDERS = (
    "",
    "-1",
    "null",
    "anonymous",
    "undefined",
    "none",
    "nan",
    "n/a",
    "unknown",
    "onbekend",
    "anoniem",
    "geen",
    "nvt",
    "n.v.t.",
    "test",
    "guest",
    "gast",
    "(not set)",
)
# What systems fill in for who does not tell it.
NOT_A_BIRTH_DATE = ("1900-01-01", "1970-01-01", "1899-12-30", "1899-12-31")
LONGEST_PLACEHOLDER = max(map(len, PLACEHOLDERS))
SHA256 = "^[0-9a-f]{64}$"
HASH_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
ZEROS_AND_DASHES = r"^[0-]*$"
ONE_DIGIT_REPEATED = r"^(1+|2+|3+|4+|5+|6+|7+|8+|9+)$"
PHONE = (
    r"^\+(31[1-9][0-9]{8}|32[1-9][0-9]{7,8}|49[1-9][0-9]{5,11}"
    r"|(1|7|2[0-9]|3[03-9]|4[0-8]|[5689][0-9])[0-9]{6,13})$"
)
MOBILE_NUMBER = r"^\+(316|324|491[567])"
EATEN_NOUGHT = "^6[0-9]{8}$"
NORTH_AMERICAN = "^1?[2-9][0-9]{2}[2-9][0-9]{6}$"  # dialled without a nought
EATEN_PLUS = "^(31[1-9][0-9]{8}|32[1-9][0-9]{7,8}|49[1-9][0-9]{8,10})$"
ONE_DIGIT_SEVEN_TIMES = r"(0{7}|1{7}|2{7}|3{7}|4{7}|5{7}|6{7}|7{7}|8{7}|9{7})$"
EMAIL = r"^[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]{2,}$"
EMAIL_OF_NOBODY = (
    r"^((test|tester|testen|noreply|no-reply|geen|geenmail|geen-mail|geenemail|onbekend|anoniem"
    r"|nomail|nvt|niet|none|null|unknown|anonymous|asdf|xxx)@.*"
    r"|.*@(test|geen|onbekend|localhost)\.[^@]*)$"
)
SHORTEST_CARD = 5


def normalised(
    kind: ir.StringValue, value: ir.StringValue, source: ir.StringValue, country: ir.StringValue
) -> ir.StringValue:
    """The value of an identifier as it is compared; the trimmed value where it has no good form.

    Args:
        kind: kind of identifier.
        value: as the source wrote it, trimmed.
        source: customer numbers only mean something within it.
        country: ISO code of the country whose national telephone numbers are meant.
    """
    forms: Mapping[str, ir.StringValue] = {
        "email": value.lower(),
        "email_sha256": value.lower(),
        "phone": _phone(value, country),
        "loyalty_card": _card(value),
        "customer_number": source + ":" + value,
        "order": value.upper().re_replace(r"^#|\s", ""),
        "subscriber": value.lower(),
        "social": value.lower().re_replace(r"@|\s", ""),
        "payer": value.upper().re_replace(r"\s", ""),
    }
    form = ibis.cases(*((kind == name, form) for name, form in forms.items()), else_=value)
    return ibis.ifelse(form == "", value, form)


def is_junk(kind: ir.StringValue, value: ir.StringValue, form: ir.StringValue) -> ir.BooleanValue:
    """Whether an identifier points to nobody in particular.

    Args:
        kind: kind of identifier.
        value: as the source wrote it, trimmed.
        form: the same, normalised.
    """
    # Long values are no placeholders: cookies are many, so be quick.
    is_placeholder = ibis.ifelse(
        value.length() <= LONGEST_PLACEHOLDER, value.lower().isin(PLACEHOLDERS), False
    )
    is_of_nobody: Mapping[str, ir.BooleanValue] = {
        "email": ~form.re_search(EMAIL) | form.re_search(EMAIL_OF_NOBODY),
        "email_sha256": ~form.re_search(SHA256) | (form == HASH_OF_NOTHING),
        "phone": ~form.re_search(PHONE) | form.re_search(ONE_DIGIT_SEVEN_TIMES),
        "loyalty_card": (
            (form.length() < SHORTEST_CARD)
            | form.re_search(ONE_DIGIT_REPEATED)
            | form.re_search(ZEROS_AND_DASHES)
        ),
    }
    return ibis.cases(
        (is_placeholder | value.re_search(ZEROS_AND_DASHES), True),
        *((kind == name, junk) for name, junk in is_of_nobody.items()),
        else_=False,
    )


def trimmed(text: ir.StringValue) -> ir.StringValue:
    r"""A text without the white space around it.

    Not Ibis's `strip`: it hands Spark `\v` and `\f` as characters to take off, and Spark reads
    those as the letters v and f.
    """
    is_padded = text.re_search(r"^\s|\s$")
    return ibis.ifelse(is_padded, text.re_replace(r"^\s+|\s+$", ""), text)


def normalised_postcode(postcode: ir.StringValue) -> ir.StringValue:
    """A postcode without spaces and in capitals, as `1234AB`."""
    return postcode.upper().re_replace(r"\s", "").nullif("")


def told_birth(born: ir.DateValue) -> ir.DateValue:
    """A birth date, empty where a system filled in a first day for who did not tell it."""
    return ibis.ifelse(born.cast("string").isin(NOT_A_BIRTH_DATE), ibis.null("date"), born)


def _phone(value: ir.StringValue, country: ir.StringValue) -> ir.StringValue:
    """A telephone number in E.164, where it has the length of one.

    A national number of a country whose habits we do not know stays as it was dialled.
    """
    own_code = ibis.cases(*((country == name, code) for name, code in CALLING_CODES.items()))
    dialled = value.re_replace(r"\(0\)", "").re_replace(r"[^0-9+]", "").re_replace("^00", "+")
    # A spreadsheet eats the nought of 06-12345678 and the plus of +31612345678.
    is_eaten_mobile = (country == "NL") & dialled.re_search(EATEN_NOUGHT)
    is_national = dialled.startswith("0") & own_code.notnull()
    is_north_american = country.isin(("US", "CA")) & dialled.re_search(NORTH_AMERICAN)
    number = ibis.cases(
        (is_north_american, ibis.literal("+1") + dialled.re_replace("^1", "")),
        (is_national, ibis.literal("+") + own_code + dialled.substr(1)),
        (is_eaten_mobile, ibis.literal("+31") + dialled),
        (dialled.re_search(EATEN_PLUS), ibis.literal("+") + dialled),
        else_=dialled,
    )
    for code in CALLING_CODES.values():  # +31 06 ...: the national nought after the country's code
        number = number.re_replace(rf"^\+{code}0+", f"+{code}")
    return number


def _card(value: ir.StringValue) -> ir.StringValue:
    """A card number without signs between, and without the noughts that spreadsheets eat."""
    signs = value.upper().re_replace(r"[^0-9A-Z]", "")
    return signs.re_replace("^0+", "")
