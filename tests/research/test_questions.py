from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from klantreis.engine import Engine
from klantreis.errors import InputError
from klantreis.research import questions, shipped_topics, topic_list
from tests.rows import Row, at_hand, made

NOON = datetime(2026, 3, 1, 12)


def said(number: int, text: str, **more: Any) -> Row:
    return {
        "feedback_id": f"f{number}",
        "kind": "ticket",
        "channel": "service",
        "occurred_at": NOON,
        "text": text,
        **more,
    }


def answered(number: int, question: str, answer: str, kind: str = "multiple") -> Row:
    return {
        "answer_id": f"a{number}",
        "response_id": f"r{number}",
        "question": question,
        "answer": answer,
        "kind": kind,
        "answered_at": NOON,
    }


def asked(
    engine: Engine,
    feedback: Sequence[Row] = (),
    answers: Sequence[Row] = (),
    timeline: Sequence[Row] = (),
    steps: Sequence[Row] = (),
    topics: Sequence[Mapping[str, Any]] = (),
    notes: Sequence[Mapping[str, Any]] = (),
) -> list[dict[str, Any]]:
    result = questions(
        at_hand("feedback", feedback, engine),
        at_hand("survey_answers", answers, engine),
        at_hand("timeline", timeline, engine),
        at_hand("steps", steps, engine),
        engine=engine,
        topics=topics,
        notes=notes,
    )
    return made("questions", result, engine)


def topics_of(rows: Sequence[Mapping[str, Any]]) -> set[str]:
    return {row["topic"] for row in rows}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Wanneer komt de kast weer op voorraad?", "stock"),
        ("When will the lamp be back in stock?", "stock"),
        ("Hoeveel korting krijg ik?", "price"),
        ("What are the measurements of this table?", "product_details"),
        ("Ik wil mijn geld terug.", "refund"),
        ("The parcel has not arrived.", "late_parcel"),
    ],
)
def test_a_statement_goes_to_the_topic_of_its_words_in_both_languages(
    duckdb_engine: Engine, text: str, topic: str
) -> None:
    rows = asked(duckdb_engine, [said(1, text)])
    assert [row["topic"] for row in rows if row["is_main"]] == [topic]


def test_a_statement_about_two_topics_has_a_row_for_each_and_one_main(
    any_engine_at_length: Engine,
) -> None:
    text = "Wat kost het? Is de prijs met korting? En kan het retour?"
    rows = asked(any_engine_at_length, [said(1, text)])
    assert {row["topic"]: row["keywords"] for row in rows} == {"price": 2, "returns": 1}
    assert [row["topic"] for row in rows if row["is_main"]] == ["price"]


def test_a_statement_without_a_keyword_is_about_nothing(duckdb_engine: Engine) -> None:
    assert asked(duckdb_engine, [said(1, "Hallo allemaal"), said(2, "")]) == []


def test_a_word_is_a_word_and_not_a_part_of_another(duckdb_engine: Engine) -> None:
    assert "price" not in topics_of(asked(duckdb_engine, [said(1, "het avontuur is duurzaam")]))


def test_a_question_mark_makes_a_question(duckdb_engine: Engine) -> None:
    rows = asked(duckdb_engine, [said(1, "Is er korting?"), said(2, "De korting klopt niet.")])
    kinds = {row["record_id"]: row["kind"] for row in rows if row["topic"] == "price"}
    assert kinds == {"f1": "question", "f2": "need"}


def test_choices_count_where_the_survey_asks_what_customers_want(duckdb_engine: Engine) -> None:
    rows = asked(
        duckdb_engine,
        answers=[
            answered(1, "Wat wilde u vooral weten?", "Prijs en aanbiedingen"),
            answered(2, "Waarom koos u deze winkel?", "Dichtbij"),
            answered(3, "Waar heeft u zich georiënteerd?", "Website"),
            answered(4, "Opmerking", "Waar is mijn pakket?", "open"),
        ],
    )
    found = {(row["record_id"], row["topic"], row["kind"]) for row in rows if row["is_main"]}
    assert found == {
        ("a1", "price", "question"),
        ("a2", "nearby", "need"),
        ("a4", "late_parcel", "question"),
    }
    assert {row["evidence"] for row in rows} == {"asked"}


def test_the_moment_is_where_the_customer_stood_else_as_the_topic_usually_is(
    any_engine_at_length: Engine,
) -> None:
    at = {"occurred_at": NOON, "channel": "service", "event": "ticket"}
    timeline = [
        {"customer_id": 7, "position": 1, "record_table": "feedback", "record_id": "f1", **at}
    ]
    step = {
        "journey_id": "7-1",
        "customer_id": 7,
        "position": 4,
        "touchpoint": "service.ticket",
        "channel": "service",
        "event": "ticket",
        "moment": "after",
        "entered_at": NOON - timedelta(minutes=1),
        "left_at": NOON,
    }
    text = "Wat is de prijs?"
    rows = asked(
        any_engine_at_length, [said(1, text), said(2, text)], timeline=timeline, steps=[step]
    )
    found = [(row["customer_id"], row["moment"], row["journey_id"]) for row in rows]
    assert found == [(7, "after", "7-1"), (None, "before", None)]


def test_notes_of_our_own_count_as_assumed(duckdb_engine: Engine) -> None:
    note = {
        "note_id": 3,
        "text": "Klanten vragen naar de garantie",
        "language": "nl",
        "moment": "before",
        "written_at": NOON,
    }
    [row] = asked(duckdb_engine, notes=[note])
    assert (row["topic"], row["moment"], row["evidence"]) == ("warranty", "before", "assumed")
    assert (row["record_table"], row["record_id"], row["customer_id"]) == ("notes", "3", None)


def test_the_owner_adds_changes_and_takes_off_topics(duckdb_engine: Engine) -> None:
    own = {
        "id": "gifts",
        "moment": "before",
        "name": {"nl": "Cadeaus", "en": "Gifts"},
        "keywords": {"nl": ["cadeau*"], "en": ["gift*"]},
    }
    changes: list[Mapping[str, Any]] = [own, {"id": "price", "is_removed": True}]
    rows = asked(duckdb_engine, [said(1, "Is er een cadeaubon met korting?")], topics=changes)
    assert topics_of(rows) == {"gifts"}
    assert len(topic_list(changes)) == len(shipped_topics())


@pytest.mark.parametrize(
    "change",
    [
        {"id": "Not an id"},
        {"id": "x", "moment": "later"},
        {"id": "x", "moment": "before", "name": {"nl": "X"}},
        {
            "id": "x",
            "moment": "before",
            "name": {"nl": "X", "en": "X"},
            "keywords": {"nl": ["*"], "en": ["a"]},
        },
    ],
)
def test_a_wrong_topic_is_refused(change: Mapping[str, Any]) -> None:
    with pytest.raises(InputError, match="topic"):
        topic_list([change])


def test_every_shipped_keyword_finds_itself(duckdb_engine: Engine) -> None:
    feedback = [
        said(number, keyword.replace("*", "x"), language=language, subject=topic.id)
        for number, (topic, language, keyword) in enumerate(
            (topic, language, keyword)
            for topic in shipped_topics()
            for language, keywords in topic.keywords.items()
            for keyword in keywords
        )
    ]
    found = {(row["record_id"], row["topic"]) for row in asked(duckdb_engine, feedback)}
    assert {(row["feedback_id"], row["subject"]) for row in feedback} <= found
