from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.errors import NotFoundError
from klantreis.words import Evidence, Figure, Translator, translator

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def nl() -> Translator:
    return translator("nl")


@pytest.fixture
def en() -> Translator:
    return translator("en")


def test_numbers_follow_the_language(nl: Translator, en: Translator) -> None:
    assert (nl.number(1234567), en.number(1234567)) == ("1.234.567", "1,234,567")
    assert (nl.number(1234.56, 1), en.number(1234.56, 1)) == ("1.234,6", "1,234.6")
    assert nl.number(-3) == "−3"
    assert nl.number(None) == "—"


def test_money_shows_cents_only_where_they_matter(nl: Translator, en: Translator) -> None:
    assert nl.money(12.5) == f"€{NBSP}12,50"
    assert nl.money(1234.5) == f"€{NBSP}1.234"
    assert nl.money(1234.5, cents=True) == f"€{NBSP}1.234,50"
    assert en.money(-1234.56, cents=True) == "−€1,234.56"
    assert nl.money(-49.0, cents=True) == f"€{NBSP}−49,00"


def test_small_percentages_keep_a_decimal(nl: Translator) -> None:
    assert [nl.percent(share) for share in (0.0, 0.043, 0.0996, 0.43, 1.0)] == [
        "0%",
        "4,3%",
        "10%",
        "43%",
        "100%",
    ]


def test_an_interval_names_its_unit_once(nl: Translator, en: Translator) -> None:
    assert nl.interval(0.41, 0.45, "share") == "41–45%"
    assert nl.interval(0.034, 0.101, "share") == "3,4–10,1%"
    assert nl.interval(727.0, 878.0, "money") == f"€{NBSP}727–878"
    assert en.interval(727.0, 878.0, "money") == "€727–878"
    assert nl.interval(4.3, 5.1, "days") == "4,3–5,1 dagen"


def test_an_instant_is_shown_on_the_clock_of_the_workspace(nl: Translator) -> None:
    summer, winter = datetime(2025, 7, 1, 22, 30), datetime(2025, 1, 1, 22, 30)
    assert nl.moment(summer) == "2 jul 2025 00:30"
    assert nl.moment(winter) == "1 jan 2025 23:30"


def test_dates_follow_the_language(nl: Translator, en: Translator) -> None:
    assert (nl.day(date(2025, 3, 5)), en.day(date(2025, 3, 5))) == ("5 mrt 2025", "5 Mar 2025")
    assert nl.weekday(datetime(2025, 3, 5, 12)) == "woensdag 5 maart 2025"
    assert nl.month(date(2025, 3, 1)) == "mrt 2025"


def test_a_period_of_one_day_is_one_date(nl: Translator) -> None:
    morning, evening = datetime(2025, 3, 5, 8), datetime(2025, 3, 5, 20)
    assert nl.period(morning, evening) == "5 mrt 2025"
    assert nl.period(morning, datetime(2025, 4, 1)) == "5 mrt 2025 – 1 apr 2025"
    assert nl.period(None, evening) == ""


@pytest.mark.parametrize(
    ("seconds", "dutch", "english"),
    [
        (1, "1 seconde", "1 second"),
        (60, "1 minuut", "1 minute"),
        (3600, "1 uur", "1 hour"),
        (2.4 * 86400, "2,4 dagen", "2.4 days"),
        (45 * 86400, "45 dagen", "45 days"),
        (400 * 86400, "13 maanden", "13 months"),
    ],
)
def test_a_duration_is_told_in_the_unit_that_fits(seconds: float, dutch: str, english: str) -> None:
    assert translator("nl").duration(seconds) == dutch
    assert translator("en").duration(seconds) == english


@given(st.floats(min_value=0, max_value=4e8))
def test_every_duration_can_be_told(seconds: float) -> None:
    assert translator("nl").duration(seconds)


def test_one_and_many(nl: Translator, en: Translator) -> None:
    assert (nl.units(1, "journeys"), nl.units(2318, "journeys")) == (
        "1 klantreis",
        "2.318 klantreizen",
    )
    assert (en.units(0, "customers"), en.units(1, "customers")) == ("0 customers", "1 customer")


def test_a_code_without_words_is_shown_as_it_is(nl: Translator) -> None:
    assert nl.code("event", "view_item") == "Product bekeken"
    assert nl.code("event", "spin_the_wheel") == "spin the wheel"


def test_evidence_is_told_with_n_and_interval(nl: Translator) -> None:
    evidence = Evidence("measured", 9120, "journeys", low=0.41, high=0.45, needed=93)
    assert nl.evidence(evidence, "share") == (
        "gemeten",
        "9.120 klantreizen",
        "95%-interval 41–45%",
    )
    assert nl.lacking(evidence) == ""


def test_too_little_evidence_says_how_much_more_is_needed(nl: Translator, en: Translator) -> None:
    evidence = Evidence("measured", 12, "customers", needed=30)
    assert nl.lacking(evidence) == (
        "Te weinig voor een betrouwbare uitspraak: 12 klanten; nog 18 klanten nodig."
    )
    assert en.still_needed(evidence) == "18 more customers needed"


def test_one_that_is_lacking_is_told_in_the_singular(nl: Translator, en: Translator) -> None:
    evidence = Evidence("measured", 29, "customers", needed=30)
    assert nl.still_needed(evidence) == "nog 1 klant nodig"
    assert en.lacking(evidence).endswith("29 customers; 1 more customer needed.")


def test_a_figure_is_written_by_its_measure(nl: Translator) -> None:
    plain = Evidence("measured", 10, "customers")
    assert nl.figure(Figure(0.5, "share", plain)) == "50%"
    assert nl.figure(Figure(3.25, "days", plain)) == "3,2 dagen"
    assert nl.figure(Figure(1200.0, "money", plain)) == f"€{NBSP}1.200"
    assert nl.figure(Figure(4.25, "number", plain)) == "4,2"
    assert nl.figure(Figure(None, "share", plain)) == "—"


def test_a_language_that_we_do_not_speak_is_named() -> None:
    with pytest.raises(NotFoundError, match="'fr'; allowed: nl, en"):
        translator("fr")
