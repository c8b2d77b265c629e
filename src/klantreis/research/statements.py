"""Everything that was said, asked and noted, in one shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.research.topics import asks
from klantreis.research.wording import LANGUAGES, count_of, language_of, pattern, plain

__all__ = ["SAID", "statements"]

SAID = ("review", "ticket", "chat", "mention", "note", "survey")
COLUMNS = {
    "record_table": "string",
    "record_id": "string",
    "response_id": "string",  # what the timeline knows it by
    "said_at": "timestamp(6)",
    "channel": "string",
    "event": "string",
    "language": "string",
    "kind": "string",
    "evidence": "string",
    "text": "string",
    "plain": "string",
    "moment": "string",
}


def statements(
    feedback: ir.Table,
    survey_answers: ir.Table,
    notes: Sequence[Mapping[str, Any]],
    *,
    engine: Engine,
) -> ir.Table:
    """All statements: feedback, answers in words or by choice, and notes of our own.

    Of the choices in a survey those count whose question asks after what customers want to know
    or want (`asks` in `topics.toml`); where they looked or what they did is no need. A text is a
    question when it holds a question mark.

    Returns:
        One row a statement: the columns of `COLUMNS`.
    """
    return ibis.union(
        _shaped(_feedback(feedback)),
        _shaped(_answers(survey_answers)),
        _shaped(_notes(notes, engine)),
    )


def _shaped(rows: ir.Table) -> ir.Table:
    return rows.select(**{name: rows[name].cast(kind) for name, kind in COLUMNS.items()})


def _feedback(feedback: ir.Table) -> ir.Table:
    said = feedback["subject"].fill_null("") + " . " + feedback["text"].fill_null("")
    rows = feedback.mutate(text=said, plain=plain(said))
    return rows.mutate(
        record_table=ibis.literal("feedback"),
        record_id=rows["feedback_id"],
        response_id=rows["feedback_id"],
        said_at=rows["occurred_at"],
        event=rows["kind"],
        language=language_of(rows["language"], rows["plain"]),
        kind=_kind(rows["text"]),
        evidence=ibis.ifelse(rows["kind"] == "note", "assumed", "measured"),
        moment=ibis.null("string"),
    )


def _answers(answers: ir.Table) -> ir.Table:
    answered = answers.filter(
        answers["kind"].isin(("open", "single", "multiple")) & answers["answer"].notnull()
    )
    rows = answered.mutate(plain=plain(answered["answer"]))
    asked = plain(rows["question"].fill_null(""))
    is_choice = rows["kind"] != "open"
    chosen = ibis.cases((_asks(asked, "question"), "question"), (_asks(asked, "need"), "need"))
    rows = rows.mutate(
        record_table=ibis.literal("survey_answers"),
        record_id=rows["answer_id"],
        said_at=rows["answered_at"],
        channel=ibis.literal("survey"),
        event=ibis.literal("survey"),
        language=language_of(ibis.null("string"), rows["plain"]),
        kind=ibis.ifelse(is_choice, chosen, _kind(rows["answer"])),
        evidence=ibis.literal("asked"),
        text=rows["answer"],
        moment=ibis.null("string"),
    )
    return rows.filter(rows["kind"].notnull())


def _asks(plain_question: ir.StringValue, kind: str) -> ir.BooleanValue:
    words = [word for language in LANGUAGES for word in asks()[kind][language]]
    return count_of(plain_question, pattern(words)) > 0


def _notes(notes: Sequence[Mapping[str, Any]], engine: Engine) -> ir.Table:
    names = ("note_id", "text", "language", "moment", "written_at")
    schema = pa.schema(
        [(name, pa.timestamp("us") if name == "written_at" else pa.string()) for name in names]
    )
    listed = [{name: note.get(name) for name in names} for note in notes]
    for note in listed:
        note["note_id"] = str(note["note_id"])
    rows = engine.table(pa.Table.from_pylist(listed, schema=schema))
    rows = rows.mutate(plain=plain(rows["text"]))
    return rows.mutate(
        record_table=ibis.literal("notes"),
        record_id=rows["note_id"],
        response_id=rows["note_id"],
        said_at=rows["written_at"],
        channel=ibis.literal("other"),
        event=ibis.literal("note"),
        language=language_of(rows["language"], rows["plain"]),
        kind=_kind(rows["text"]),
        evidence=ibis.literal("assumed"),
    )


def _kind(text: ir.StringValue) -> ir.StringValue:
    return ibis.ifelse(text.contains("?"), "question", "need")
