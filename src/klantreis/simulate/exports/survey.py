"""The customer survey as a Dutch survey tool exports it: wide, a row a respondent."""

from __future__ import annotations

from klantreis.simulate.desk import Desk, Flaw, Sheet, csv_row, quoted
from klantreis.simulate.market import Market
from klantreis.simulate.reference import toml
from klantreis.simulate.voices import SURVEY
from klantreis.simulate.wording import QUESTIONS

__all__ = ["export_survey"]

COLUMNS = (
    "Respondent;Ingevuld op;E-mail;NPS;Tevredenheid;Gemak;Waar heeft u zich georiënteerd?;"
    "Wat wilde u vooral weten?;Waarom koos u deze winkel?;Was de aankoop gepland?;Opmerking"
)

# One in twenty leaves a score open.
ANSWERS = f"""
CREATE TABLE answers AS
SELECT v.*, row_number() OVER (ORDER BY said_at, voice) AS respondent, local_time(said_at) AS local_at, coalesce(e.address, '') AS address
FROM voices v LEFT JOIN emails e ON e.email = v.email WHERE place = {SURVEY}
"""


def _ticked(column: str, options: list[str]) -> str:
    boxes = ", ".join(
        f"CASE WHEN {column} & {1 << number} > 0 THEN {option!r} END"
        for number, option in enumerate(options)
    )
    return f"concat_ws(', ', {boxes})"


def export_survey(desk: Desk, market: Market) -> None:
    """Write the answers by year."""
    desk.run(ANSWERS)
    survey = toml("survey")
    row = csv_row(
        "respondent", "strftime(local_at, '%d-%m-%Y %H:%M')", "address", "nps",
        "CASE WHEN voice % 20 > 0 THEN csat END", "CASE WHEN voice % 19 > 0 THEN ease END",
        *(_ticked(name, survey[name]) for name in QUESTIONS),
        quoted("replace(body, '{order}', '')", ";"),
        separator=";",
    )  # fmt: skip
    for year in sorted({month[:4] for month in market.plan.calendar_months}):
        desk.lines(
            Sheet(
                f"exports/survey/enquete_{year}.csv",
                COLUMNS,
                separator=";",
                flaws=(Flaw("unparsable amount", "NPS", 3, "elf"), Flaw("too few columns")),
                rate=0.004,
            ),
            f"SELECT {row} FROM answers WHERE year(local_at) = {year} ORDER BY respondent",
        )
