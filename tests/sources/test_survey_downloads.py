"""Surveys as Typeform, Microsoft Forms and SurveyMonkey hand them out."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from klantreis.errors import SettingsError
from klantreis.sources import raw_rows, recognise_source
from klantreis.sources.mending import mended
from klantreis.sources.reading.subheadings import names_over_two
from klantreis.sources.survey import source as survey
from tests.sources.files import export_file, log_of, mapped, rows_of, taken, written

SAMPLES = Path(__file__).parent / "samples" / "survey"
TYPEFORM = SAMPLES / "typeform_responses.csv"
FORMS, FORMS_SAVED = SAMPLES / "Customer survey(1-4).xlsx", SAMPLES / "Klantenonderzoek(1-4).csv"
MONKEY = SAMPLES / "surveymonkey_responses.csv"
BOUGHT = "Welke producten kocht u?"
STAFF = "Wat vond u van het personeel?"
Rows = Sequence[dict[str, Any]]


def tables(file: Path, folder: Path, **options: str) -> dict[str, Rows]:
    """What comes of a file; all of it was loaded or put aside."""
    parts = taken(survey, [export_file(file, **options)], folder)
    for line in log_of(parts).values():
        assert line.rows_read == line.rows_loaded + line.rows_quarantined + line.rows_doubled
    return {"survey_answers": [], "quarantine": [], **rows_of(parts)}


def told(rows: Rows, *names: str) -> list[tuple[Any, ...]]:
    return sorted((tuple(row[name] for name in names) for row in rows), key=str)


def of_kind(rows: Rows, kind: str) -> list[tuple[Any, ...]]:
    return told([row for row in rows if row["kind"] == kind], "question", "answer", "score")


def saved_as_workbook(text: Path, folder: Path) -> Path:
    """The same as somebody saves it in a spreadsheet: moments are typed."""
    sheet = (book := Workbook()).active
    assert sheet is not None
    with text.open(encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines):
            sheet.append([_typed(cell) for cell in row])
    book.save(folder / "saved.xlsx")
    return folder / "saved.xlsx"


def _typed(cell: str) -> object:
    try:
        return datetime.strptime(cell, "%m/%d/%Y %I:%M:%S %p")
    except ValueError:
        return int(cell) if cell.isdigit() else cell or None


@pytest.mark.parametrize("file", [TYPEFORM, FORMS, FORMS_SAVED, MONKEY], ids=lambda file: file.stem)
def test_each_tool_is_recognised_by_itself(file: Path) -> None:
    assert recognise_source(export_file(file)) is survey


def test_answers_of_typeform_have_moments_in_utc_ticks_and_scores(tmp_path: Path) -> None:
    read = tables(TYPEFORM, tmp_path)
    rows = read["survey_answers"]
    assert of_kind(rows, "nps") == [
        ("Hoe waarschijnlijk is het dat u ons aanbeveelt?", "10", 10),
        ("Hoe waarschijnlijk is het dat u ons aanbeveelt?", "4", 4),
        ("Hoe waarschijnlijk is het dat u ons aanbeveelt?", "9", 9),
    ]
    assert [score for _, _, score in of_kind(rows, "csat")] == [2, 3, 4, 5]
    assert of_kind(rows, "multiple") == [
        ("Folder", "Folder", None),
        ("Website", "Website", None),
        ("Website", "Website", None),
    ]
    assert ("Other", "Via mijn buurvrouw", None) in of_kind(rows, "open")
    assert {row["answered_at"] for row in rows} == {
        datetime(2026, 1, 11, 23, 2, 45),
        datetime(2026, 1, 12, 11, 1, 45),
        datetime(2026, 1, 13, 12, 4, 45),
        datetime(2026, 1, 14, 8, 0, 58),  # of the last step of what was not finished
    }
    assert told(read["persons"], "person_id", "email") == [
        ("shop:anna@voorbeeld.nl", "Anna@voorbeeld.nl"),
        ("shop:bram@voorbeeld.nl", "bram@voorbeeld.nl"),
    ]
    assert not {"utm_source", "Tags", "Ending"} & {row["question"] for row in rows}


def test_an_option_that_two_questions_of_typeform_have_is_ticked_in_both(
    tmp_path: Path,
) -> None:
    text = (
        "#,Geen,Geen,Anders,Start Date (UTC),Submit Date (UTC),Network ID\n"
        "a1,Geen,Geen,Anders dan u denkt,2026-01-05 10:00:00,2026-01-05 10:01:00,n1\n"
    )
    rows = tables(written(tmp_path / "form.csv", text), tmp_path / "parts")["survey_answers"]
    assert told(rows, "question", "kind") == [
        ("Anders", "open"),
        ("Geen (2)", "multiple"),
        ("Geen", "multiple"),
    ]


def test_answers_of_microsoft_forms_are_the_same_from_a_workbook_and_saved_as_text(
    tmp_path: Path,
) -> None:
    rows = tables(FORMS, tmp_path / "sheet")["survey_answers"]
    saved = tables(FORMS_SAVED, tmp_path / "text")["survey_answers"]
    assert [answer for _, answer, _ in of_kind(rows, "multiple")] == [
        *("A friend, neighbour", "App", "Leaflet", "Website"),
    ]
    assert [answer for _, answer, _ in of_kind(saved, "multiple")] == [
        *("App", "Folder", "Mond-tot-mond, buren", "Website"),
    ]
    assert [score for _, _, score in of_kind(rows, "nps")] == [10, 3, 9]
    assert [score for _, _, score in of_kind(rows, "csat")] == [1, 4, 5]
    assert [(a, score) for _, a, score in of_kind(saved, "csat")] == [
        *(("Ontevreden", 2), ("Tevreden", 4), ("Zeer tevreden", 5)),
    ]
    assert "Quiet; space" in {answer for _, answer, _ in of_kind(rows, "open")}
    moments = {datetime(2026, 1, day, hour, 2, 45) for day, hour in ((11, 9), (12, 13), (13, 13))}
    assert {row["answered_at"] for row in rows} == moments
    assert {row["answered_at"] for row in saved} == moments
    assert {row["response_id"] for row in rows} == {row["response_id"] for row in saved}
    assert {row["person_id"] for row in saved} == {None, "shop:anna.dewit@voorbeeld.nl"}


def test_who_filled_in_microsoft_forms_is_known_by_address_and_name(tmp_path: Path) -> None:
    people = tables(FORMS, tmp_path)["persons"]
    assert told(people, "person_id", "first_name", "last_name") == [
        ("shop:anna.dewit@voorbeeld.nl", "Anna", "de Wit")
    ]


@pytest.mark.parametrize(
    ("moment", "slashes", "read"),
    [
        ("3-5-2026 14:31:07", "", datetime(2026, 5, 3, 12, 31, 7)),
        ("3/5/26 14:31:07", "", None),
        ("3/5/26 14:31:07", "month-day", datetime(2026, 3, 5, 13, 31, 7)),
        ("3-5-26 14:31:07", "month-day", datetime(2026, 3, 5, 13, 31, 7)),
        ("3/5/2026 14:31:07", "month-day", datetime(2026, 3, 5, 13, 31, 7)),
        ("3/5/26 14:31", "day-month", datetime(2026, 5, 3, 12, 31)),
    ],
)
def test_days_of_microsoft_forms_that_may_mean_two_things_wait_for_a_word(
    moment: str, slashes: str, read: datetime | None, tmp_path: Path
) -> None:
    heading = "ID,Start time,Completion time,Email,Name,Fijn?"
    file = written(tmp_path / "form.csv", f"{heading}\n1,{moment},{moment},anonymous,,Ja\n")
    options = {"slashes": slashes} if slashes else {}
    found = tables(file, tmp_path / "parts", **options)
    assert [row["answered_at"] for row in found["survey_answers"]] == ([read] if read else [])
    assert len(found["quarantine"]) == (read is None)


def test_answers_of_surveymonkey_have_options_and_rows_of_the_second_line(tmp_path: Path) -> None:
    read = tables(MONKEY, tmp_path)
    rows = read["survey_answers"]
    assert of_kind(rows, "multiple") == [
        (BOUGHT, "Meubels", None),
        (BOUGHT, "Meubels", None),
        (BOUGHT, "Tuin", None),
        (BOUGHT, "Verlichting", None),
    ]
    assert {row["question_id"] for row in rows if row["kind"] == "multiple"} == {
        "welke_producten_kocht_u"
    }
    assert of_kind(rows, "open") == [
        ("Wat kan beter?", "Meer kassa's\nopen", None),
        (f"{STAFF} [Deskundigheid]", "Goed", None),
        (f"{STAFF} [Deskundigheid]", "Zeer goed", None),
        (f"{STAFF} [Vriendelijkheid]", "Goed", None),
        (f"{STAFF} [Vriendelijkheid]", "Slecht", None),
        (f"{BOUGHT} [Other (please specify)]", "Een kleed", None),
    ]
    assert [score for _, _, score in of_kind(rows, "csat")] == [2, 4, 5]
    assert [score for _, _, score in of_kind(rows, "nps")] == [10, 2, 9]
    assert {row["answered_at"] for row in rows} == {
        datetime(2026, 1, 11, 9, 2, 45),
        datetime(2026, 1, 14, 11, 2, 45),
        datetime(2026, 1, 15, 13, 2, 45),
    }
    assert told(read["persons"], "person_id", "first_name", "last_name") == [
        ("shop:anna@voorbeeld.nl", "Anna", "de Vries"),
        ("shop:bram@voorbeeld.nl", "Bram", "Bos"),
    ]


def test_surveymonkey_saved_as_a_workbook_gives_the_same(tmp_path: Path) -> None:
    whole = MONKEY.read_text(encoding="utf-8").rpartition("11800000004")[0]
    text = written(tmp_path / "whole.csv", whole)
    sheet = saved_as_workbook(text, tmp_path)
    names = ("answer_id", "question", "answer", "score", "answered_at", "person_id")
    first = tables(text, tmp_path / "text")["survey_answers"]
    second = tables(sheet, tmp_path / "sheet")["survey_answers"]
    assert len(first) == 16
    assert told(first, *names) == told(second, *names)


def test_a_file_without_the_second_line_loses_no_respondent(tmp_path: Path) -> None:
    text = (
        "Respondent ID,Collector ID,Start Date,End Date,Hoe tevreden bent u?,Fijn?\n{}"
        "1,9,01/11/2026 10:00:12 AM,01/11/2026 10:02:45 AM,5,Ja\n"
        "2,9,01/12/2026 10:00:12 AM,01/12/2026 10:02:45 AM,4,Nee\n"
    )
    for second in ("", ",,,,,\n", ",,,,Antwoord,Antwoord\n", ",,,,Réponse,Réponse\n"):
        file = written(tmp_path / "survey.csv", text.format(second))
        rows = tables(file, tmp_path / f"parts {len(second)}")["survey_answers"]
        assert told(rows, "question", "answer") == [
            *(("Fijn?", "Ja"), ("Fijn?", "Nee")),
            *(("Hoe tevreden bent u?", "4"), ("Hoe tevreden bent u?", "5")),
        ], second


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        (["ID", "Q?", ""], ["", "Response", "Other"], ["ID", "Q?", "Q? [Other]"]),
        (["ID", "Q?"], ["", "Ja, graag"], ["ID", "Q?"]),  # its only option
        (["ID", "Q?"], ["", "A", "B"], ["ID", "Q? [A]", "Q? [B]"]),  # a sheet drops empty ends
        (["ID", "Q?", "", "Q?", ""], ["", "A", "B", "A", "B"], ["ID", "Q? [A]", "Q? [B]", "Q? [A] (2)", "Q? [B] (2)"]),
        (["ID", " Q\n?", ""], ["", "A", ""], ["ID", "Q ? [A]", "column 3"]),
    ],
)  # fmt: skip
def test_names_over_two_lines_are_joined(
    first: list[str], second: list[str], names: list[str]
) -> None:
    assert names_over_two(first, second) == names


def test_a_broken_record_right_below_the_names_is_put_aside_on_its_line(tmp_path: Path) -> None:
    lines = MONKEY.read_text(encoding="utf-8").splitlines(keepends=True)
    text = "".join([*lines[:3], "11800000009,4\n", *lines[3:]])
    found = tables(written(tmp_path / "survey.csv", text), tmp_path / "parts")
    assert len(found["survey_answers"]) == 16
    assert [row["line"] for row in found["quarantine"]] == [4, 9, 10]


@pytest.mark.parametrize("is_sheet", [False, True])
def test_a_record_below_two_lines_of_names_is_found_again_and_repaired(
    is_sheet: bool, tmp_path: Path
) -> None:
    file = saved_as_workbook(MONKEY, tmp_path) if is_sheet else MONKEY
    wrong = next(r for r in tables(file, tmp_path / "first")["quarantine"] if r["column"])
    shown = raw_rows(survey, export_file(file), [wrong["line"]])
    meant = next(row for row in shown.rows if row.is_meant)
    cells = dict(zip(shown.columns, meant.cells, strict=True))
    assert cells["Respondent ID"] == "11800000004"
    assert cells["Hoe tevreden bent u over uw bezoek?"] == "Tevreden"
    assert f"{BOUGHT} [Tuin]" in shown.columns
    change = {wrong["line"]: {wrong["column"]: "01/16/2026 02:02:00 PM"}}
    repaired = mended(file, change, tmp_path / "mended")
    rows = tables(repaired, tmp_path / "second")["survey_answers"]
    assert datetime(2026, 1, 16, 13, 2) in {row["answered_at"] for row in rows}


def test_the_import_log_has_the_names_over_two_lines(tmp_path: Path) -> None:
    parts = taken(survey, [export_file(MONKEY)], tmp_path)
    assert f"{STAFF} [Deskundigheid]" in log_of(parts)["survey_answers"].headings


def test_a_mapping_has_to_say_what_the_second_line_leaves_empty(tmp_path: Path) -> None:
    toml = 'subheadings = true\n[[table]]\ntable = "products"\n[table.columns]\nproduct_id = "nr"\n'
    with pytest.raises(SettingsError, match="columns that the second line leaves empty"):
        mapped(tmp_path, toml, "nr\n1\n")
