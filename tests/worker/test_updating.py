"""The worker brings everything up to date at the times that the settings give."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from klantreis import Workspace
from klantreis.errors import OldTablesError, SettingsError, WorkspaceBusyError, message
from klantreis.settings import FILE_NAME
from klantreis.worker import working
from klantreis.worker.updating import is_due, update_when_due
from klantreis.workspace import Update
from tests.worker.baskets import make_baskets

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TIMES = (time(6), time(13, 30))
MIDNIGHT = datetime(2026, 7, 1)  # UTC: six o'clock is at four, half past one at half past eleven


def at(hours: float) -> datetime:
    return MIDNIGHT + timedelta(hours=hours)


def began(hours: float, status: str = "done", *, imports: bool = True) -> Update:
    return Update(status, "ann", at(hours), at(hours), imports=imports)


@pytest.mark.parametrize(
    ("last", "hour", "due"),
    [
        (began(-12), 3.9, False),
        (began(-12), 4.0, True),
        (began(-13), 3.9, True),  # yesterday's last one was missed
        (began(4), 11.4, False),
        (began(4), 11.5, True),
        (began(4, "failed"), 11.4, False),
        (began(5, imports=False), 6.0, True),  # `klantreis run` took nothing in
        (began(3, "running"), 11.5, False),
        (began(-200), 1.0, True),
        (None, 12.0, True),
    ],
)
def test_it_is_done_once_after_each_time_by_the_clock_of_the_shop(
    last: Update | None, hour: float, due: bool
) -> None:
    assert is_due(TIMES, AMSTERDAM, last, at(hour)) is due
    assert not is_due((), AMSTERDAM, last, at(hour))


@pytest.mark.parametrize(("day", "hour"), [(datetime(2026, 3, 28), 5), (datetime(2026, 3, 30), 4)])
def test_the_clock_of_the_shop_goes_with_summer_and_winter(day: datetime, hour: int) -> None:
    before = Update("done", "ann", day, day, imports=True)
    minute = timedelta(minutes=1)
    assert not is_due(TIMES[:1], AMSTERDAM, before, day.replace(hour=hour) - minute)
    assert is_due(TIMES[:1], AMSTERDAM, before, day.replace(hour=hour))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "shop", name="Huis") as workspace:
        yield workspace


def set_times(shop: Workspace, times: str) -> None:
    (shop.folder / FILE_NAME).write_text(f'[workspace]\nupdate_at = "{times}"\n')


def test_the_worker_starts_it_when_its_time_has_come(shop: Workspace) -> None:
    asked: list[str] = []

    def start(workspace: Workspace, *, by: str) -> None:
        workspace.updates.ask(by=by)
        asked.append(by)

    assert not update_when_due(shop, now=datetime(2040, 7, 1, 4), start=start)
    set_times(shop, "06:00")
    shop.follow_settings()
    assert update_when_due(shop, now=datetime(2040, 7, 1, 4), start=start)
    assert not update_when_due(shop, now=datetime(2040, 7, 1, 4, 1), start=start), "at work"
    assert asked == ["klantreis work"]


def test_it_waits_while_somebody_else_is_at_work(shop: Workspace) -> None:
    def busy(workspace: Workspace, *, by: str) -> None:
        raise WorkspaceBusyError(message("Another import or run is at work"))

    set_times(shop, "06:00")
    shop.follow_settings()
    assert not update_when_due(shop, now=datetime(2040, 7, 1, 4), start=busy)


class _EnoughError(Exception):
    """Ends the rounds of a worker."""


@pytest.mark.parametrize("times", ["", "06:00"])
def test_tables_that_are_too_old_end_the_worker_unless_it_brings_them_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, times: str
) -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            raise _EnoughError

    monkeypatch.setattr(working, "update_when_due", lambda *_, **__: True)
    monkeypatch.setattr(working, "time", SimpleNamespace(sleep=pause))
    with make_baskets(tmp_path / "shop", customers=1) as shop:
        with (shop.folder / FILE_NAME).open("a") as settings:
            settings.write(f'update_at = "{times}"\n')
        with pytest.raises(_EnoughError if times else OldTablesError):
            working.work(shop, lambda _: pytest.fail("sent by old tables"))
    said = [one for one in caplog.messages if "Nothing is sent until" in one]
    assert (len(said), len(pauses)) == ((2, 2) if times else (0, 0))


@pytest.mark.parametrize("times", ["zes uur", "25:00", "06:00; 12:00", "06", "06:00+02:00, 07:00"])
def test_what_is_no_time_is_refused(tmp_path: Path, times: str) -> None:
    (tmp_path / FILE_NAME).write_text(f'[workspace]\nupdate_at = "{times}"\n')
    with pytest.raises(SettingsError, match="Not a time"):
        Workspace.open(tmp_path)
