from __future__ import annotations

from datetime import date, timedelta

import pytest

from klantreis import Workspace
from klantreis.errors import NotFoundError
from klantreis.workspace.source_reports import Gap, Period, _course


def test_a_shop_whose_exports_are_whole_raises_no_alarm(shop: Workspace) -> None:
    reports = [shop.quality.of(name) for name in shop.quality.names()]
    assert len(reports) > 10
    courses = [(report.source, course) for report in reports for course in report.courses]
    assert [(source, course.table, course.gaps) for source, course in courses if course.gaps] == []
    assert [kind.changes for report in reports for kind in report.headings if kind.changes] == []
    assert {column.change for report in reports for column in report.columns} == {"nothing_before"}


def test_every_file_tells_what_was_recognised(shop: Workspace) -> None:
    till = shop.quality.of("till")
    assert {(file.file_kind, file.separator, file.decimal_sign) for file in till.files} == {
        ("receipts", ";", ",")
    }
    assert len(till.imports) == 1


def test_a_source_that_is_not_there_is_named_with_those_that_are(shop: Workspace) -> None:
    with pytest.raises(NotFoundError, match=r"Unknown source.*'nobody'.*till"):
        shop.quality.of("nobody")


def test_long_periods_go_by_week_and_a_wrong_date_does_not_stretch_them() -> None:
    monday = date(2026, 1, 5)
    days = [
        {
            "happened_on": monday + timedelta(days=n),
            "rows": 0 if n in (10, 11) else 100,
            "is_gap": n in (10, 11),
            "expected_rows": 100.0,
            "chance": 1e-9,
        }
        for n in range(140)
    ]
    stray = [
        {"happened_on": date(1970, 1, 1), "rows": 1, "is_gap": False},
        {"happened_on": date(2099, 1, 1), "rows": 1, "is_gap": False},
    ]
    course = _course("orders", [stray[0], *days, stray[1]], 13_802, date(2026, 5, 24))
    assert (course.step_days, course.stray_rows, len(course.periods)) == (7, 2, 20)
    assert course.periods[1] == Period(monday + timedelta(days=7), 500)
    [gap] = course.gaps
    assert gap == Gap(monday + timedelta(days=10), monday + timedelta(days=11), 2, 200.0, 1e-9)
    short = _course("orders", days[:30], 2_800, date(2026, 5, 24))
    assert (short.step_days, len(short.periods)) == (1, 30)
