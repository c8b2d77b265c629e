"""How customers felt: from the scores that they gave, their words, and what happened to them."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.research.feelings import feelings
from klantreis.research.placing import placed
from klantreis.research.statements import SAID, statements
from klantreis.research.text_emotion import text_emotion

__all__ = ["emotions"]

RECORD = ["record_table", "record_id"]


def emotions(
    feedback: ir.Table,
    survey_answers: ir.Table,
    timeline: ir.Table,
    steps: ir.Table,
    questions: ir.Table,
    *,
    engine: Engine,
) -> ir.Table:
    """Bring every feeling on one scale, from -2 (very negative) to +2 (very positive).

    - Scores by their scale. Stars, report marks and satisfaction (CSAT, 1 to 5) evenly from the
      lowest to the highest; NPS as it is read: 0-2 is -2, 3-6 is -1, 7-8 is 0, 9 is 1, 10 is 2. Of
      one filled-in survey the mean of its NPS and CSAT. Effort (CES) is no feeling and is left out.
    - Texts by their words; see `text_emotion`. Our own notes are no customer's feeling.
    - Behaviour by the values of `feelings.toml`, which are assumed.

    Args:
        feedback, survey_answers, timeline, steps, questions: as in their contracts.

    Returns:
        As in the contract of `emotions`.
    """
    events = (*SAID, *feelings().behaviour)
    where = engine.keep(placed(timeline, steps, events=events))
    felt = ibis.union(
        _review_scores(feedback),
        _survey_scores(survey_answers),
        _texts(feedback, survey_answers, engine),
    )
    whose = where.filter(where["event"].isin(SAID)).select(
        "customer_id", "journey_id", "moment", response_id="record_id"
    )
    spoken = felt.left_join(whose, "response_id").drop("response_id_right")
    everything = ibis.union(_shaped(spoken), _shaped(_behaviour(where)))
    return _with_topic(everything, questions)


def _shaped(felt: ir.Table) -> ir.Table:
    return felt.select(
        "customer_id",
        "felt_at",
        "channel",
        "event",
        "kind",
        "evidence",
        "emotion",
        "record_table",
        "record_id",
        "response_id",
        "moment",
        "journey_id",
        touchpoint=felt["channel"] + "." + felt["event"],
    )


def _felt(rows: ir.Table, record_table: str, kind: str, **values: ir.Value) -> ir.Table:
    made = rows.mutate(record_table=ibis.literal(record_table), kind=ibis.literal(kind), **values)
    return made.select(
        "record_table",
        "kind",
        *("record_id", "response_id", "felt_at", "channel", "event", "evidence"),
        emotion=made["emotion"].cast("float64"),
    )


def _review_scores(feedback: ir.Table) -> ir.Table:
    scored = feedback.filter(feedback["score"].notnull() & (feedback["score_max"] > 0))
    # Stars and report marks start at 1, thumbs (highest score 1) at 0.
    lowest = ibis.ifelse(scored["score_max"] > 1, 1.0, 0.0)
    share = (scored["score"] - lowest) / (scored["score_max"] - lowest)
    return _felt(
        scored,
        "feedback",
        "score",
        record_id=scored["feedback_id"],
        response_id=scored["feedback_id"],
        felt_at=scored["occurred_at"],
        event=scored["kind"],
        evidence=ibis.literal("measured"),
        emotion=(share * 4 - 2).clip(-2.0, 2.0),
    )


def _survey_scores(answers: ir.Table) -> ir.Table:
    scored = answers.filter(answers["kind"].isin(("nps", "csat")) & answers["score"].notnull())
    score = scored["score"]
    by_nps = ibis.cases(
        (score <= 2, -2.0), (score <= 6, -1.0), (score <= 8, 0.0), (score <= 9, 1.0), else_=2.0
    )
    valued = scored.mutate(
        value=ibis.ifelse(scored["kind"] == "nps", by_nps, (score - 3).clip(-2.0, 2.0))
    )
    filled_in = valued.group_by("response_id").aggregate(
        emotion=valued["value"].mean(), felt_at=valued["answered_at"].min()
    )
    return _felt(
        filled_in,
        "survey_answers",
        "score",
        record_id=filled_in["response_id"],
        channel=ibis.literal("survey"),
        event=ibis.literal("survey"),
        evidence=ibis.literal("asked"),
    )


def _texts(feedback: ir.Table, answers: ir.Table, engine: Engine) -> ir.Table:
    said = statements(
        feedback.filter(feedback["kind"] != "note"),
        answers.filter(answers["kind"] == "open"),
        (),
        engine=engine,
    )
    said = engine.keep(said)
    judged = said.join(text_emotion(said, engine=engine), RECORD)
    made = judged.mutate(felt_at=judged["said_at"], kind=ibis.literal("text"))
    return made.select(
        "record_table",
        "kind",
        *("record_id", "response_id", "felt_at", "channel", "event", "evidence"),
        "emotion",
    )


def _behaviour(where: ir.Table) -> ir.Table:
    known = feelings().behaviour
    happened = where.filter(where["event"].isin(tuple(known)))
    return happened.mutate(
        kind=ibis.literal("behaviour"),
        evidence=ibis.literal("assumed"),
        felt_at=happened["occurred_at"],
        response_id=ibis.null("string"),
        emotion=happened["event"].cases(*known.items(), else_=0.0).cast("float64"),
    )


def _with_topic(felt: ir.Table, questions: ir.Table) -> ir.Table:
    main = questions.filter(questions["is_main"]).select(
        "topic", topic_table="record_table", topic_record="record_id"
    )
    joined = felt.left_join(
        main,
        [felt["record_table"] == main["topic_table"], felt["record_id"] == main["topic_record"]],
    )
    return joined.select(*felt.drop("response_id").columns, "topic")
