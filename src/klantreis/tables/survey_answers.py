"""The contract of `survey_answers`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="survey_answers",
    room="sources",
    meaning="One answer to one question of a survey.",
    key=("answer_id",),
    columns=(
        column("answer_id", "string", "unique for response, question and choice", required=True),
        column(
            "source", "string", "name of the source folder that the record came from", required=True
        ),
        column(
            "file_id",
            "string",
            "import file that the record came from; see the import log",
            required=True,
        ),
        column(
            "person_id",
            "string",
            "the person record that it belongs to; empty when the source does not know who",
        ),
        column("survey_id", "string", "the survey", required=True),
        column("response_id", "string", "one filled-in survey", required=True),
        column("question_id", "string", "the question", required=True),
        column("question", "string", "its text"),
        column(
            "kind",
            "string",
            "kind of question",
            required=True,
            allowed=("nps", "csat", "ces", "single", "multiple", "open", "number"),
        ),
        column("answer", "string", "the answer in words"),
        column("score", "float64", "the answer as a number, where it is one"),
        column("answered_at", "timestamp(6)", "when", unit="UTC", required=True),
    ),
    period="answered_at",
)
