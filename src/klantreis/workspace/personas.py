"""Personas through the workspace: overlap, merges, and cards that people rewrite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import sqrt
from typing import Any, Literal

from klantreis.errors import InputError, NotFoundError, message
from klantreis.personas import (
    FIELDS,
    MOST_ADVISED,
    Draft,
    Members,
    draft,
    face,
    gender_of,
    most_common,
    numbers,
    sizes,
)
from klantreis.research import Topic
from klantreis.segments import wilson
from klantreis.state import PersonaEdit, State
from klantreis.workspace.reading import Reading
from klantreis.workspace.research import Research

__all__ = ["CardField", "PersonaCard", "Personas", "Share"]

Z = 1.959964  # two-sided 95 %
LONGEST_TEXT = 2_000
LANGUAGES = ("nl", "en")
SHOWN = 4
Kind = Literal["measured", "asked", "assumed"]


@dataclass(frozen=True)
class CardField:
    """One text on a card.

    Attributes:
        field: code, as `story`.
        text: what is shown; what people wrote, else the draft.
        draft: what the data gave.
        kind: what the text rests on; assumed once a person wrote it.
        n: customers behind it; 0 for what is assumed.
        written_by, written_at: who rewrote it; empty for the draft.
    """

    field: str
    text: str
    draft: str
    kind: Kind
    n: int
    written_by: str
    written_at: datetime | None


@dataclass(frozen=True)
class Share:
    """How many of `of` members, with the 95 % interval (Wilson); `code` is a channel or topic."""

    code: str
    n: int
    of: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class PersonaCard:
    """The face of a cluster of target groups, with what is known of its members.

    Attributes:
        persona_id, position: as in `personas`.
        target_groups, needs: as in `personas`.
        gender: of most members; empty when undecided.
        fields: texts by language.
        size, size_share: expected number of customers (sum of probabilities), and their part.
        revenue, revenue_share: expected revenue of them in EUR, and its part.
        members, members_told: customers with a probability of at least 0.5, and those of them
            whose needs are known: what the measures below rest on.
        age: median of the members, in years.
        revenue_mean, orders_mean: mean of the members, with the ends of their 95 % intervals.
        nps: promoters less detractors in percentage points of `nps_asked`, with its interval.
        returned: buyers who returned something; empty without buyers.
        channels, purchase_channels, towns: of the members, most common first.
        questions: the topics told of most, by phase.
        questions_kind: whether most of those statements were asked for, or came by themselves.
        stability: of the whole division.
    """

    persona_id: str
    position: int
    target_groups: tuple[str, ...]
    needs: tuple[str, ...]
    gender: str
    fields: Mapping[str, tuple[CardField, ...]]
    size: float
    size_share: float
    revenue: float
    revenue_share: float
    members: int
    members_told: int
    age: float | None
    revenue_mean: tuple[float | None, float | None, float | None]
    orders_mean: tuple[float | None, float | None, float | None]
    nps: tuple[float | None, float | None, float | None]
    nps_asked: int
    returned: Share | None
    channels: tuple[Share, ...]
    purchase_channels: tuple[Share, ...]
    towns: tuple[Share, ...]
    questions: Mapping[str, tuple[Share, ...]]
    questions_kind: Kind
    stability: float

    def told(self, field: str, language: str) -> str:
        """A text of the card in a language."""
        return next(own.text for own in self.fields[language] if own.field == field)


class Personas:
    """The personas of a workspace: `workspace.personas`.

    Args:
        reading: the published tables.
        state: what people wrote on the cards.
        research: topics and needs.
    """

    def __init__(self, reading: Reading, state: State, research: Research) -> None:
        self._reading = reading
        self._state = state
        self._research = research
        self._asked: tuple[object, dict[str, Any]] | None = None

    @property
    def most_advised(self) -> int:
        """More faces than this are not remembered."""
        return MOST_ADVISED

    def rows(self) -> list[dict[str, Any]]:
        """Table `personas`, the largest first."""
        return self._reading.rows(self._reading.table("personas").order_by("position"))

    def overlaps(self) -> list[dict[str, Any]]:
        """Table `need_overlaps`: how far the needs of each two target groups overlap."""
        table = self._reading.table("need_overlaps")
        return self._reading.rows(table.order_by("target_group", "other_group"))

    def merges(self) -> list[dict[str, Any]]:
        """Table `persona_merges`: what each merge loses, and how stable the division then is."""
        return self._reading.rows(self._reading.table("persona_merges").order_by("position"))

    def cards(self, *, phase_model: str = "see_think_do_care") -> tuple[PersonaCard, ...]:
        """All cards, the largest persona first."""
        rows = self.rows()
        if not rows:
            return ()
        told = self._told(phase_model)
        return tuple(self._card(row, told) for row in rows)

    def card(self, persona_id: str, *, phase_model: str = "see_think_do_care") -> PersonaCard:
        """The card of a persona.

        Raises:
            NotFoundError: there is no such persona.
        """
        row = self._row(persona_id)
        return self._card(row, self._told(phase_model))

    def face(self, card: PersonaCard) -> str:
        """The face of a card, as SVG."""
        return face(card.persona_id, gender=card.gender, age=card.age)

    # What people write

    def edit(self, persona_id: str, field: str, text: str, *, language: str, by: str) -> None:
        """Write a text of a card; an empty one, or the draft itself, puts the draft back.

        Raises:
            NotFoundError: there is no such persona.
            InputError: unknown field or language, or too long.
        """
        self._row(persona_id)
        if field not in FIELDS or language not in LANGUAGES:
            allowed = f"{', '.join(FIELDS)} in {', '.join(LANGUAGES)}"
            raise InputError(
                message("No such field", got=f"{field} in {language}", allowed=allowed)
            )
        if len(text) > LONGEST_TEXT:
            allowed = f"at most {LONGEST_TEXT} characters"
            raise InputError(
                message("This text is too long", got=f"{len(text)} characters", allowed=allowed)
            )
        now = next(own for own in self.card(persona_id).fields[language] if own.field == field)
        after = "" if text.strip() == now.draft else text.strip()
        before = now.text if now.written_by else ""
        if after != before:
            self._state.personas.edit(
                persona_id,
                field,
                language=language,
                before=now.text,
                after=after,
                by=by,
                at=datetime.now(UTC).replace(tzinfo=None),
            )

    def history(self, persona_id: str) -> tuple[PersonaEdit, ...]:
        """Who changed what on a card, the newest first."""
        return self._state.personas.history(persona_id)

    def restore(self, persona_id: str, edit_id: int, *, by: str) -> None:
        """Put back what stood there before a change.

        Raises:
            NotFoundError: there is no such change.
        """
        for edit in self.history(persona_id):
            if edit.edit_id == edit_id:
                self.edit(persona_id, edit.field, edit.before, language=edit.language, by=by)
                return
        raise NotFoundError(message("There is no such change", got=str(edit_id)))

    # How a card is filled

    def _row(self, persona_id: str) -> dict[str, Any]:
        rows = self.rows()
        found = [row for row in rows if row["persona_id"] == persona_id]
        if not found:
            known = ", ".join(row["persona_id"] for row in rows)
            raise NotFoundError(message("Unknown persona", got=repr(persona_id), allowed=known))
        return found[0]

    def _told(self, phase_model: str) -> dict[str, Any]:
        """Everything that the cards need, asked once for all personas and a publication."""
        published = self._reading.published
        asked = (published.publication_id if published else None, phase_model)
        if self._asked is None or self._asked[0] != asked:
            self._asked = (asked, self._ask(phase_model))
        return {
            **self._asked[1],
            "names": {topic.id: topic for topic in self._research.topics()},
        }

    def _ask(self, phase_model: str) -> dict[str, Any]:
        memberships = self._reading.table("persona_memberships")
        portraits = self._reading.table("portraits")
        return {
            "sizes": _by(self._reading.rows(sizes(memberships, portraits)), "persona_id"),
            "numbers": _by(self._reading.rows(numbers(memberships, portraits)), "persona_id"),
            "common": self._reading.rows(most_common(memberships, portraits)),
            "needs": self._research.needs("phase", segmentation="persona", phase_model=phase_model),
            "topics": self._research.needs("evidence", "is_problem", segmentation="persona"),
        }

    def _card(self, row: Mapping[str, Any], told: Mapping[str, Any]) -> PersonaCard:
        own = row["persona_id"]
        everyone = told["sizes"].values()
        size = told["sizes"].get(own) or dict.fromkeys(
            ("size", "revenue", "members", "members_told"), 0
        )
        n = told["numbers"].get(own) or _NOBODY
        common = {
            trait: _shares(
                [r for r in told["common"] if (r["persona_id"], r["trait"]) == (own, trait)]
            )
            for trait in ("city", "channel", "purchase_channel", "category")
        }
        members = _members(row, n, common, told)
        return PersonaCard(
            persona_id=own,
            position=row["position"],
            target_groups=tuple(row["target_groups"]),
            needs=tuple(row["needs"]),
            gender=gender_of(members["nl"]),
            fields={lang: self._fields(own, members[lang], lang) for lang in LANGUAGES},
            size=size["size"],
            size_share=_part(size["size"], sum(r["size"] for r in everyone)),
            revenue=size["revenue"] or 0.0,
            revenue_share=_part(size["revenue"], sum(r["revenue"] or 0 for r in everyone)),
            members=size["members"],
            members_told=size["members_told"],
            age=n["age"],
            revenue_mean=_mean(n["revenue_mean"], n["revenue_deviation"], n["n"]),
            orders_mean=_mean(n["orders_mean"], n["orders_deviation"], n["n"]),
            nps=_nps(n["promoters"], n["detractors"], n["nps_asked"]),
            nps_asked=n["nps_asked"],
            returned=_share("returned", n["returned"], n["buyers"]) if n["buyers"] else None,
            channels=common["channel"][:SHOWN],
            purchase_channels=common["purchase_channel"][:SHOWN],
            towns=common["city"][:SHOWN],
            questions=_questions(own, told["needs"]),
            questions_kind=_mostly(own, told["topics"]),
            stability=row["stability"],
        )

    def _fields(self, persona_id: str, members: Members, language: str) -> tuple[CardField, ...]:
        drafts = draft(persona_id, members, language=language)
        written = self._state.personas.written(persona_id, language)
        return tuple(_field(name, drafts[name], written.get(name)) for name in FIELDS)


_NOBODY: Mapping[str, Any] = {
    **dict.fromkeys(
        ("n", "women", "men", "with_age", "buyers", "returned", "nps_asked", "promoters"), 0
    ),
    **dict.fromkeys(("age", "revenue_mean", "revenue_deviation", "orders_mean"), None),
    "orders_deviation": None,
    "detractors": 0,
}


def _field(name: str, drafted: Draft, written: PersonaEdit | None) -> CardField:
    if written is None:
        return CardField(name, drafted.text, drafted.text, drafted.kind, drafted.n, "", None)
    return CardField(
        name,
        written.after,
        drafted.text,
        "assumed",
        0,
        written.edited_by,
        written.edited_at,
    )


def _members(
    row: Mapping[str, Any],
    n: Mapping[str, Any],
    common: Mapping[str, Sequence[Share]],
    told: Mapping[str, Any],
) -> dict[str, Members]:
    """What drafting needs, by language."""
    own = [r for r in told["topics"] if r["segment"] == row["persona_id"]]
    problems = [r["topic"] for r in own if r["is_problem"]]
    names: Mapping[str, Topic] = told["names"]
    main = row["needs"][0] if row["needs"] else row["persona_id"]
    said = [r for r in own if r["topic"] == main]
    most = max(said, key=lambda r: int(r["customers"]), default=None)
    city = common["city"][0] if common["city"] else None
    return {
        language: Members(
            n=n["n"],
            with_age=n["with_age"],
            with_city=city.of if city else 0,
            women=n["women"],
            men=n["men"],
            age=n["age"],
            city=city.code if city else "",
            city_n=city.n if city else 0,
            channel=common["channel"][0].code if common["channel"] else "",
            purchase_channel=common["purchase_channel"][0].code
            if common["purchase_channel"]
            else "",
            categories=[share.code for share in common["category"]],
            orders=n["orders_mean"] or 0.0,
            needs=[names[topic].name[language] for topic in row["needs"] if topic in names],
            problems=[names[topic].name[language] for topic in problems if topic in names],
            question=names[main].description[language] if main in names and most else "",
            question_n=most["customers"] if most else 0,
            question_kind="asked" if most and most["evidence"] == "asked" else "measured",
        )
        for language in LANGUAGES
    }


def _questions(persona_id: str, needs: Sequence[Mapping[str, Any]]) -> dict[str, tuple[Share, ...]]:
    found: dict[str, list[Share]] = {}
    for row in needs:
        if row["segment"] == persona_id and row["phase"] and row["speakers"]:
            found.setdefault(row["phase"], []).append(
                _share(row["topic"], row["customers"], row["speakers"])
            )
    return {
        phase: tuple(sorted(shares, key=lambda share: (-share.n, share.code))[:SHOWN])
        for phase, shares in found.items()
    }


def _mostly(persona_id: str, topics: Sequence[Mapping[str, Any]]) -> Kind:
    own = [row for row in topics if row["segment"] == persona_id]
    asked = sum(row["statements"] for row in own if row["evidence"] == "asked")
    return "asked" if 2 * asked > sum(row["statements"] for row in own) else "measured"


def _shares(rows: Sequence[Mapping[str, Any]]) -> tuple[Share, ...]:
    total = sum(row["n"] for row in rows)
    ordered = sorted(rows, key=lambda row: (-row["n"], row["value"]))
    return tuple(_share(row["value"], row["n"], total) for row in ordered)


def _share(code: str, n: int, total: int) -> Share:
    known = wilson(n, total)
    return Share(code, n, total, known.share, known.low, known.high)


def _mean(
    mean: float | None, deviation: float | None, n: int
) -> tuple[float | None, float | None, float | None]:
    if mean is None or deviation is None or n < 2:
        return mean, None, None
    half = Z * deviation / sqrt(n)
    return mean, mean - half, mean + half


def _nps(
    promoters: int, detractors: int, asked: int
) -> tuple[float | None, float | None, float | None]:
    if not asked:
        return None, None, None
    up, down = promoters / asked, detractors / asked
    half = Z * sqrt(max(0.0, up + down - (up - down) ** 2) / asked)
    return tuple(100 * value for value in (up - down, up - down - half, up - down + half))  # type: ignore[return-value]  # three in, three out


def _part(part: float | None, whole: float) -> float:
    return (part or 0.0) / whole if whole else 0.0


def _by(rows: Sequence[dict[str, Any]], name: str) -> dict[str, dict[str, Any]]:
    return {row[name]: row for row in rows}
