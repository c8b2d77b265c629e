"""How one customer felt, of which persona they are, and what they asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from statistics import fmean

from klantreis.web.named import group_name, persona_names, topic_names
from klantreis.web.pages.portrait.context import Asked, Chance, Feeling, Feelings
from klantreis.words import Evidence, Figure
from klantreis.workspace import Workspace

__all__ = ["asked", "chances", "feelings"]

MOST = 40  # moments on one curve
LATELY = 3
NEEDED_FOR_A_COURSE = 5  # something before the last three to set them beside
DAY = timedelta(days=1)


def feelings(workspace: Workspace, customer_id: int) -> Feelings:
    """The course of emotion: the last moments, and how many there were of each kind."""
    course = workspace.research.feelings_of(customer_id)
    topics = topic_names(workspace)
    told = tuple(
        Feeling(
            at=row["felt_at"],
            channel=row["channel"],
            event=row["event"],
            kind=row["kind"],
            evidence=row["evidence"],
            emotion=row["emotion"],
            topic=group_name(row["topic"], topics) if row["topic"] else None,
            went_wrong=row["went_wrong"],
            days_till_right=(row["right_at"] - row["felt_at"]) / DAY if row["right_at"] else None,
            is_recovery=row["is_recovery"],
        )
        for row in course
    )
    said = [one for one in told if one.evidence != "assumed"]
    return Feelings(
        moments=told[-MOST:],
        total=len(told),
        wrong=sum(one.went_wrong for one in told),
        recovered=sum(one.days_till_right is not None for one in told),
        complaints=sum(one.went_wrong for one in said),
        mean=_mean(said, len(said)),
        lately=_mean(said[-LATELY:], len(said)),
    )


def _mean(said: Sequence[Feeling], n: int) -> Figure:
    value = fmean(one.emotion for one in said) if said else None
    return Figure(value, "number", Evidence("measured", n, "moments", needed=NEEDED_FOR_A_COURSE))


def chances(workspace: Workspace, customer_id: int) -> tuple[Chance, ...]:
    """How probable each persona is, most first; none before the customer was scored."""
    scored = workspace.personas.chances_of(customer_id)
    if not scored:
        return ()
    names = {one.code: one for one in persona_names(workspace)}
    return tuple(
        Chance(names[row["persona_id"]], row["probability"], row["is_member"], row["basis"])
        for row in scored
        if row["persona_id"] in names
    )


def asked(workspace: Workspace, customer_id: int) -> tuple[Asked, ...]:
    """The topics that a customer asked after, most first."""
    topics = topic_names(workspace)
    return tuple(
        Asked(group_name(row["topic"], topics), row["statements"], row["last_at"], row["evidence"])
        for row in workspace.research.asked_by(customer_id)
    )
