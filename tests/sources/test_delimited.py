"""Delimited text is read row by row, whatever stands in it."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from klantreis.sources.reading.delimited import (
    Above,
    Records,
    past_blank_lines,
    read_delimited,
    read_lines,
)


def read(text: str, width: int = 3) -> Records:
    return read_delimited(text.encode(), [f"c{place}" for place in range(width)], ";")


def rows(records: Records) -> list[list[str | None]]:
    return [list(row.values()) for row in records.columns.to_pylist()]


def test_rows_with_too_few_or_too_many_values_are_apart_with_their_line() -> None:
    records = read("a;b;c\n1;2;3\n1;2\n7;8;9\n1;2;3;4\n")
    assert rows(records) == [["1", "2", "3"], ["7", "8", "9"]]
    assert records.lines.tolist() == [2, 4]
    assert [(bad.line, bad.width, bad.text) for bad in records.bad] == [
        (3, 2, "1;2"),
        (5, 4, "1;2;3;4"),
    ]


def test_blank_lines_are_no_rows_and_shift_no_line_numbers() -> None:
    records = read("a;b;c\r\n\r\n1;2;3\r\n;;\r\n4;5;6\r\n")
    assert rows(records) == [["1", "2", "3"], ["4", "5", "6"]]
    assert records.lines.tolist() == [3, 5]
    assert records.bad == ()


def test_a_value_over_several_lines_is_one_value_and_counts_its_lines() -> None:
    records = read('a;b;c\n1;"x\ny\nz";3\n4;5;6\n')
    assert rows(records) == [["1", "x\ny\nz", "3"], ["4", "5", "6"]]
    assert records.lines.tolist() == [2, 5]


def test_an_unclosed_quotation_mark_spoils_its_own_line_only() -> None:
    records = read('a;b;c\n1;"open;3\n2;2;2\n3;"q;r";3\n4;4;"end\n')
    assert rows(records) == [["2", "2", "2"], ["3", "q;r", "3"]]
    assert sorted(bad.line for bad in records.bad) == [2, 5]


def test_a_mark_within_a_value_is_a_mark() -> None:
    records = read('a;b;c\n1;5" plank;3\n2;"say ""hi""";3\n')
    assert rows(records) == [["1", '5" plank', "3"], ["2", 'say "hi"', "3"]]


def test_a_heading_alone_is_an_empty_table() -> None:
    assert rows(read("a;b;c")) == []


def test_lines_of_a_text_are_numbered_and_blank_ones_left_out() -> None:
    lines, numbers = read_lines(b'{"a": 1}\n\n  \n{"b": 2}')
    assert lines.to_pylist() == ['{"a": 1}', '{"b": 2}']
    assert numbers.tolist() == [1, 4]
    assert read_lines(b"\n \n")[0].to_pylist() == []


def test_lines_that_say_nothing_above_the_heading_are_passed() -> None:
    content = b"\r\n;;\n \na;b;c\n1;2;3\n"
    above = past_blank_lines(content, Above(), ";")
    records = read_delimited(content, ["a", "b", "c"], ";", above)
    assert rows(records) == [["1", "2", "3"]]
    assert records.lines.tolist() == [5]


values = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=8)


@given(st.lists(st.tuples(values, values, values), max_size=6))
def test_what_is_written_as_delimited_text_is_read_back(table: list[tuple[str, str, str]]) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerows([("a", "b", "c"), *table])
    records = read(text.getvalue())
    expected = [[value or None for value in row] for row in table if any(row)]
    assert rows(records) == expected
    assert records.bad == ()


@given(st.text(st.sampled_from('ab;"\n'), max_size=60))
def test_no_text_stops_the_reading_and_no_line_disappears(text: str) -> None:
    records = read("a;b;c\n" + text)
    told = len(records.lines) + len(records.bad)
    lines = [line for line in text.split("\n") if line.replace(";", "").replace('"', "")]
    assert told <= len(text.split("\n"))
    assert bool(told) or not lines
