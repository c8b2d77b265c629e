"""SQL that reads texts as HTML writes them: `Jan &amp; Piet`, `O&#039;Neil`."""

from __future__ import annotations

from html import entities, unescape

__all__ = ["unescaped"]

# Names of HTML 4 and the apostrophe, always with `;`: without it `AT&TIMES` would change. The rare
# others that `html.unescape` knows are left as they stand.
NAMES = tuple(f"&{name};" for name in (*entities.name2codepoint, "apos"))
# A number of a sign, a name, or anything between two of those.
PIECE = "&#[0-9]{1,7};|&#[xX][0-9a-fA-F]{1,6};|&[A-Za-z][A-Za-z0-9]{1,30};|[^&]+|&"
LAST_SIGN = 0x10FFFF


def unescaped(text: str) -> str:
    """SQL of a text with its entities as the signs that they stand for, once.

    As `html.unescape` of the standard library has them; numbers that are no sign stay as they are.
    """
    signs = ", ".join(f"{_literal(name)}: {_literal(unescape(name))}" for name in NAMES)
    number = (
        "CASE WHEN starts_with(lower(token), '&#x') THEN try_cast('0x' || token[4:-2] AS BIGINT) "
        "WHEN starts_with(token, '&#') THEN try_cast(token[3:-2] AS BIGINT) END"
    )
    is_sign = f"{number} BETWEEN 32 AND {LAST_SIGN} AND {number} NOT BETWEEN 55296 AND 57343"
    sign = (
        f"CASE WHEN {is_sign} THEN chr(({number})::INTEGER) "
        f"WHEN length(token) > 2 AND starts_with(token, '&') THEN coalesce(MAP {{{signs}}}[token], token) "
        "ELSE token END"
    )
    tokens = f"regexp_extract_all({text}, {_literal(PIECE)})"
    joined = f"array_to_string(list_transform({tokens}, lambda token: {sign}), '')"
    return f"CASE WHEN contains({text}, '&') THEN {joined} ELSE {text} END"


def _literal(text: str) -> str:
    quoted = text.replace("'", "''")
    return f"'{quoted}'"
