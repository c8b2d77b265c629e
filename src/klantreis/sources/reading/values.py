"""From a value as a file has it to a value of a contract's type; what cannot be read is null."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from klantreis.sources.reading.connection import Expression, literal, sql_type
from klantreis.sources.reading.short_years import in_the_past, own_way
from klantreis.tables import Column

__all__ = [
    "as_text",
    "checked",
    "example",
    "local_to_utc",
    "matches",
    "parsed",
    "reason",
    "translated",
]

TRUE = ("true", "yes", "ja", "j", "y", "1", "waar", "oui")
FALSE = ("false", "no", "nee", "n", "0", "onwaar", "non")
DATES = (
    "%Y-%m-%d",
    "%d-%m-%Y",
    "%d/%m/%Y",
    "%Y%m%d",
    "%Y-%m-%d %H:%M:%S",
    "%d.%m.%Y",
    "%Y/%m/%d",
    "%Y-%m-%dT%H:%M:%S",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
)
DATES_SHOWN = ("%d-%m-%Y", "%Y-%m-%d")
TIMES_SHOWN = ("%d-%m-%Y %H:%M", "%Y-%m-%d %H:%M")  # as an example of all of these
TIMES = (
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%Y-%m-%d",
    "%d-%m-%Y",
    "%d/%m/%Y",
    "%Y%m%d",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    # Not with slashes: who writes AM and PM mostly puts the month first there.
    "%Y-%m-%d %I:%M:%S %p",
    "%Y-%m-%d %I:%M %p",
    "%d-%m-%Y %I:%M:%S %p",
    "%d-%m-%Y %I:%M %p",
)
ZONED_TIMES = (
    "%Y-%m-%dT%H:%M:%S%z",
    "%Y-%m-%d %H:%M:%S %z",
    "%Y-%m-%d %H:%M:%S%z",
    "%Y-%m-%dT%H:%M:%S.%f%z",
    "%Y-%m-%d %H:%M:%S.%f%z",
    "%Y-%m-%dT%H:%M%z",
    "%Y-%m-%d %H:%M%z",
)
# Dutch and English names of months, by their first three letters: `5 januari 2026`, `Jan 5, 2026`.
MONTHS = (
    *(("jan", 1), ("feb", 2), ("maa", 3), ("mrt", 3), ("mar", 3), ("apr", 4), ("mei", 5), ("may", 5)),
    *(("jun", 6), ("jul", 7), ("aug", 8), ("sep", 9), ("okt", 10), ("oct", 10), ("nov", 11), ("dec", 12)),
)  # fmt: skip
DAY_FIRST = r"^([0-9]{1,2})[. -]+([a-z]{3})[a-z]*[. -]+([0-9]{4})(.*)$"
MONTH_FIRST = r"^([a-z]{3})[a-z]*[. ]+([0-9]{1,2}),? +([0-9]{4})(.*)$"
DAY_NUMBER = r"^[1-9][0-9]{4}(\.[0-9]+)?$"
DAY_NOUGHT = "1899-12-30"  # of the numbers that sheets keep days as
OFFSET = r":[0-9]{2}(\.[0-9]+)? ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$"
SHAPES = {"%Y": "____", "%f": "%", **dict.fromkeys(("%m", "%d", "%H", "%M", "%S"), "__")}
DIRECTIVE = re.compile("%[A-Za-z]")
LAST_YEAR = 2199  # a later one is a slip of the keyboard, as is one before the column's first year
NUMBER = (
    r"^(€|EUR|-)?\s*[-+]?([0-9]{{1,3}}({group}[0-9]{{3}})+|[0-9]+)({sign}([0-9]+|--?))?\s*(€|EUR)?$"
)


def parsed(
    said: Expression,
    column: Column,
    *,
    decimal_sign: str,
    zone: str,
    formats: Sequence[str] = (),
    counts_days: bool = False,
    own_formats: Mapping[str, Sequence[str]] | None = None,
    today: date | None = None,
) -> str:
    """SQL for the value in the column's type: null where it is empty or cannot be read.

    Args:
        said: text, or a value that the file itself has typed (Parquet).
        zone: of times that do not name theirs.
        formats: as `strptime`; none: the usual ones.
        counts_days: whether a day may be a number, as a sheet keeps it: 46027.5 is noon on 5 January 2026.
        own_formats: by file, formats that are tried first: how it writes what could be read otherwise.
        today: of columns that lie in the past: the last day that they may tell with two digits.
    """
    match column.type:
        case "string":
            return as_text(said)
        case "boolean":
            return _boolean(said)
        case "date" | "timestamp(6)":
            is_day = column.type == "date"
            moment = _moment(
                said,
                "UTC" if is_day else zone,
                formats or (DATES if is_day else ()),
                may_name_month=not formats,
                counts_days=counts_days,
                own_formats=own_formats or {},
                past=today if column.is_past else None,
            )
            return f"({moment})::DATE" if is_day else moment
        case "int64":  # a cast to whole numbers would round what is not whole
            return _number(said, decimal_sign, "DECIMAL(18, 4)")
    return _number(said, decimal_sign, sql_type(column))


def checked(
    value: str, column: Column, *, smallest: float | None = None, largest: float | None = None
) -> str:
    """SQL for a value that was read, null where the contract or reason do not allow it.

    Args:
        value: name of a value of `parsed`.
        smallest, largest: limits of a number.
    """
    holds = [
        f"{value} {sign} {limit}"
        for sign, limit in ((">=", smallest), ("<=", largest))
        if limit is not None
    ]
    match column.type:
        case "string" if column.allowed:
            holds.append(f"{value} IN ({', '.join(map(literal, column.allowed))})")
        case "date" | "timestamp(6)":
            first = f"{column.first_year:04}-01-01"
            holds.append(f"{value} >= '{first}' AND {value} < '{LAST_YEAR + 1}-01-01'")
        case "float64":
            holds.append(f"isfinite({value})")
        case "int64":
            holds.append(f"{value} = round({value})")
    return f"CASE WHEN {' AND '.join(holds)} THEN {value} END" if holds else value


def as_text(said: Expression) -> str:
    """SQL for a value as text; a whole number without decimals: the id `17850`, not `17850.0`."""
    sql = said.sql
    match said.kind:
        case "text":
            return sql
        case "float" | "number":
            # What no whole number can hold, infinity too, stays as it is.
            whole = f"CASE WHEN {sql} = round({sql}) THEN TRY_CAST({sql} AS BIGINT)::VARCHAR END"
            return f"coalesce({whole}, ({sql})::VARCHAR)"
        case _:
            return f"(({sql})::VARCHAR)"


def local_to_utc(local: str, zone: str) -> str:
    """SQL for local wall-clock time as naive UTC.

    When clocks go back, the hour that comes twice is read as its second passing (winter time);
    when they go forward, the hour that does not exist is read as if they had not.
    """
    return local if zone == "UTC" else f"timezone({literal(zone)}, {local})::TIMESTAMP"


def matches(text: str, patterns: Sequence[str]) -> str:
    """SQL for whether a text is one of the patterns.

    A pattern is the text itself; with `*` in it, anything may stand there, and `*` alone is any
    text but an empty one; `!` before it turns it round; an empty pattern is an empty text.
    """
    plain = [_fits(text, pattern) for pattern in patterns if not pattern.startswith("!")]
    turned = [
        f"({text} IS NOT NULL AND NOT {_fits(text, pattern[1:])})"
        for pattern in patterns
        if pattern.startswith("!")
    ]
    either = [f"({' OR '.join(plain)})"] if plain else []
    return f"({' AND '.join([*either, *turned])})"


def translated(text: str, values: Sequence[tuple[str, str]]) -> str:
    """SQL for what a text means by the first pattern that fits; itself when none does."""
    branches = " ".join(
        f"WHEN {_fits(text, pattern)} THEN {literal(meaning) if meaning else 'NULL'}"
        for pattern, meaning in values
    )
    return f"CASE {branches} ELSE {text} END"


def reason(column: Column) -> str:
    """Why a value that cannot be read is put aside, in the words of the quarantine."""
    match column.type:
        case "money" | "float64" | "int64":
            return "not_a_number"
        case "date" | "timestamp(6)":
            return "not_a_time"
    return "not_allowed"


def example(
    column: Column, formats: Sequence[str], meanings: Sequence[str], decimal_sign: str
) -> str:
    """What would be allowed, as an example or a list."""
    match reason(column), column.type:
        case "not_a_number", _:
            return "1.234,56" if decimal_sign == "," else "1,234.56"
        case "not_a_time", "date":
            shown = formats or DATES_SHOWN
            return " | ".join(date(2026, 12, 31).strftime(form) for form in shown)
        case "not_a_time", _:
            moment = datetime(2026, 12, 31, 13, 45)
            shown = [form.replace("%z", "+0100") for form in formats or TIMES_SHOWN]
            return " | ".join(moment.strftime(form) for form in shown)
    usual = (*TRUE[:3], *FALSE[:3]) if column.type == "boolean" else column.allowed
    return ", ".join(value for value in meanings or usual if value not in ("", "*"))


def _fits(text: str, pattern: str) -> str:
    if pattern in ("", "*"):
        is_empty = f"coalesce({text}, '') = ''"  # an option that says nothing is a text of no signs
        return is_empty if pattern == "" else f"NOT {is_empty}"
    if "*" in pattern:
        like = (
            pattern.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_").replace("*", "%")
        )
        return f"coalesce({text} LIKE {literal(like)} ESCAPE '\\', FALSE)"
    return f"coalesce({text} = {literal(pattern)}, FALSE)"


def _boolean(said: Expression) -> str:
    if said.kind == "boolean":
        return said.sql
    lowered = f"lower({as_text(said)})"
    yes, no = (", ".join(map(literal, words)) for words in (TRUE, FALSE))
    return f"CASE WHEN {lowered} IN ({yes}) THEN TRUE WHEN {lowered} IN ({no}) THEN FALSE END"


def _moment(
    said: Expression,
    zone: str,
    formats: Sequence[str],
    *,
    may_name_month: bool,
    counts_days: bool,
    own_formats: Mapping[str, Sequence[str]],
    past: date | None,
) -> str:
    match said.kind:
        case "zoned_time":
            return f"({said.sql})::TIMESTAMP"
        case "time" | "date":
            return local_to_utc(f"({said.sql})::TIMESTAMP", zone)
    text = as_text(said)
    local = [form for form in formats or TIMES if "%z" not in form]
    zoned = [form for form in formats or ZONED_TIMES if "%z" in form]
    short = [form for form in local if "%y" in form]
    short_years, whole_years = _by_year(own_formats)
    ways = [own_way(text, short_years)] if short_years else []
    ways += [_first_parsed(text, text, short)] if short else []
    ways = [in_the_past(way, past) for way in ways] if past else ways
    ways += [own_way(text, whole_years)] if whole_years else []
    long = [form for form in local if form not in short]
    ways += [_first_parsed(text, text, long)] if long else []
    ways += [_with_named_month(text)] if may_name_month else []
    ways += [_of_day_number(text)] if counts_days else []
    here = local_to_utc(f"coalesce({', '.join(ways)})", zone)
    # The parser knows offsets, and not the letter that stands for none.
    offset = f"CASE WHEN ends_with({text}, 'Z') THEN {text}[:-2] || '+00' ELSE {text} END"
    anywhere = f"{_first_parsed(text, offset, zoned)}::TIMESTAMP"
    if not local or not zoned:
        return here if local else anywhere
    return f"CASE WHEN regexp_matches({text}, {literal(OFFSET)}) THEN {anywhere} ELSE {here} END"


def _by_year(
    own_formats: Mapping[str, Sequence[str]],
) -> tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]]:
    """The formats of files that write the year with two digits, and those of others."""
    short: dict[str, Sequence[str]] = {}
    whole: dict[str, Sequence[str]] = {}
    for file, formats in own_formats.items():
        for found, is_short in ((short, True), (whole, False)):
            if own := [form for form in formats if ("%y" in form) is is_short]:
                found[file] = own
    return short, whole


def _with_named_month(text: str) -> str:
    """SQL for a day with the name of its month, in Dutch or English, and perhaps a time."""
    numbers = " ".join(f"WHEN {literal(name)} THEN '{number:02}'" for name, number in MONTHS)

    def written(pattern: str, day: int, month: int) -> str:
        def part(number: int) -> str:
            return f"regexp_extract(lower({text}), {literal(pattern)}, {number})"

        clock = f"nullif(trim(regexp_replace({part(4)}, '^[, ]*(om|at|t)?[, ]*', '')), '')"
        whole = f"{part(3)} || '-' || CASE {part(month)} {numbers} END || '-' || {part(day)}"
        return f"{whole} || coalesce(' ' || {clock}, '')"

    either = f"coalesce({written(DAY_FIRST, 1, 2)}, {written(MONTH_FIRST, 2, 1)})"
    clocks = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
    formats = [f"%Y-%m-%d{clock}" for clock in clocks]
    return f"try_strptime({either}, {_list(formats)})"


def _of_day_number(text: str) -> str:
    """SQL for a day that is told as a number of days, with its time as the part of a day."""
    seconds = f"round({text}::DOUBLE * 86400)::BIGINT"
    moment = f"TIMESTAMP {literal(DAY_NOUGHT)} + to_seconds({seconds})"
    return f"CASE WHEN regexp_matches({text}, {literal(DAY_NUMBER)}) THEN {moment} END"


def _first_parsed(text: str, prepared: str, formats: Sequence[str]) -> str:
    """SQL for what the first format that fits makes of a text.

    A format that does not fit costs ten times what a look at the shape of the text does, so the one of
    its shape is tried before all of them.

    Args:
        prepared: SQL for the same text as the parser wants it.
    """
    any_of_them = f"try_strptime({prepared}, {_list(formats)})"
    shaped = [(shape, form) for form in formats for shape in _shapes(form)]
    if len(formats) < 2 or not shaped:
        return any_of_them
    branches = " ".join(
        f"WHEN {text} LIKE {literal(shape)} THEN try_strptime({prepared}, {literal(form)})"
        for shape, form in shaped
    )
    return f"coalesce(CASE {branches} END, {any_of_them})"


def _shapes(form: str) -> Sequence[str]:
    """What texts in a format look like, as patterns of LIKE; none for formats of no fixed shape."""
    start, offset, end = form.partition("%z")
    for directive, shape in SHAPES.items():
        start = start.replace(directive, shape)
    if end or DIRECTIVE.search(start):
        return ()
    return [f"{start}{each}" for each in ("Z", "+%", "-%")] if offset else [start]


def _list(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(literal, texts))}]"


def _number(said: Expression, decimal_sign: str, kind: str) -> str:
    if said.kind != "text":
        return f"TRY_CAST({said.sql} AS {kind})"
    text, group = said.sql, "." if decimal_sign == "," else ","
    dotted = f"replace({text}, ',', '.')" if decimal_sign == "," else text
    pattern = NUMBER.format(group=f"[{group}]", sign=f"[{decimal_sign}]")
    bare = rf"regexp_replace({text}, '[^0-9,.+-]|[,.]--?$', '', 'g')"
    bare = f"replace(replace({bare}, '{group}', ''), ',', '.')"
    straight = f"CASE WHEN NOT contains({text}, '{group}') THEN TRY_CAST({dotted} AS {kind}) END"
    grouped = (
        f"CASE WHEN regexp_matches({text}, {literal(pattern)}) THEN TRY_CAST({bare} AS {kind}) END"
    )
    return f"coalesce({straight}, {grouped})"
