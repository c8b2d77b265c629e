"""Answers of a form of which no question ends with a question mark, told from logs and orders.

A form is told by its moments, that stand first, and by its questions. The file that Google Forms
makes itself writes moments as nothing else does (`2026/03/05 2:31:07 PM GMT+1`); those of a sheet
are found elsewhere too, so that the questions must read as questions and no answer as a record.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from klantreis.sources.reading.dialect import LATER_NAME, NAMELESS

__all__ = ["are_answers"]

OF_A_FORM = re.compile(
    r"^\d{4}/\d{1,2}/\d{1,2} \d{1,2}:\d{2}:\d{2} [AaPp]\.? ?[Mm]\.? [A-Z]{2,5}([+-]\d{1,2}(:\d{2})?)?$"
)
# Of a sheet, in its own language, and of a workbook.
OF_A_SHEET = re.compile(
    r"^\d{1,2}([-/.])\d{1,2}\1\d{4} \d{1,2}:\d{2}:\d{2}$|^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?$"
)
ADDRESSES = frozenset(("email address", "e-mailadres", "username", "gebruikersnaam"))
# What records hold and answers hardly do: amounts, moments, addresses of machines and pages, codes.
RECORD = re.compile(
    r"^[-+]?[€$£]?\s?\d[\d.,]*[.,]\d{2}$|^\d{5,}$|^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?$"
    r"|^\d{1,3}(\.\d{1,3}){3}$|^(https?://|/)\S+$|^(?=.*\d)(?=.*[A-Za-z_#])[\w#:-]{5,}$"
)
WORDS = 3  # of a question: names of columns in records have one or two
ASKING = 0.5  # so many of the columns read as questions
OTHER = 2  # columns beside the moment and the address


def are_answers(heading: Sequence[str], rows: Sequence[Sequence[str]], *, is_sheet: bool) -> bool:
    """Whether rows below a heading that begins with a moment are answers to questions.

    Args:
        heading: names of the columns.
        rows: the first lines of the file, also others than records.
        is_sheet: of a workbook; only there a day may begin with its year.
    """
    records = [row for row in rows if len(row) == len(heading) and _is_moment(row[0], is_sheet)]
    questions = [n for n, name in enumerate(heading) if n and name.casefold() not in ADDRESSES]
    if not records or len(questions) < OTHER:
        return bool(records and questions) and _are_of_a_form(records)
    if _are_of_a_form(records):
        return True
    asking = [n for n in questions if len(heading[n].split()) >= WORDS]
    if len(asking) < ASKING * len(questions):
        return False
    return not any(_holds_records([row[n] for row in records]) for n in questions)


def _holds_records(cells: Sequence[str]) -> bool:
    """Whether nothing but what records hold stands in a column."""
    values = [LATER_NAME.sub(r"\g<name>", cell) for cell in cells if not NAMELESS.match(cell)]
    return bool(values) and all(map(RECORD.match, values))


def _is_moment(text: str, is_sheet: bool) -> bool:
    if OF_A_FORM.match(text):
        return True
    return bool(OF_A_SHEET.match(text)) and (is_sheet or not text[:4].isdigit())


def _are_of_a_form(records: Sequence[Sequence[str]]) -> bool:
    return all(OF_A_FORM.match(row[0]) for row in records)
