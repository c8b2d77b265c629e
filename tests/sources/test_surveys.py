"""Surveys: ratings in words, several ticks in a cell, and what Google Forms writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from klantreis.sources.survey import source as survey
from tests.sources.files import export_file, log_of, rows_of, taken, written

SAMPLES = Path(__file__).parent / "samples" / "survey"
FORM = SAMPLES / "Klantenonderzoek (Antwoorden).csv"


def answers(file: Path, folder: Path, **options: str) -> Sequence[dict[str, Any]]:
    """The answers in a file; all of it was loaded or put aside."""
    parts = taken(survey, [export_file(file, **options)], folder)
    log = log_of(parts)["survey_answers"]
    assert log.rows_read == log.rows_loaded + log.rows_quarantined + log.rows_doubled
    return rows_of(parts).get("survey_answers", [])


def wide(folder: Path, column: str, said: Sequence[str]) -> dict[str, tuple[str, float | None]]:
    """Kind and score of each answer to one question of a wide survey."""
    lines = [f'{n};11-01-2026 17:19;;"{text}"' for n, text in enumerate(said, 1)]
    text = "\n".join([f"Respondent;Ingevuld op;E-mail;{column}", *lines]) + "\n"
    rows = answers(written(folder / "wide.csv", text), folder / "parts")
    assert len(rows) == len(said)
    return {row["answer"]: (row["kind"], row["score"]) for row in rows}


def test_a_form_of_google_is_read_with_its_moments_ticks_and_scores(tmp_path: Path) -> None:
    rows = answers(FORM, tmp_path)
    told = {(row["question"], row["answer"]): row for row in rows}
    moments = {row["answered_at"] for row in rows}
    assert moments == {
        datetime(2026, 3, 5, 13, 31, 7),
        datetime(2026, 3, 5, 13, 35),
        datetime(2026, 3, 30, 8, 0),
        datetime(2026, 3, 29, 21, 5),
    }
    shop, found = "Hoe tevreden bent u over de winkel?", "Ik vond snel wat ik zocht"
    assert {a: (row["kind"], row["score"]) for (q, a), row in told.items() if q == shop} == {
        "Zeer tevreden": ("csat", 5),
        "Tevreden": ("csat", 4),
        "Weet ik niet": ("csat", None),
        "Zeer ontevreden": ("csat", 1),
    }
    assert {a: (row["kind"], row["score"]) for (q, a), row in told.items() if q == found} == {
        "Helemaal mee eens": ("single", 7),
        "Enigszins mee eens": ("single", 5),
        "Mee oneens": ("single", 2),
    }
    ticked = [row for row in rows if row["kind"] == "multiple"]
    assert sorted(row["answer"] for row in ticked) == [
        *("App", "App", "Folder", "Folder", "Website", "Website", "Website"),
    ]
    recommended = [row for row in rows if row["kind"] == "nps"]
    assert sorted(row["score"] for row in recommended) == [3, 9, 10]
    whole = {a for (q, a) in told if q in ("Koopt u ook online?", "Opmerking")}
    assert whole == {"Ja, in de webshop", "Nee", "Fijn, graag meer", "tevreden", "Te druk; te warm"}
    assert {row["person_id"] for row in rows} == {
        None,
        "shop:anna.dewit@voorbeeld.nl",
        "shop:jan@voorbeeld.nl",
    }


@pytest.mark.parametrize(
    ("moment", "slashes", "read"),
    [
        ("5-3-2026 14:31:07", "", datetime(2026, 3, 5, 13, 31, 7)),
        ("05.03.2026 14:31:07", "", datetime(2026, 3, 5, 13, 31, 7)),
        ("3/5/2026 14:31:07", "", None),
        ("3/5/2026 14:31:07", "month-day", datetime(2026, 3, 5, 13, 31, 7)),
        ("5/3/2026 14:31:07", "day-month", datetime(2026, 3, 5, 13, 31, 7)),
    ],
)
def test_a_day_with_slashes_is_read_only_where_it_was_said_what_comes_first(
    moment: str, slashes: str, read: datetime | None, tmp_path: Path
) -> None:
    file = written(tmp_path / "form.csv", f"Timestamp,Fijn?\n{moment},Ja\n")
    rows = answers(file, tmp_path / "parts", **({"slashes": slashes} if slashes else {}))
    assert [row["answered_at"] for row in rows] == ([read] if read else [])


def test_ticks_of_a_sheet_stand_apart_by_commas(tmp_path: Path) -> None:
    said = ["Prijs, Service", "Prijs", "Service, Dichtbij", "Dichtbij, Prijs"]
    lines = "".join(f'5-3-2026 14:31:0{n},"{text}"\n' for n, text in enumerate(said))
    rows = answers(written(tmp_path / "form.csv", f"Tijdstempel,Waarom hier?\n{lines}"), tmp_path)
    assert sorted(row["answer"] for row in rows) == [
        *("Dichtbij", "Dichtbij", "Prijs", "Prijs", "Prijs", "Service", "Service")
    ]
    assert len({row["response_id"] for row in rows}) == len(said)


def test_ratings_in_words_are_scores_of_five_points(tmp_path: Path) -> None:
    assert wide(
        tmp_path, "Tevredenheid", ["Zeer tevreden", "tevreden", "Neutraal", "5 sterren?"]
    ) == {
        "Zeer tevreden": ("csat", 5),
        "tevreden": ("csat", 4),
        "Neutraal": ("csat", 3),
        "5 sterren?": ("csat", None),
    }
    assert wide(
        tmp_path, "Het was druk", ["Strongly agree", "Somewhat agree", "Strongly disagree"]
    ) == {
        "Strongly agree": ("single", 5),
        "Somewhat agree": ("single", 4),
        "Strongly disagree": ("single", 1),
    }


def test_satisfaction_of_seven_points_comes_to_one_to_five(tmp_path: Path) -> None:
    said = ["Very satisfied", "Satisfied", "Somewhat satisfied", "Neutral"]
    scores = [score for _, score in wide(tmp_path, "De winkel", said).values()]
    assert scores == [5, 4.3333, 3.6667, 3]


def test_words_of_no_scale_stay_text(tmp_path: Path) -> None:
    for said in (
        ["tevreden", "mooie winkel", "te druk"],  # an open question
        ["Eens", "Oneens"],  # a choice of two
        ["Zeer tevreden", "Helemaal mee eens"],  # of two scales
    ):
        assert wide(tmp_path, "Vraag", said) == dict.fromkeys(said, ("open", None))


def test_a_long_survey_has_ratings_in_words(tmp_path: Path) -> None:
    rows = answers(SAMPLES / "stellingen_2026.csv", tmp_path)
    assert [(row["kind"], row["score"]) for row in rows if "bezorging" in row["question"]] == [
        ("csat", 5),
        ("csat", 3.6667),
        ("csat", 1.6667),
        ("csat", None),
    ]
    assert [(row["kind"], row["score"]) for row in rows if "staff" in row["question"]] == [
        ("single", 5),
        ("single", 3),
    ]


def test_a_file_with_a_timestamp_and_no_question_is_no_survey(tmp_path: Path) -> None:
    file = written(tmp_path / "log.csv", "Timestamp,user,amount\n2026-01-05 10:00:00,1,2\n")
    assert survey.recognise(export_file(file)) == 0
    assert survey.recognise(export_file(FORM)) >= 0.5


@pytest.mark.parametrize(
    "text",
    [
        # As the form gives them: nothing else writes moments like that.
        "Timestamp,Email Address,Overall rating,Remarks\n"
        "2026/03/05 2:31:07 PM GMT+1,a@example.com,5,Fine\n"
        "2026/03/06 9:01:17 AM GMT+1,b@example.com,4,\n",
        "Tijdstempel,Cijfer\n2026/03/05 2:31:07 p.m. CET,8\n",
        # As its sheet gives them.
        "Tijdstempel;Hoe tevreden bent u over ons;Wat kan er beter;Mogen wij u bellen\n"
        "4-5-2026 10:59:37;5;Meer kassa's;Ja\n14-5-2026 9:01:05;3;;Ja\n",
        "Timestamp,How satisfied are you,What could be better,Age group\n"
        "3/5/2026 14:31:07,4,More staff,25-34\n3/6/2026 9:00:01,5,Nothing,35-44\n",
    ],
)
def test_a_form_without_a_question_mark_is_told_by_its_moments_and_questions(
    text: str, tmp_path: Path
) -> None:
    assert survey.recognise(export_file(written(tmp_path / "form.csv", text))) >= 0.5


@pytest.mark.parametrize(
    "text",
    [
        # Orders, sensors, visits and logs that begin with a moment.
        "Timestamp,Order number,Total incl VAT,Customer email address\n"
        "3/5/2026 14:31:07,100023,47.96,a@example.com\n3/6/2026 14:31:07,100024,5.00,b@example.com\n",
        "Tijdstempel;Nummer van bestelling;Totaal incl btw;E-mail van klant\n"
        "4-5-2026 10:59:37;100023;47,96;a@voorbeeld.nl\n14-5-2026 9:01:05;100024;5,00;\n",
        "Timestamp,User,Action,Message\n3/5/2026 14:31:07,anna,login,signed in\n",
        "Timestamp,Page that was seen,Address of the visitor\n3/5/2026 14:31:07,/lampen,10.0.0.1\n",
        "Timestamp,What the user did,Name of the user\n2026-03-05T14:31:07Z,login,anna\n",
        "Timestamp,What the user did,Name of the user\n2026-03-05 14:31:07,login,anna\n",
        # Nothing below tells anything.
        "Timestamp,How satisfied are you,What could be better\n",
        # The moment stands elsewhere.
        "How satisfied are you,What could be better,Timestamp\n5,Nothing,3/5/2026 14:31:07\n",
    ],
)
def test_records_that_begin_with_a_moment_are_no_survey(text: str, tmp_path: Path) -> None:
    assert survey.recognise(export_file(written(tmp_path / "log.csv", text))) == 0
