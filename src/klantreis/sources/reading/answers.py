"""What all answers to a question of a survey tell of it: a scale in words, numbers, several ticks in a cell.

A rating in words has a direction and a strength: *very* and *completely* 3, the word alone 2, *somewhat* 1,
neither 0. Which scale it is of is told by all answers to the question in the file: with both strengths 2 and
1 it has seven points (4 and the strength), else five, where the weaker of the two that occur is one step.
"""

from __future__ import annotations

from itertools import product

from klantreis.sources.reading.connection import literal

__all__ = ["OF_ANSWERS", "POINTS", "SEPARATOR", "with_what_answers_tell"]

POINTS = "answer_points"  # the number of a rating in words
SCALE = "answer_scale"  # satisfaction or agreement; empty of any other question
NUMBERS = (
    "answer_numbers"  # 1-5, 1-7 or 0-10: what all answers lie within, where all are whole numbers
)
SEPARATOR = "answer_separator"  # between the answers that were ticked in one cell
TICKED = "answer_ticked"  # itself: all answers are the name of the column, or its last part
OF_ANSWERS = (POINTS, SCALE, NUMBERS, SEPARATOR, TICKED)

SEPARATORS = (";", ", ")
STANDS_AGAIN = 0.8  # of the ticks: so many are of answers that stand in two different cells
STRONG, PLAIN, WEAK = 3, 2, 1
STRONGLY = {
    "satisfaction": (
        *("zeer", "heel", "erg", "uiterst", "volledig", "helemaal"),
        *("very", "extremely", "completely"),
    ),
    "agreement": ("helemaal", "volledig", "zeer", "sterk", "strongly", "completely", "totally"),
}
WEAKLY = ("enigszins", "een beetje", "somewhat", "slightly")
PLAINLY = ("", "moderately", "mostly")
WORDS = {
    "satisfaction": (
        ("tevreden", "satisfied"),
        ("ontevreden", "dissatisfied", "unsatisfied"),
    ),
    "agreement": (("mee eens", "eens", "agree"), ("mee oneens", "oneens", "disagree")),
}
NEITHER = {
    "satisfaction": (
        *("niet tevreden, niet ontevreden", "niet ontevreden, niet tevreden"),
        *("niet tevreden en niet ontevreden", "niet ontevreden en niet tevreden"),
        *("niet tevreden/niet ontevreden", "niet tevreden / niet ontevreden"),
        *("noch tevreden, noch ontevreden", "noch tevreden noch ontevreden"),
        *("neither satisfied nor dissatisfied", "neither dissatisfied nor satisfied"),
    ),
    "agreement": (
        *("niet mee eens, niet mee oneens", "niet mee eens en niet mee oneens"),
        *("niet eens, niet oneens", "niet eens en niet oneens", "niet mee eens/niet mee oneens"),
        *("noch mee eens, noch mee oneens", "noch mee eens noch mee oneens"),
        *("neither agree nor disagree", "neither disagree nor agree"),
    ),
    "": ("neutraal", "neutral"),  # of either
}


def with_what_answers_tell(rows: str, question: str, answer: str) -> str:
    """SQL for the rows with the columns `OF_ANSWERS`.

    Args:
        rows: SQL with `file_id`.
        question, answer: SQL for texts of a row.
    """
    words = rf"lower(trim(regexp_replace({answer}, '[.\s]+', ' ', 'g')))"
    told = f"""
        SELECT *, {question} AS asked, {answer} AS said,
          {_meaning(words)} AS meant
        FROM ({rows})"""
    each = f"SELECT DISTINCT file_id, asked, said FROM ({told}) WHERE said IS NOT NULL"
    return f"""
        SELECT told.* EXCLUDE (asked, said, meant), ticks.separator AS {SEPARATOR},
          scales.scale AS {SCALE}, scales.numbers AS {NUMBERS}, scales.ticked AS {TICKED},
          CASE WHEN scales.scale IS NOT NULL THEN {_points("told.meant.strength")} END AS {POINTS}
        FROM ({told}) told
          LEFT JOIN ({_scales(told)}) scales
            ON scales.file_id = told.file_id AND scales.asked = told.asked
          LEFT JOIN ({_ticks(told, each)}) ticks
            ON ticks.file_id = told.file_id AND ticks.asked = told.asked"""


def _meaning(text: str) -> str:
    """SQL for what a rating in words is of, and how strong; null of any other text."""
    meanings = "".join(
        f" WHEN {literal(words)} THEN {{'of': {literal(family)}, 'strength': {strength}}}"
        for words, family, strength in _ratings()
    )
    return f"CASE {text}{meanings} END"


