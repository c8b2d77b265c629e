"""Whatever is brought is guessed or refused with the reason, and never lands where it should not."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.errors import UnreadableFileError
from klantreis.sources import (
    mapping_text,
    refuse_bomb,
    safe_name,
    sample_of,
    unpack,
)
from tests.sources.guessing import guessed


def test_a_zip_is_unpacked_by_safe_names_only_and_a_bomb_is_refused(tmp_path: Path) -> None:
    packed = tmp_path / "export.zip"
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("../../evil.csv", "a,b\n1,2\n")
        archive.writestr("readme.exe", "x")
    found = unpack(packed, tmp_path / "out", largest=1_000)
    assert [one.relative_to(tmp_path / "out").as_posix() for one in found] == ["evil.csv"]
    bomb = tmp_path / "bomb.zip"
    with ZipFile(bomb, "w", ZIP_DEFLATED) as archive:
        archive.writestr("big.csv", "0" * 5_000_000)
    assert bomb.stat().st_size < 10_000
    with pytest.raises(UnreadableFileError, match="when unpacked"):
        refuse_bomb(bomb, largest=1_000_000)


@given(st.text())
def test_a_safe_name_has_no_folder_and_is_not_hidden(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert "/" not in safe
    assert "\\" not in safe
    assert "\0" not in safe
    assert not safe.startswith(".")
    assert safe not in ("..", "~")


@pytest.mark.parametrize("content", [b"", b"\0\1\2\3" * 50, b"[]", b"\n\n  \n"])
def test_what_is_no_export_is_refused_with_the_reason(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    with pytest.raises(UnreadableFileError, match="cannot be guessed"):
        sample_of(file)


@given(st.binary(max_size=400))
def test_any_bytes_are_guessed_or_refused(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "x.csv"
        file.write_bytes(content)
        try:
            found = guessed(file)
        except UnreadableFileError:
            return
        assert len(found.columns) == len(found.sample.columns)
        mapping_text(found)
