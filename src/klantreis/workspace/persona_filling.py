"""How a persona's card is filled: from what is measured of its members, and what people wrote."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import sqrt
from typing import Any

from klantreis.personas import FIELDS, Draft, Members, draft, gender_of
from klantreis.research import Topic
from klantreis.segments import wilson
from klantreis.state import PersonaEdit
from klantreis.workspace.persona_cards import CardField, Kind, PersonaCard, Share

__all__ = ["LANGUAGES", "filled_card"]

Z = 1.959964  # two-sided 95 %
LANGUAGES = ("nl", "en")
SHOWN = 4
Written = Mapping[str, Mapping[str, PersonaEdit]]


def filled_card(row: Mapping[str, Any], told: Mapping[str, Any], written: Written) -> PersonaCard:
    """The card of one persona.

    Args:
        row: of table `personas`.
        told: what is known of all members: `sizes` and `numbers` by persona, `common` (rows of
            what occurs most), `needs` and `topics` (rows of `research.needs`), `names` of topics.
        written: what people wrote, by language and field.
    """
    own = row["persona_id"]
    everyone = told["sizes"].values()
    size = told["sizes"].get(own) or dict.fromkeys(
        ("size", "revenue", "members", "members_told"), 0
    )
    n = told["numbers"].get(own) or _NOBODY
    common = {
        trait: _shares([r for r in told["common"] if (r["persona_id"], r["trait"]) == (own, trait)])
        for trait in ("city", "channel", "purchase_channel", "category")
    }
    members = _members(row, n, common, told)
    chosen = written["nl"].get("face")  # a face holds in every language
    return PersonaCard(
        persona_id=own,
        position=row["position"],
        target_groups=tuple(row["target_groups"]),
        needs=tuple(row["needs"]),
        gender=gender_of(members["nl"]),
        face=int(chosen.after) if chosen else 0,
        face_by=chosen.edited_by if chosen else "",
        fields={
            lang: _fields(own, members[lang], lang, written[lang], told["sizes"].keys())
            for lang in LANGUAGES
        },
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


def _fields(
    persona_id: str,
    members: Members,
    language: str,
    written: Mapping[str, PersonaEdit],
    among: Collection[str],
) -> tuple[CardField, ...]:
    drafts = draft(persona_id, members, language=language, among=among)
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