def _ratings() -> list[tuple[str, str, int]]:
    """Each rating in words, what it is of, and its strength; below 0 for the negative ones."""
    found = [(words, family, 0) for family, each in NEITHER.items() for words in each]
    for family, (positive, negative) in WORDS.items():
        degrees = ((STRONGLY[family], STRONG), (PLAINLY, PLAIN), (WEAKLY, WEAK))
        for (adverbs, strength), (words, sign) in product(degrees, ((positive, 1), (negative, -1))):
            found += [
                (f"{adverb} {word}".strip(), family, sign * strength)
                for adverb, word in product(adverbs, words)
            ]
    return found


def _scales(told: str) -> str:
    """SQL for the scale of each question: more than half of its answers are of it, none of another.

    Agreement and disagreement alone, neither strong nor weak, are no scale but a choice of two.
    """
    of_one = " ".join(
        f"WHEN count(*) FILTER (meant.of = {literal(family)}) > 0 AND"
        f" count(*) FILTER (meant.of NOT IN ('', {literal(family)})) = 0 THEN {literal(family)}"
        for family in WORDS
    )

    def occurs(strength: int) -> str:
        return f"coalesce(bool_or(abs(meant.strength) = {strength}), FALSE)"

    number = "CASE WHEN regexp_matches(said, '^[0-9]{1,2}$') THEN said::INTEGER END"
    return f"""
        SELECT file_id, asked, {occurs(PLAIN)} AND {occurs(WEAK)} AS has_seven,
          CASE WHEN 2 * count(meant) > count(said)
              AND (NOT {occurs(PLAIN)} OR {occurs(STRONG)} OR {occurs(WEAK)} OR {occurs(0)})
            THEN CASE {of_one} END END AS scale,
          CASE WHEN count({number}) = count(said) THEN
            CASE WHEN min({number}) >= 1 AND max({number}) <= 5 THEN '1-5'
              WHEN min({number}) >= 1 AND max({number}) <= 7 THEN '1-7'
              WHEN max({number}) <= 10 THEN '0-10' END END AS numbers,
          CASE WHEN bool_and({_is_option("asked", "said")}) THEN 'itself' END AS ticked
        FROM ({told}) WHERE said IS NOT NULL GROUP BY file_id, asked"""


def _is_option(question: str, answer: str) -> str:
    """SQL for whether an answer is the name of its column, or what stands in brackets at its end.

    A second column of a name has a number behind it.
    """
    name = rf"regexp_replace({question}, ' \([0-9]+\)$', '')"
    said = rf"regexp_replace({answer}, '\s+', ' ', 'g')"
    return f"({said} IN ({question}, {name}) OR ends_with({name}, ' [' || {said} || ']'))"


def _points(strength: str) -> str:
    """SQL for the number of a rating; satisfaction of seven points comes to 1 to 5, as its kind wants."""
    step = f"CASE abs({strength}) WHEN {STRONG} THEN 2 WHEN 0 THEN 0 ELSE 1 END"
    return f"""
        CASE WHEN NOT scales.has_seven THEN 3 + sign({strength}) * {step}
          WHEN scales.scale = 'satisfaction' THEN round(1 + (3 + {strength}) * 2 / 3, 4)
          ELSE 4 + {strength} END::DOUBLE"""


def _ticks(told: str, each: str) -> str:
    """SQL for the separator of questions of which several answers were ticked.

    Answers that can be ticked come back beside others; parts of a sentence, or of one answer with
    a comma in it, do not. Where all answers end with a separator, each of them was ticked.
    """
    at_the_end = f"""
        SELECT file_id, asked, {literal(SEPARATORS[0])} AS separator, -1 AS place
        FROM ({each}) GROUP BY file_id, asked HAVING bool_and(ends_with(said, {literal(SEPARATORS[0])}))"""
    ways = " UNION ALL ".join(
        f"""
        SELECT file_id, asked, {literal(separator)} AS separator, {place} AS place
        FROM (SELECT file_id, asked, part, count(*) AS cells
            FROM (SELECT file_id, asked, said,
                trim(unnest(string_split(said, {literal(separator)}))) AS part FROM ({each}))
            WHERE part <> '' GROUP BY ALL)
          JOIN (SELECT file_id, asked,
                trim(unnest(string_split(said, {literal(separator)}))) AS part
              FROM ({told}) WHERE contains(said, {literal(separator)})) USING (file_id, asked, part)
        GROUP BY file_id, asked HAVING avg((cells > 1)::INTEGER) >= {STANDS_AGAIN}"""
        for place, separator in enumerate(SEPARATORS)
    )
    return f"""
        SELECT file_id, asked, arg_min(separator, place) AS separator
        FROM ({at_the_end} UNION ALL {ways}) GROUP BY file_id, asked"""
