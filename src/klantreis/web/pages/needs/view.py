"""How the page of needs is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Literal

from klantreis import registry
from klantreis.web.figures import NEEDED_FOR_MEAN, counted, share
from klantreis.web.named import Named, topic_names
from klantreis.web.pages.needs.context import (
    Feeling,
    Group,
    Needs,
    NeedsQuery,
    NoteShown,
    Recovery,
    TopicRow,
    TopicShown,
)
from klantreis.web.pages.needs.searched import searched
from klantreis.web.phases import usual_model
from klantreis.words import Evidence, Figure
from klantreis.workspace import Workspace

__all__ = ["needs"]

WITHIN_DAYS = 60
PERSONA = "persona"
UNKNOWN = "_unknown"  # of whom the data do not say: no target group
Rows = Sequence[Mapping[str, Any]]


def needs(workspace: Workspace, query: NeedsQuery) -> Needs:
    """Answer the page of needs.

    Raises:
        NotFoundError: there is no such phase model.
    """
    published = workspace.published
    assert published is not None
    names = tuple(sorted(registry.names("phase_models")))
    model = query.model or usual_model(names)
    groups = _groups(workspace)
    group = query.group if query.group in {own.code for own in groups} else ""
    segmentation, _, segment = group.partition(".")
    research = workspace.research
    ask = partial(research.needs, segmentation=segmentation, segment=segment)
    phases = tuple(registry.load_all("phase_models")[model].phase_ids) if model in names else ()
    told = ask("evidence", "is_problem")
    speakers = max((row["speakers"] for row in told), default=0)
    return Needs(
        as_of=published.as_of,
        group=group,
        groups=groups,
        model=model,
        models=names,
        phases=phases,
        speakers=counted(speakers, "customers"),
        rows=_topic_rows(workspace, ask, model, phases),
        searched=searched(workspace),
        feelings=_feelings(
            research.emotion(
                "phase", "kind", phase_model=model, segmentation=segmentation, segment=segment
            ),
            phases,
        ),
        recoveries=tuple(
            Recovery(
                row["event"],
                row["went_wrong"],
                row["spoke"],
                share(row["came_right"], row["went_wrong"], "moments"),
                row["days"],
            )
            for row in research.recoveries(
                within_days=WITHIN_DAYS, segmentation=segmentation, segment=segment
            )
        ),
        within_days=WITHIN_DAYS,
        topics=_topics(workspace),
        removed=research.removed_topics(),
        notes=tuple(
            NoteShown(note.note_id, note.text, note.moment, note.written_by, note.written_at)
            for note in research.notes()
        ),
        waits=research.waiting(published.published_at),
    )


def _groups(workspace: Workspace) -> tuple[Group, ...]:
    topics = topic_names(workspace)
    members = workspace.table("memberships")
    rows = workspace.rows(members.select("segmentation", "segment").distinct())
    personas = [
        Group(
            f"{PERSONA}.{row['persona_id']}",
            PERSONA,
            topics.get(row["persona_id"], Named(row["persona_id"], "", "")),
        )
        for row in workspace.personas.rows()
    ]
    segments = [
        Group(
            f"{row['segmentation']}.{row['segment']}",
            row["segmentation"],
            Named(row["segment"], "", ""),
        )
        for row in sorted(rows, key=lambda row: (row["segmentation"], row["segment"]))
        if not row["segment"].endswith(UNKNOWN)
    ]
    return (*personas, *segments)


def _topic_rows(
    workspace: Workspace,
    ask: Callable[..., list[dict[str, Any]]],
    model: str,
    phases: Sequence[str],
) -> tuple[TopicRow, ...]:
    topics = topic_names(workspace)
    everyone = {row["topic"]: row for row in workspace.research.needs()}
    by_phase = ask("phase", phase_model=model)
    customers = {(row["topic"], row["phase"]): row["customers"] for row in by_phase}
    split = ask("evidence", "is_problem")
    problems = {row["topic"] for row in split if row["is_problem"]}
    rows = []
    for row in ask():
        topic, speakers, whole = row["topic"], row["speakers"], everyone[row["topic"]]
        told = [share(customers.get((topic, phase), 0), speakers, "customers") for phase in phases]
        rows.append(
            TopicRow(
                topic=topics.get(topic, Named(topic, topic, topic)),
                is_problem=topic in problems,
                statements=row["statements"],
                asked=_statements(split, topic, "asked"),
                assumed=_statements(split, topic, "assumed"),
                share=share(row["customers"], speakers, "customers"),
                everyone=share(whole["customers"], whole["speakers"], "customers"),
                phases=tuple(told),
            )
        )
    return tuple(rows)


def _statements(rows: Rows, topic: str, evidence: str) -> int:
    return sum(
        row["statements"] for row in rows if (row["topic"], row["evidence"]) == (topic, evidence)
    )


def _feelings(rows: Rows, phases: Sequence[str]) -> tuple[Feeling, ...]:
    placed = [row for row in rows if row["phase"] in phases]
    ordered = sorted(placed, key=lambda row: (phases.index(row["phase"]), row["kind"]))
    return tuple(
        Feeling(row["phase"], row["kind"], _emotion(row), row["negative"], row["positive"])
        for row in ordered
    )


def _emotion(row: Mapping[str, Any]) -> Figure:
    is_assumed = row["kind"] == "behaviour"
    kind: Literal["measured", "assumed"] = "assumed" if is_assumed else "measured"
    evidence = Evidence(
        kind,
        row["n"],
        "moments",
        low=row["low"],
        high=row["high"],
        needed=0 if is_assumed else NEEDED_FOR_MEAN,
    )
    return Figure(row["mean"], "score", evidence)


def _topics(workspace: Workspace) -> tuple[TopicShown, ...]:
    changes = {change.topic_id: change for change in reversed(workspace.research.topic_changes())}
    shown = []
    for topic in workspace.research.topics():
        newest = changes.get(topic.id)
        shown.append(
            TopicShown(
                topic.id,
                Named(topic.id, topic.name["nl"], topic.name["en"]),
                Named(topic.id, topic.description["nl"], topic.description["en"]),
                ", ".join(topic.keywords["nl"]),
                ", ".join(topic.keywords["en"]),
                topic.moment,
                topic.is_problem,
                workspace.research.is_shipped(topic.id),
                newest.changed_by if newest else "",
                newest.changed_at if newest else None,
            )
        )
    return tuple(shown)
