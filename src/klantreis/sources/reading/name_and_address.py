"""What a name, or an address, in one text says: as SQL that filters of mappings lay over it.

People write `Mevr. J. van der Berg-de Wit`, `Berg, J. van der`, `Fam. Pietersen` or `De heer K.
Jansen` in one column, and `3512 PH  Utrecht` in another.
"""

from __future__ import annotations

__all__ = ["SPOKEN_TO", "family_name", "given_name", "postcode", "salutation", "street", "town"]

# How a person is spoken to, and degrees; several may follow each other, as in `Dhr./Mw. dr.`.
SPOKEN_TO = (
    "de heer|den heer|dhr|hr|heer|mevrouw|mevr|mw|mejuffrouw|mej|familie|fam|herr|frau"
    "|monsieur|madame|mme|mister|mr|mrs|ms|miss|sir"
)
DEGREES = "drs|dr|ir|ing|prof|mag"
AND = r"\.?\s*(?:/|&|\ben\b|\band\b|\bund\b|\bet\b)\s*"
TITLES = rf"(^|,)\s*(?:(?:aan |t\.?a\.?v\.? )?(?:{SPOKEN_TO}|{DEGREES})(?:{AND}|\.\s*|\s+))+"
BEHIND = r"(?:,\s*(?:jr|sr|ii|iii)|,?\s+(?:msc|bsc|phd|mba|llm))\.?\s*$"
IN_BRACKETS = r"\s*\([^)]*\)"
# Words between a first name and the name that it is filed under, of Dutch and neighbouring names.
WORD_BETWEEN = (
    "van|von|vom|vande|vander|vanden|de|den|der|des|ten|ter|te|''t|’t|´t|het|in|op|aan|bij|onder"
    "|uit|uijt|voor|la|le|du|del|della|da|dos|el"
)
AT_FRONT = "van|von|vande|vander|vanden|de|den|der|ten|ter|te|''t|’t|´t"  # nobody's first name
BETWEEN = rf"(?:(?:{WORD_BETWEEN})\s+)*(?:{WORD_BETWEEN})"
INITIALS = r"(?:(?:(?:Th|Ch|Chr|Ph|St|IJ|Fr|\p{L})\.\s*)+|(?:\p{L}\s+)+)"

MORE = rf"[(,]|\s-|-\s|^\s|\s$|{TITLES}|{BEHIND}"
# Two words of which the first is no title and nothing between: most names, and quick to part.
TWO_WORDS = r"\p{Lu}\p{Ll}+ \p{Lu}[\p{L}-]+"
NO_FIRST_NAME = ", ".join(f"'{word}'" for word in f"{SPOKEN_TO}|{DEGREES}|{AT_FRONT}".split("|"))

DUTCH_POSTCODE = r"\b[1-9][0-9]{3}\s?[A-Za-z]{2}\b"
POSTCODE = rf"(?:{DUTCH_POSTCODE}|\b(?:[A-Z]{{1,2}}-)?[0-9]{{4,5}}\b)"


def given_name(text: str) -> str:
    """SQL: first names or initials; empty where only a family is named."""
    name = _bare(text)
    after = rf"regexp_extract({name}, ',\s*(.*)$', 1)"
    return _of_name(
        text,
        plain=f"split_part({text}, ' ', 1)",
        filed=rf"trim(regexp_replace({after}, '(?i)(?:^|\s){BETWEEN}\s*,?\s*$|^{BETWEEN},', ''))",
        initials=f"trim(regexp_extract({name}, '^{INITIALS}'))",
        family="''",
        between=rf"regexp_extract({name}, '(?i)^(.+?)\s{BETWEEN}\s', 1)",
        words=rf"regexp_extract({name}, '^(\S+)\s', 1)",
    )


def family_name(text: str) -> str:
    """SQL: the family name, with what stands before it, as `van der Berg`."""
    name = _bare(text)
    after = rf"regexp_extract({name}, ',\s*(.*)$', 1)"
    between = rf"regexp_extract({after}, '(?i)(?:^|\s)({BETWEEN})\s*(?:,|$)', 1)"
    return _of_name(
        text,
        plain=f"split_part({text}, ' ', 2)",
        filed=rf"trim({between} || ' ' || regexp_replace({name}, '\s*,.*$', ''))",
        initials=f"regexp_replace({name}, '^{INITIALS}', '')",
        family=name,
        between=rf"regexp_extract({name}, '(?i)^.+?\s({BETWEEN}\s.*)$', 1)",
        words=rf"regexp_replace({name}, '^\S+\s+', '')",
    )


