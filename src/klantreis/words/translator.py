"""The reader's language: texts from the catalogue, numbers, money and dates in its formats."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel import dates, numbers
from babel.support import Translations

from klantreis.errors import NotFoundError, message
from klantreis.words.catalogue import read_catalogue
from klantreis.words.evidence import Evidence, Figure
from klantreis.words.units import DURATIONS, UNITS

__all__ = ["LOCALES", "Translator", "translator"]

# Our readers are European: English texts come with European dates.
LOCALES: Mapping[str, str] = {"nl": "nl_NL", "en": "en_GB"}

OF_A_CATEGORY = "category_"
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
NO_VALUE = "\N{EM DASH}"


@dataclass(frozen=True)
class Translator:
    """Everything that turns facts into words for one reader.

    Attributes:
        language: `nl` or `en`.
        zone: time zone in which instants (naive UTC) are shown.
    """

    language: str
    zone: ZoneInfo

    @property
    def locale(self) -> str:
        return LOCALES[self.language]

    @property
    def catalogue(self) -> Translations:
        return read_catalogue(self.language)

    # Texts

    def text(self, source: str, **values: object) -> str:
        """A text by its English source, with values filled in; `%%` stands for a per cent sign."""
        found = str(self.catalogue.gettext(source))
        return found % values

    def plural(self, one: str, many: str, n: float, **values: object) -> str:
        """A text in one or many; `%(number)s` becomes the number in the reader's format."""
        found = str(self.catalogue.ngettext(one, many, 1 if n == 1 else 2))
        return found % {"number": self.number(n, digits=None), **values}

    def code(self, context: str, code: str) -> str:
        """The word for a code, as `("channel", "store")`; an unknown code is shown as it is."""
        found = str(self.catalogue.pgettext(context, code))
        return found if found != code else code.replace("_", " ")

    def meaning(self, source: str) -> str:
        """What a column means, by the English of its contract; in English where we lack it."""
        return str(self.catalogue.pgettext("meaning", source))

    def problem(self, source: str, /, **values: object) -> str:
        """A part of an error message by its English source, with values filled in."""
        return str(self.catalogue.pgettext("problem", source)) % values

    def segment(self, name: str) -> str:
        """The name of a segment; of a main category the shop's own word for it."""
        found = self.code("segment", name)
        is_own = found == name.replace("_", " ") and name.startswith(OF_A_CATEGORY)
        return name.removeprefix(OF_A_CATEGORY) if is_own else found

    def units(self, n: float, unit: str) -> str:
        """A number with what it counts: `1.204 klanten`."""
        return self.plural(*UNITS[unit], n)

    def of_file(self, text: str) -> str:
        """What the quarantine says of a file's values: `*` is any value, `4 columns` a number."""
        if text == "*":
            return self.text("any value")
        columns = re.fullmatch(r"(\d+) columns", text)
        return self.units(int(columns[1]), "columns") if columns else text

    def allowed(self, text: str, reason: str) -> str:
        """What the quarantine says may stand somewhere; dates and numbers it gives as examples."""
        if reason == "not_a_time":
            examples = self.text(" or ").join(text.split(" | "))
            return self.text("a date such as %(example)s", example=examples)
        if reason == "not_a_number":
            return self.text("a number such as %(example)s", example=text)
        return self.of_file(text)

    # Numbers

    def number(self, value: float | None, digits: int | None = 0) -> str:
        """A number; `digits` None keeps at most one decimal."""
        if value is None:
            return NO_VALUE
        if round(value, 1 if digits is None else digits) == 0:
            value = 0  # no minus sign before a zero
        pattern = "#,##0.#" if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
        return self._signed(numbers.format_decimal(value, format=pattern, locale=self.locale))

    def money(self, value: float | None, *, cents: bool | None = None) -> str:
        """An amount in EUR; cents only below a hundred unless asked otherwise."""
        if value is None:
            return NO_VALUE
        value = round(value, 2) + 0.0  # no minus sign before a zero
        with_cents = abs(value) < 100 and value != int(value) if cents is None else cents
        digits = "#,##0.00" if with_cents else "#,##0"
        pattern = f"¤ {digits};¤ -{digits}" if self.language == "nl" else f"¤{digits}"
        shown = numbers.format_currency(
            value, "EUR", format=pattern, locale=self.locale, currency_digits=False
        )
        return self._signed(shown.replace("€ ", "€\N{NO-BREAK SPACE}"))

    def percent(self, value: float | None, digits: int | None = None) -> str:
        """A share as a percentage; one decimal below ten per cent unless asked otherwise."""
        if value is None:
            return NO_VALUE
        if 0 < value < 0.0005 and digits is None:
            return "<" + self.percent(0.001)
        chosen = (1 if 0 < abs(value) < 0.0995 else 0) if digits is None else digits
        pattern = "#,##0" + ("." + "0" * chosen if chosen else "") + "%"
        return self._signed(numbers.format_percent(value, format=pattern, locale=self.locale))

    def value(self, value: float | None, measure: str) -> str:
        """A number by its measure: number, share, money, days or score."""
        if value is None:
            return NO_VALUE
        if measure == "share":
            return self.percent(value)
        if measure == "money":
            return self.money(value)
        if measure == "days":
            return self.duration(value * 86400)
        return self.number(value, digits=1 if measure == "score" else None)

    def figure(self, figure: Figure) -> str:
        """The number of a figure, without what it rests on."""
        return self.value(figure.value, figure.measure)

    def interval(self, low: float, high: float, measure: str) -> str:
        """A 95 % interval, its unit once: `41–45%`, `€ 12–15`, `4,3–5,1 maanden`.

        Where both ends are written alike, one is enough.
        """
        start, end = self._ends(low, high, measure)
        bare = end.strip("€%\N{NO-BREAK SPACE}").split(" ")[0]
        if start.strip("€%\N{NO-BREAK SPACE}") == bare:
            return end if measure != "money" else start
        return f"{start}{DASH}{end if measure != 'money' else bare}"

    def _ends(self, low: float, high: float, measure: str) -> tuple[str, str]:
        if measure == "share":
            digits = 0 if low >= 0.0995 else 1
            return self.percent(low, digits).removesuffix("%"), self.percent(high, digits)
        if measure == "days":
            size, digits, words = self._duration_unit(high * 86400)
            shown = self.number(low * 86400 / size, digits)
            return shown, self.plural(*words, round(high * 86400 / size, digits))
        if measure == "money":
            cents = 0 < abs(high) < 100
            return self.money(low, cents=cents), self.money(high, cents=cents)
        return self.value(low, measure), self.value(high, measure)

    def _signed(self, shown: str) -> str:
        return shown.replace("-", MINUS)

    # Time

    def local(self, moment: datetime) -> datetime:
        """An instant (naive UTC) on the clock of the workspace."""
        return moment.replace(tzinfo=UTC).astimezone(self.zone)

    def day(self, value: date | datetime | None) -> str:
        """`5 jan 2025`; an instant is first put on the clock of the workspace."""
        if value is None:
            return NO_VALUE
        shown = self.local(value) if isinstance(value, datetime) else value
        return dates.format_date(shown, "d MMM y", locale=self.locale).replace(".", "")

    def weekday(self, value: datetime) -> str:
        """`zondag 5 januari 2025`."""
        return dates.format_date(self.local(value), "EEEE d MMMM y", locale=self.locale)

    def time(self, value: datetime) -> str:
        """`14:03`."""
        return dates.format_time(
            self.local(value).replace(tzinfo=None), "HH:mm", locale=self.locale
        )

    def moment(self, value: datetime | None) -> str:
        """`5 jan 2025 14:03`."""
        return NO_VALUE if value is None else f"{self.day(value)} {self.time(value)}"

    def month(self, value: date) -> str:
        """`jan 2025`."""
        return dates.format_date(value, "MMM y", locale=self.locale).replace(".", "")

    def period(self, first: datetime | None, last: datetime | None) -> str:
        """`5 jan 2025 – 3 mrt 2026`; empty without a first or last moment."""
        if first is None or last is None:
            return ""
        start, end = self.day(first), self.day(last)
        return start if start == end else f"{start} {DASH} {end}"

    def duration(self, seconds: float | None) -> str:
        """A duration in the largest unit that keeps it readable: `2,4 dagen`."""
        if seconds is None:
            return NO_VALUE
        size, digits, words = self._duration_unit(seconds)
        return self.plural(*words, round(seconds / size, digits))

    def _duration_unit(self, seconds: float) -> tuple[float, int, tuple[str, str]]:
        size, _, words = next(entry for entry in DURATIONS if abs(seconds) < entry[1])
        return size, 0 if size < 3600 or abs(seconds) >= 10 * size else 1, words

    # Evidence

    def evidence(self, evidence: Evidence, measure: str = "number") -> tuple[str, ...]:
        """What a number rests on: `gemeten`, `9.120 klantreizen`, `95%-interval 41–45%`."""
        parts = [self.code("evidence", evidence.kind), self.units(evidence.n, evidence.unit)]
        if evidence.low is not None and evidence.high is not None:
            shown = self.interval(evidence.low, evidence.high, measure)
            parts.append(self.text("95%% interval %(interval)s", interval=shown))
        if period := self.period(evidence.first_at, evidence.last_at):
            parts.append(period)
        return tuple(parts)

    def lacking(self, evidence: Evidence) -> str:
        """What is still lacking for a sound conclusion; empty when nothing is."""
        if not evidence.lacking:
            return ""
        return self.text(
            "Too few for a sound conclusion: %(got)s; %(needed)s.",
            got=self.units(evidence.n, evidence.unit),
            needed=self.still_needed(evidence),
        )

    def still_needed(self, evidence: Evidence) -> str:
        """How many more a sound conclusion asks for: `nog 42 antwoorden nodig`; empty for none."""
        if not evidence.lacking:
            return ""
        number = self.text("%(number)s more", number=self.number(evidence.lacking))
        more = self.plural(*UNITS[evidence.unit], evidence.lacking, number=number)
        return self.text("%(more)s needed", more=more)


@cache
def translator(language: str, time_zone: str = "Europe/Amsterdam") -> Translator:
    """The translator of a language.

    Raises:
        NotFoundError: we do not speak that language.
    """
    if language not in LOCALES:
        raise NotFoundError(
            message("Unknown language", got=repr(language), allowed=", ".join(LOCALES))
        )
    return Translator(language, ZoneInfo(time_zone))
