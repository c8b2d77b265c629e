from __future__ import annotations

from datetime import datetime
from typing import Any

from klantreis.workspace.source_headings import Heading, heading_changes

MAY, JUNE = datetime(2026, 5, 1), datetime(2026, 6, 1)


def log(path: str, at: datetime, headings: str, read: str = "Datum", **more: Any) -> dict[str, Any]:
    usual = {
        "file_id": path,
        "path": path,
        "connector": "till",
        "file_kind": "receipts",
        "imported_at": at,
        "last_at": at,
        "headings": headings.split() or None,
        "headings_read": read.split(),
        "rows_read": 1,
    }
    return {**usual, **more}


def changes(*rows: dict[str, Any]) -> list[Heading]:
    return [change for kind in heading_changes(rows) for change in kind.changes]


def test_new_missing_and_renamed_columns_are_told_with_whether_they_were_read() -> None:
    before = log("a", MAY, "Datum Betaalwijze Kassa", "Datum Betaalwijze")
    assert changes(before, log("b", JUNE, "Datum Betaalmethode Bonus")) == [
        Heading("renamed", "Betaalmethode", "Betaalwijze", True, False),
        Heading("missing", "Kassa", "", False, False),
        Heading("appeared", "Bonus", "", False, False),
    ]


def test_a_renamed_column_that_is_read_under_its_new_name_is_told_so() -> None:
    before = log("a", MAY, "Datum Betaalwijze", "Datum Betaalwijze")
    now = log("b", JUNE, "Datum Betaalwijze_2", "Datum Betaalwijze_2")
    assert changes(before, now) == [Heading("renamed", "Betaalwijze_2", "Betaalwijze", True, True)]


def test_the_same_columns_in_another_order_or_case_are_no_change() -> None:
    assert changes(log("a", MAY, "Datum Bedrag"), log("b", JUNE, "bedrag DATUM")) == []


def test_a_column_that_any_earlier_file_had_is_not_new() -> None:
    rows = [log("a", MAY, "Datum Kassa"), log("b", MAY, "Datum"), log("c", JUNE, "Datum Kassa")]
    assert changes(*rows) == []


def test_files_of_another_kind_and_without_headings_are_not_compared() -> None:
    kinds = heading_changes(
        [
            log("a", MAY, "Datum"),
            log("b", JUNE, "Klant", file_kind="customers"),
            log("c", MAY, "", connector="mollie", file_kind=None),
            log("d", JUNE, "", connector="mollie", file_kind=None),
        ]
    )
    assert [(kind.file_kind, kind.columns, kind.earlier_path) for kind in kinds] == [
        ("", 0, ""),
        ("customers", 1, ""),
        ("receipts", 1, ""),
    ]


def test_files_that_came_in_together_are_compared_by_their_rows() -> None:
    rows = [
        log("b", JUNE, "Datum", last_at=MAY),
        log("a", JUNE, "Datum Kassa", last_at=JUNE),
    ]
    [kind] = heading_changes(rows)
    assert (kind.path, kind.earlier_path) == ("a", "b")
    assert [change.name for change in kind.changes] == ["Kassa"]


def test_other_sheets_of_a_report_of_which_no_row_is_read_are_left_out() -> None:
    sheets = [
        log("report.zip/Pages.csv", MAY, "Page Clicks", file_kind="other", rows_read=0),
        log("report.zip/Devices.csv", MAY, "Device Clicks", file_kind="other", rows_read=0),
    ]
    assert heading_changes(sheets) == ()
