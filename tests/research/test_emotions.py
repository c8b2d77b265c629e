from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantreis.engine import Engine
from klantreis.research import emotions
from tests.research.test_questions import answered, said
from tests.rows import Row, at_hand, made

NOON = datetime(2026, 3, 1, 12)


def felt(
    engine: Engine,
    feedback: Sequence[Row] = (),
    answers: Sequence[Row] = (),
    timeline: Sequence[Row] = (),
    questions: Sequence[Row] = (),
) -> list[dict[str, Any]]:
    result = emotions(
        at_hand("feedback", feedback, engine),
        at_hand("survey_answers", answers, engine),
        at_hand("timeline", timeline, engine),
        at_hand("steps", [], engine),
        at_hand("questions", questions, engine),
        engine=engine,
    )
    return made("emotions", result, engine)


def text_emotion(engine: Engine, text: str, language: str = "nl") -> float | None:
    rows = felt(engine, [said(1, text, language=language)])
    return rows[0]["emotion"] if rows else None


@pytest.mark.parametrize(
    ("score", "highest", "emotion"),
    [(1, 5, -2), (3, 5, 0), (5, 5, 2), (10, 10, 2), (1, 10, -2), (0, 1, -2), (1, 1, 2)],
)
def test_stars_marks_and_thumbs_go_to_one_scale(
    duckdb_engine: Engine, score: float, highest: float, emotion: float
) -> None:
    [row] = felt(duckdb_engine, [said(1, "", score=score, score_max=highest)])
    assert (row["kind"], row["emotion"], row["evidence"]) == ("score", emotion, "measured")


@pytest.mark.parametrize(("nps", "emotion"), [(0, -2), (6, -1), (7, 0), (8, 0), (9, 1), (10, 2)])
def test_the_recommendation_score_is_read_as_detractor_passive_promoter(
    duckdb_engine: Engine, nps: int, emotion: float
) -> None:
    [row] = felt(duckdb_engine, answers=[{**answered(1, "NPS", "", "nps"), "score": nps}])
    assert (row["emotion"], row["evidence"]) == (emotion, "asked")


def test_of_one_survey_the_mean_of_its_scores_counts_once(duckdb_engine: Engine) -> None:
    scores = [
        {**answered(1, "NPS", "", "nps"), "score": 10},
        {**answered(2, "Tevreden", "", "csat"), "score": 3, "response_id": "r1"},
        {**answered(3, "Gemak", "", "ces"), "score": 1, "response_id": "r1"},
    ]
    [row] = felt(duckdb_engine, answers=scores)
    assert (row["record_id"], row["emotion"]) == ("r1", 1)


@pytest.mark.parametrize(
    ("text", "language", "sign"),
    [
        ("Geweldig geholpen, ik ben heel blij", "nl", 1),
        ("Wat een drama, nooit meer", "nl", -1),
        ("Wonderful, I love it", "en", 1),
        ("Terrible, it was broken", "en", -1),
        ("Niet goed", "nl", -1),
        ("Not good", "en", -1),
    ],
)
def test_texts_are_judged_by_their_words(
    duckdb_engine: Engine, text: str, language: str, sign: int
) -> None:
    emotion = text_emotion(duckdb_engine, text, language)
    assert emotion is not None
    assert emotion * sign > 0


def test_politeness_is_no_feeling(duckdb_engine: Engine) -> None:
    assert text_emotion(duckdb_engine, "Beste mensen, met vriendelijke groet, Jan") is None
    assert text_emotion(duckdb_engine, "Dear Sir, kind regards, John", "en") is None


def test_a_note_of_an_employee_is_no_feeling_of_the_customer(duckdb_engine: Engine) -> None:
    assert felt(duckdb_engine, [said(1, "geweldig", kind="note")]) == []


def test_what_happens_counts_with_its_assumed_value_and_whose_it_is(
    any_engine_at_length: Engine,
) -> None:
    moment = {"customer_id": 7, "occurred_at": NOON, "channel": "web", "record_table": "events"}
    timeline = [
        {**moment, "position": 1, "event": "payment_failed", "record_id": "e1"},
        {**moment, "position": 2, "event": "view_item", "record_id": "e2"},
        {**moment, "position": 3, "event": "ticket", "record_table": "feedback", "record_id": "f1"},
    ]
    spoken = said(1, "Dit is niet goed, wat een drama. Wel een vriendelijke medewerker.")
    happened, told = felt(any_engine_at_length, [spoken], timeline=timeline)
    assert (happened["kind"], happened["evidence"]) == ("behaviour", "assumed")
    assert (happened["emotion"], happened["touchpoint"]) == (-1, "web.payment_failed")
    assert (told["kind"], told["evidence"], told["customer_id"]) == ("text", "measured", 7)
    assert round(told["emotion"], 3) == -0.258


def test_the_main_topic_of_a_statement_is_taken_over(duckdb_engine: Engine) -> None:
    topic = {"record_table": "feedback", "record_id": "f1", "topic": "price", "is_main": True}
    other = {**topic, "topic": "stock", "is_main": False}
    rows = felt(duckdb_engine, [said(1, "waardeloos")], questions=[topic, other])
    assert [row["topic"] for row in rows] == ["price"]


@settings(max_examples=12)
@given(text=st.text(max_size=80), language=st.sampled_from(["nl", "en", None]))
def test_no_text_leaves_the_scale(duckdb_engine: Engine, text: str, language: str | None) -> None:
    rows = felt(duckdb_engine, [said(1, text, language=language)])
    assert all(-2 <= row["emotion"] <= 2 for row in rows)
