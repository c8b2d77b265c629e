"""The drafted texts of a card: from what is known of the members, in the reader's language."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

__all__ = ["FIELDS", "Draft", "Members", "draft", "gender_of"]

FILE = Path(__file__).with_name("card_texts.toml")
FIELDS = ("name", "age", "town", "household", "hobbies", "story", "quote")
MOST_NEEDS = 3


@dataclass(frozen=True)
class Members:
    """What is known of the members, for drafting.

    Attributes:
        n: how many; `with_age`, `with_city` of them have an age, a town.
        women, men: how many, as far as stated.
        age: median, in years.
        city, city_n: most common town, and how many live there.
        channel, purchase_channel: codes of those most common.
        categories: most common first.
        orders: mean number of purchases.
        needs, problems: names of topics in the language, most distinctive or most common first.
        question, question_n, question_kind: the main need as customers put it, how many said so,
            and whether they were asked.
    """

    n: int
    with_age: int
    with_city: int
    women: int
    men: int
    age: float | None
    city: str
    city_n: int
    channel: str
    purchase_channel: str
    categories: Sequence[str]
    orders: float
    needs: Sequence[str]
    problems: Sequence[str]
    question: str
    question_n: int
    question_kind: Literal["measured", "asked"]


@dataclass(frozen=True)
class Draft:
    """A drafted field: its text, and what that rests on."""

    text: str
    kind: Literal["measured", "asked", "assumed"]
    n: int = 0


def gender_of(members: Members) -> str:
    """The gender of most members that state one; empty where neither is more than half."""
    if members.women == members.men:
        return ""
    return "female" if members.women > members.men else "male"


def draft(
    persona_id: str, members: Members, *, language: str, among: Collection[str] = ()
) -> Mapping[str, Draft]:
    """Draft all fields of a card.

    Age and town are those of the members; name, household and hobbies are made up to go with
    them and therefore assumed, and so is the story, though its facts are measured.

    Args:
        persona_id: decides which of the fitting names is taken.
        members: what is known.
        language: `nl` or `en`.
        among: all personas; no two of them have one name as long as there are names.
    """
    words = _texts()[language]
    gender = gender_of(members)
    part = _part_of_life(members.age)
    name = _name(persona_id, {persona_id, *among}, words, gender, part)
    town = members.city or words["unknown_town"]
    age = words["age"].format(age=round(members.age)) if members.age is not None else ""
    return {
        "name": Draft(name, "assumed"),
        "age": Draft(age, "measured" if age else "assumed", members.with_age),
        "town": Draft(town, "measured" if members.city else "assumed", members.city_n),
        "household": Draft(words["household"][part], "assumed"),
        "hobbies": Draft(_hobbies(members.categories, language), "assumed"),
        "story": Draft(_story(words, members, name, town, age, gender, language), "assumed"),
        "quote": Draft(members.question, members.question_kind, members.question_n)
        if members.question
        else Draft("", "assumed"),
    }


def _part_of_life(age: float | None) -> str:
    return "middle" if age is None else "young" if age < 35 else "old" if age >= 60 else "middle"


def _name(
    persona_id: str, among: Collection[str], words: Mapping[str, Any], gender: str, part: str
) -> str:
    digest = hashlib.sha256(persona_id.encode()).digest()
    own = gender or ("female", "male")[digest[0] % 2]
    names: list[str] = words["names"][f"{own}_{part}"]
    return names[_places(among, len(names))[persona_id]]


def _places(among: Collection[str], count: int) -> Mapping[str, int]:
    """A place of its own for each, as long as there are places; told by the ids alone."""
    taken: dict[str, int] = {}
    for one in sorted(among):
        first = hashlib.sha256(one.encode()).digest()[1]
        free = (place % count for place in range(first, first + count))
        taken[one] = next((p for p in free if p not in taken.values()), first % count)
    return taken


def _hobbies(categories: Sequence[str], language: str) -> str:
    found: list[str] = []
    for category in categories:
        for hobby in _texts()["hobbies"]:
            hits = any(word in category.lower() for word in hobby["words"])
            if hits and hobby[language] not in found:
                found.append(hobby[language])
    return _listed(found[:3], _texts()[language]["and"]).capitalize()


def _story(
    words: Mapping[str, Any],
    members: Members,
    name: str,
    town: str,
    age: str,
    gender: str,
    language: str,
) -> str:
    she = words["she"][gender or "other"]
    channels = words["channel"]
    has_bought = members.orders > 0 and members.purchase_channel
    template = words["story" if has_bought else "story_without_purchase"]
    orders = f"{members.orders:.1f}"
    story = template.format(
        name=name,
        age=age or "?",
        town=town,
        she=she,
        She=she.capitalize(),
        channel=channels.get(members.channel, channels["other"]),
        purchase=channels.get(members.purchase_channel, channels["other"]),
        orders=orders.replace(".", ",") if language == "nl" else orders,
        needs=_listed([_small(need) for need in members.needs[:MOST_NEEDS]], words["and"]),
    )
    if members.problems:
        problems = _listed([_small(problem) for problem in members.problems[:2]], words["and"])
        story += words["story_of_problem"].format(problems=problems)
    return str(story)


def _small(text: str) -> str:
    return text[:1].lower() + text[1:].rstrip("?")


def _listed(parts: Sequence[str], last: str) -> str:
    return f" {last} ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
