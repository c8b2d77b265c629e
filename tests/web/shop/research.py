"""What the made-up people feel, ask and need, and the personas that follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tests.web.shop.people import AS_OF, Row

__all__ = ["emotions", "personas", "questions", "searches"]


def emotions(steps: Sequence[Row]) -> list[Row]:
    """What was felt at the steps: glad to buy, less so to look for it, bad when at the desk."""
    felt = {"purchase": 1.2, "view_item": 0.4, "view_item_list": -0.3, "ticket": -1.4}
    return [
        {
            "customer_id": step["customer_id"],
            "felt_at": step["entered_at"],
            "channel": step["channel"],
            "event": step["event"],
            "touchpoint": step["touchpoint"],
            "kind": "score",
            "evidence": "asked" if step["event"] == "purchase" else "measured",
            "emotion": felt[step["event"]] + (number % 5 - 2) / 5,
            "topic": None,
            "record_table": "timeline",
            "record_id": str(number),
            "moment": step["moment"],
            "journey_id": step["journey_id"],
        }
        for number, step in enumerate(steps)
        if step["event"] in felt
    ]


def questions(steps: Sequence[Row]) -> list[Row]:
    """Every third look at a product brings a question after its size."""
    return [
        {
            "statement_id": f"feedback:{number}",
            "topic": "product_details" if number % 2 else "stock",
            "customer_id": step["customer_id"],
            "said_at": step["entered_at"],
            "record_table": "feedback",
            "record_id": str(number),
            "channel": "service",
            "event": "ticket",
            "language": "nl",
            "kind": "question",
            "evidence": "measured",
            "moment": "before",
            "journey_id": step["journey_id"],
            "is_problem": False,
            "keywords": 1,
            "is_main": True,
        }
        for number, step in enumerate(steps)
        if step["event"] == "view_item" and number % 3 == 0
    ]


def searches() -> dict[str, list[Row]]:
    """What a search engine reported, and what was searched on the site."""
    told = (
        ("google", "levertijd hoekbank", "product_details", 6120, 210),
        ("google", "huis en haard openingstijden", None, 900, 300),
        ("site", "bank op voorraad", "stock", 340, None),
    )
    names = ("place", "term", "topic", "times", "clicks")
    reported = {
        "search_term_id": "s1",
        "source": "search_console",
        "file_id": "f1",
        "engine": "google",
        "term": "levertijd hoekbank",
        "span": "period",
        "ends_on": date(2026, 1, 31),
        "impressions": 6120,
        "clicks": 210,
    }
    return {
        "searches": [dict(zip(names, row, strict=True)) for row in told],
        "search_terms": [reported],
    }


def personas(portraits: Sequence[Row]) -> dict[str, list[Row]]:
    """Two personas: who asks after sizes, and who asks after stock; every fifth is unclear."""
    names = ("product_details", "stock")
    groups = [
        {"customer_id": p["customer_id"], "target_group": names[p["customer_id"] % 2]}
        for p in portraits
    ]
    speakers = len(portraits) // 2
    overlap = {"overlap": 0.42, "low": 0.35, "high": 0.49}
    merge = {"position": 1, "personas_left": 1, "overlap": 0.42, "stability": 1.0}
    merge |= {"lost_share": 1.0, "lost_so_far": 1.0, "same_share": 1.0}
    memberships = []
    for row in groups:
        number, own = row["customer_id"], row["target_group"]
        sure = 0.5 if number % 5 == 0 else 0.8
        for name in names:
            probability = sure if name == own else 1 - sure
            memberships.append(
                {
                    "customer_id": number,
                    "persona_id": name,
                    "probability": probability,
                    "is_member": probability > 0.5,
                    "basis": "needs" if number % 3 else "behaviour",
                    "as_of": AS_OF,
                }
            )
    return {
        "target_groups": groups,
        "need_overlaps": [
            {"target_group": names[0], "other_group": names[1], **overlap}
            | {"speakers": speakers, "other_speakers": speakers}
        ],
        "persona_merges": [{"target_groups": [names[0]], "other_groups": [names[1]], **merge}],
        "personas": [
            {
                "persona_id": name,
                "position": place,
                "target_groups": [name],
                "needs": [name],
                "speakers": speakers,
                "overlap_inside": 1.0,
                "stability": 0.5,
            }
            for place, name in enumerate(names, start=1)
        ],
        "persona_memberships": memberships,
    }