def salutation(text: str) -> str:
    """SQL: how one is spoken to, in small letters and without a point: `mevr`, `de heer`; empty for
    a couple."""
    is_couple = rf"regexp_matches(lower({text}), '^\s*(?:{SPOKEN_TO}){AND}(?:{SPOKEN_TO})\b')"
    told = rf"regexp_extract(lower({text}), '^\s*({SPOKEN_TO})(?:\.|\s|$)', 1)"
    return f"CASE WHEN NOT {is_couple} THEN nullif({told}, '') END"


def postcode(text: str) -> str:
    """SQL: the postcode in an address: a Dutch one, or else the last number of 4 or 5 digits."""
    dutch = rf"nullif(regexp_extract({text}, '{DUTCH_POSTCODE}'), '')"
    other = rf"nullif(regexp_extract({text}, '.*(\b[0-9]{{4,5}}\b)', 1), '')"
    return f"upper(coalesce({dutch}, {other}))"


def town(text: str) -> str:
    """SQL: the town in an address: behind the postcode, or before it where nothing is behind."""
    behind = rf"regexp_extract({text}, '.*{POSTCODE}[\s,/-]*([^,(]*?)\s*(?:[,(].*)?$', 1)"
    before = rf"regexp_extract({text}, '(?:^|.*,)\s*([^,]*?)[\s,/-]*{POSTCODE}\s*$', 1)"
    last = rf"regexp_extract({text}, ',\s*([^,]*?)\s*$', 1)"
    return (
        f"CASE WHEN regexp_matches({text}, '{POSTCODE}')"
        f" THEN coalesce(nullif({behind}, ''), nullif({before}, '')) ELSE nullif({last}, '') END"
    )


def street(text: str) -> str:
    """SQL: street and house number in an address, before the first comma or the postcode."""
    before = rf"regexp_replace({text}, '{DUTCH_POSTCODE}.*$', '')"
    found = rf"trim(regexp_extract({before}, '^[^,]*?[0-9][^,]*'))"
    return rf"CASE WHEN NOT regexp_matches({text}, '^\s*{POSTCODE}') THEN nullif({found}, '') END"


def _of_name(
    text: str, *, plain: str, filed: str, initials: str, family: str, between: str, words: str
) -> str:
    """A part of a name, by how it is written.

    Args:
        plain: of two words without more.
        filed: of `Berg, J. van der`.
        initials: of initials before a name.
        family: of a family alone.
        between: of words that stand between.
        words: of words apart from that.
    """
    name = _bare(text)
    is_plain = (
        f"regexp_full_match({text}, '{TWO_WORDS}')"
        f" AND lower(split_part({text}, ' ', 1)) NOT IN ({NO_FIRST_NAME})"
    )
    return (
        f"nullif(CASE WHEN {is_plain} THEN {plain}"
        f" WHEN contains({name}, ',') THEN {filed}"
        rf" WHEN regexp_matches({name}, '^{INITIALS}[^\s.]{{2,}}') THEN {initials}"
        rf" WHEN regexp_matches({name}, '(?i)^(?:{AT_FRONT})\s') THEN {family}"
        rf" WHEN regexp_matches({name}, '(?i)^\S.*?\s{BETWEEN}\s+\S') THEN {between}"
        f" ELSE {words} END, '')"
    )


def _bare(text: str) -> str:
    """A name without titles, degrees and what stands in brackets; double names without blanks."""
    sql = rf"regexp_replace({text}, '{IN_BRACKETS}', '', 'g')"
    sql = rf"regexp_replace({sql}, '(?i){BEHIND}', '')"
    sql = rf"regexp_replace({sql}, '\s*-\s*', '-', 'g')"
    sql = rf"regexp_replace({sql}, '(?i){TITLES}', '\1 ', 'g')"
    sql = rf"trim(regexp_replace({sql}, '[\s,]+$', ''))"
    # Few names have any of it, and this stands in a query many times.
    return f"CASE WHEN regexp_matches({text}, '(?i){MORE}') THEN {sql} ELSE {text} END"
