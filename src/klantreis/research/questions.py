"""What customers ask and need: each statement with the topics that it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.research.placing import placed
from klantreis.research.statements import SAID, statements
from klantreis.research.topics import Topic, topic_list
from klantreis.research.wording import LANGUAGES, count_of, pattern

__all__ = ["questions"]

MOST_FIRST = ibis.window(
    group_by=["record_table", "record_id"], order_by=[ibis.desc("keywords"), "topic_number"]
)


def questions(
    feedback: ir.Table,
    survey_answers: ir.Table,
    timeline: ir.Table,
    steps: ir.Table,
    *,
    engine: Engine,
    topics: Sequence[Mapping[str, Any]],
    notes: Sequence[Mapping[str, Any]],
) -> ir.Table:
    """Assign every statement to the topics whose keywords it holds.

    A statement about several topics has a row for each; the topic with most keywords is the main
    one (of equals the first in the list). A statement without any keyword has no row. The moment is
    where the customer stood in a journey, else what a note says, else what is usual for the topic.

    Args:
        feedback, survey_answers, timeline, steps: as in their contracts.
        topics: the owner's changes of the topic list; see `topic_list`.
        notes: what was typed in: `note_id`, `text`, `language`, `moment`, `written_at`.

    Returns:
        As in the contract of `questions`.
    """
    listed = topic_list(topics)
    said = engine.keep(statements(feedback, survey_answers, notes, engine=engine))
    about = engine.keep(_about(said, listed))
    whose = placed(timeline, steps, events=SAID).select(
        "customer_id", "journey_id", response_id="record_id", journey_moment="moment"
    )
    usual = engine.table(
        pa.table(
            {
                "topic_number": pa.array(range(len(listed)), pa.int64()),
                "topic": [topic.id for topic in listed],
                "usual_moment": [topic.moment for topic in listed],
                "is_problem": [topic.is_problem for topic in listed],
            }
        )
    )
    joined = about.join(usual, "topic_number").left_join(whose, "response_id")
    looks_back = joined["record_table"] == "survey_answers"
    stood = ibis.ifelse(looks_back, ibis.null("string"), joined["journey_moment"])
    return joined.mutate(
        statement_id=joined["record_table"] + ":" + joined["record_id"],
        moment=ibis.coalesce(stood, joined["moment"], joined["usual_moment"]),
        is_main=ibis.row_number().over(MOST_FIRST) == 0,
    )


def _about(said: ir.Table, topics: Sequence[Topic]) -> ir.Table:
    """One row a statement and topic with a keyword in it."""
    counted = [
        said.mutate(
            topic_number=ibis.literal(number, "int64"),
            keywords=said["language"].cases(
                *((language, _found(said, topic, language)) for language in LANGUAGES), else_=0
            ),
        )
        for number, topic in enumerate(topics)
    ]
    about = ibis.union(*counted) if len(counted) > 1 else counted[0]
    return about.filter(about["keywords"] > 0).drop("plain", "text")


def _found(said: ir.Table, topic: Topic, language: str) -> ir.IntegerValue:
    return count_of(said["plain"], pattern(topic.keywords[language])).cast("int64")
