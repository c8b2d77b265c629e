"""Who the rows are about: persons, what points to them, and whether they may be mailed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from klantreis.sources.guessing.filling import IDENTIFIERS, Filling, NamedTable, TableText
from klantreis.sources.guessing.naming import meanings
from klantreis.sources.reading.name_and_address import SPOKEN_TO

__all__ = ["people"]

GREETINGS = SPOKEN_TO.split("|")
UNSAID = frozenset(
    (
        "onbekend",
        "unknown",
        "unbekannt",
        "niet gevraagd",
        "not asked",
        "n.v.t.",
        "nvt",
        "n/a",
        "-",
        "?",
    )
)


def people(filling: Filling, *, is_of_persons: bool) -> Iterator[NamedTable]:
    """Who the rows are about: persons, what points to them, and whether they may be mailed."""
    person = filling.person_id() or (filling.digest() if is_of_persons else None)
    if person is None:
        return
    skipped: TableText = {} if is_of_persons else {"skip_empty": "person_id"}
    # An appointment may be yet to come.
    happened = () if filling.guess.row_is == "appointment" else ("occurred_at", "returned_at")
    since = filling.moment("registered_at", *happened, bad="value")
    yield (
        "persons",
        {
            **skipped,
            "combine_rows": True,
            "columns": {
                "person_id": person,
                **_person_columns(filling),
                "created_at": since,
                "updated_at": filling.moment("changed_at", *happened, bad="value"),
            },
        },
    )
    labels = {means: filling.plain(means) for means in IDENTIFIERS if filling.has(means)}
    if labels:
        yield (
            "identifiers",
            {
                "skip_empty": "person_id",
                "combine_rows": True,
                "unpivot": labels,
                "columns": {
                    "person_id": person,
                    "kind": {"text": "{label}", "values": {"mobile": "phone"}},
                    "value": "{value}",
                    "first_seen_at": since,
                    "last_seen_at": filling.moment(
                        "changed_at", "registered_at", *happened, bad="value"
                    ),
                },
            },
        )
    yield from _consents(filling)


def _person_columns(filling: Filling) -> Mapping[str, Any]:
    columns = {
        **filling.straight("persons", but=("birth_on",)),
        "birth_on": filling.birth(),
        **_names(filling),
        **_address(filling),
    }
    if filling.has("phone", "mobile"):
        columns["phone"] = [filling.plain("mobile"), filling.plain("phone")]
    if filling.has("house_suffix"):
        suffix = f"{filling.hole('house_suffix')[:-1]}?}}"
        number = filling.hole("house_number") if filling.has("house_number") else ""
        columns["house_number"] = f"{number}{suffix}"
    if filling.has("gender"):
        gender = filling.code("gender")
        columns["gender"] = {**gender, "values": {**gender["values"], "*": ""}}
    if filling.has("country"):
        columns["country"] = filling.code("country")
    if filling.has("language"):
        columns["language"] = filling.hole("language", "|lower")
    return columns


def _names(filling: Filling) -> Mapping[str, Any]:
    """First and last name, out of the whole name where no column tells them apart."""
    if not filling.has("full_name"):
        return {}
    if filling.has("first_name") or filling.has("last_name"):
        return {"last_name": filling.plain("last_name")}
    first, last = (filling.hole("full_name", way) for way in ("|given_name", "|family_name"))
    named = {"first_name": first, "last_name": last}
    if filling.has("gender") or not filling.greets():
        return named
    said = {word: code for word, code in meanings()["gender"].items() if word in GREETINGS}
    gender = {"text": filling.hole("full_name", "|salutation"), "values": {**said, "*": ""}}
    return {**named, "gender": gender}


def _address(filling: Filling) -> Mapping[str, Any]:
    """Street, postcode and town, out of the text that holds them where they have no own column."""
    parts: dict[str, tuple[str, ...]] = {
        "street": ("address",),
        "postcode": ("postcode_town", "address"),
        "city": ("postcode_town", "address"),
    }
    found = {}
    for column, texts in parts.items():
        text = next(filter(filling.has, texts), None)
        if filling.has(column):
            found[column] = filling.plain(column)
        elif text:
            found[column] = filling.hole(text, "|town" if column == "city" else f"|{column}")
    return found


def _said(filling: Filling) -> str | list[str]:
    """What a yes or no is that says something: not the words of the file for not knowing it."""
    values = filling.guess.sample.columns[filling.column_of["newsletter"]]
    unsaid = sorted({value for value in values if value and value.casefold() in UNSAID})
    return ["*", *(f"!{word}" for word in unsaid)] if unsaid else "*"


def _consents(filling: Filling) -> Iterator[NamedTable]:
    """Whether they may be mailed; only where the file tells since when that holds."""
    stated = filling.moment("changed_at", "registered_at", "occurred_at")
    if not filling.has("newsletter") or stated is None:
        return
    yield (
        "consents",
        {
            "when": {filling.column_of["newsletter"]: _said(filling)},
            "skip_empty": "person_id",
            "combine_rows": True,
            "columns": {
                "consent_id": filling.person_id(":email_marketing"),
                "person_id": filling.person_id(),
                "purpose": {"value": "email_marketing"},
                "is_granted": filling.plain("newsletter"),
                "stated_at": stated,
            },
        },
    )
