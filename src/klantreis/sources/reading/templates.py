"""Short texts that name columns: `{source}:{E-mail|lower}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from klantreis.sources.reading.entities import unescaped
from klantreis.sources.reading.name_and_address import (
    family_name,
    given_name,
    postcode,
    salutation,
    street,
    town,
)

__all__ = ["FILTERS", "Reference", "Template", "column_template", "parse_template"]

# Abbreviations that stand for one time zone only; of any other a moment is not read.
ZONES = {
    **dict.fromkeys(("GMT", "UTC", "WET"), "+00"),
    **dict.fromkeys(("CET", "MEZ", "WEST", "BST"), "+01"),
    **dict.fromkeys(("CEST", "MESZ", "EET"), "+02"),
    "EEST": "+03",
}


def _form_moment(text: str) -> str:
    """SQL that lays a filter over a text."""
    sql = f"regexp_replace(upper({text}), ' ([AP])[.] ?M[.]', ' \\1M')"
    sql = f"regexp_replace({sql}, ' (?:GMT|UTC)([+-])([0-9])(:[0-9]+)?$', ' \\10\\2\\3')"
    sql = f"regexp_replace({sql}, ' (?:GMT|UTC)([+-][0-9])', ' \\1')"
    for name, offset in ZONES.items():
        sql = f"regexp_replace({sql}, ' {name}$', ' {offset}')"
    return sql


# SQL that is laid over a text.
SHORT = {
    "lower": "lower({})",
    "upper": "upper({})",
    "digits": "nullif(regexp_replace({}, '[^0-9]', '', 'g'), '')",
    "slug": "trim(regexp_replace(lower(strip_accents({})), '[^a-z0-9]+', '_', 'g'), '_')",
    "md5": "md5({})[:16]",
    "first_word": r"nullif(regexp_extract({}, '^(\S+)\s', 1), '')",
    "after_first_word": r"regexp_replace({}, '^\S+\s+', '')",
    "bare": "ltrim({}, '''')",  # exports for Excel put an apostrophe before numbers
    # the last day that a name tells, as in `Performance-on-Search-2026-01-31.zip`
    "last_day": r"nullif(regexp_extract({}, '.*([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})', 1), '')",
    # of a name over two lines, `Bought? [Lamps]`
    "question": r"regexp_replace({}, ' \[[^\[\]]*\]( \([0-9]+\))?$', '')",
    "before_comma": r"regexp_replace({}, '\s*,.*$', '')",
    "after_comma": r"nullif(regexp_extract({}, ',\s*(.*)$', 1), '')",
    "subscriber": "",  # the number of a subscriber in a link; see `links.subscriber_in`
}
FILTERS: Mapping[str, Callable[[str], str]] = {
    **{name: sql.format for name, sql in SHORT.items()},
    # a moment as Google Forms writes it, `2026/03/05 2:31:07 p.m. CET`, with AM or PM and an offset
    "form_moment": _form_moment,
    "unescaped": unescaped,
    # what a whole name says, and an address in one text
    "given_name": given_name,
    "family_name": family_name,
    "salutation": salutation,
    "street": street,
    "postcode": postcode,
    "town": town,
}
HOLE = re.compile(
    r"\{(?:\[(?P<exact>[^\]]+)\]|(?P<name>[^{}|?]+))(?P<filters>(?:\|\w+)*)(?P<optional>\??)\}"
)


@dataclass(frozen=True)
class Reference:
    """A hole in a template.

    Attributes:
        name: a column of the file, or one of the names that the mapping itself knows.
        is_exact: it can only be a column of the file.
        filters: what is done with the value, in order.
        is_optional: an empty value leaves nothing here, instead of making the whole text empty.
    """

    name: str
    is_exact: bool = False
    filters: tuple[str, ...] = ()
    is_optional: bool = False


@dataclass(frozen=True)
class Template:
    """Literal texts and holes, in order; the whole is empty when a hole that must be filled is."""

    parts: tuple[str | Reference, ...]

    @property
    def references(self) -> Iterator[Reference]:
        return (part for part in self.parts if isinstance(part, Reference))

    @property
    def shown(self) -> str:
        """The columns that it is made of, as the quarantine names them."""
        return ", ".join(dict.fromkeys(reference.name for reference in self.references))


def column_template(name: str) -> Template:
    """The text of one column of the file."""
    return Template((Reference(name, is_exact=True),))


def parse_template(text: str) -> Template:
    """Read a template.

    Raises:
        ValueError: a brace that is not closed or a filter that does not exist; says which.

    >>> parse_template("{source}:{E-mail|lower}").parts
    (Reference(name='source', is_exact=False, filters=(), is_optional=False), ':', \
Reference(name='E-mail', is_exact=False, filters=('lower',), is_optional=False))
    """
    parts: list[str | Reference] = []
    place = 0
    for hole in HOLE.finditer(text):
        parts.append(text[place : hole.start()])
        filters = tuple(name for name in hole["filters"].split("|") if name)
        for name in filters:
            if name not in FILTERS:
                raise ValueError(f"filter {name!r}; allowed: {', '.join(FILTERS)}")
        parts.append(
            Reference(
                (hole["exact"] or hole["name"]).strip(),
                hole["exact"] is not None,
                filters,
                bool(hole["optional"]),
            )
        )
        place = hole.end()
    parts.append(text[place:])
    if any(isinstance(part, str) and set("{}") & set(part) for part in parts):
        raise ValueError("a brace that is not closed; allowed: {Name}, {Name|lower}, {Name?}")
    return Template(tuple(part for part in parts if part != ""))
