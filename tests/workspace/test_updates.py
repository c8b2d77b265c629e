"""How far bringing the tables up to date is, also when its process dies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from klantreis import Workspace
from klantreis.errors import StoppedError, WorkspaceBusyError, WorkspaceError, message
from klantreis.runner import Finished, Store
from klantreis.workspace.updates import STARTS_WITHIN, Updates
from tests.workspace.test_read_again import MAPPING, ORDERS, SETTINGS, map_as, put

NOON = datetime(2026, 3, 1, 12)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def on(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def updates(tmp_path: Path, clock: Clock) -> Updates:
    return Updates(Store(tmp_path / ".klantreis"), clock)


def test_nothing_is_told_before_the_first_one(updates: Updates) -> None:
    assert updates.last is None


def test_each_step_is_told_while_it_is_at_work(updates: Updates, clock: Clock) -> None:
    with updates.telling(None, by="ann") as told:
        told.begin("run", 3)
        told.started("persons")
        clock.on(5)
        told.finished(Finished("persons", 10, 5.0))
        told.started("events")
        last = updates.last
        assert last is not None
        assert (last.status, last.by, last.begun_at) == ("running", "ann", NOON)
        assert (last.activity, last.done, last.pieces, last.piece) == ("run", 1, 3, "events")
        assert last.seconds == 5
    assert updates.last is not None
    assert updates.last.status == "done"


def test_why_it_failed_is_told_in_the_words_of_the_error(updates: Updates) -> None:
    with pytest.raises(WorkspaceError), updates.telling(None, by="ann"):
        raise WorkspaceError(message("Nothing was imported yet", next_step="import"))
    assert updates.last is not None
    assert updates.last.status == "failed"
    assert updates.last.problem == ("Nothing was imported yet", "", "", "", "import")


def test_an_error_of_the_program_is_told_without_what_it_quotes(updates: Updates) -> None:
    with pytest.raises(ValueError, match="sanne"), updates.telling(None, by=""):
        raise ValueError("sanne@voorbeeld.nl")
    assert updates.last is not None
    what, where, got, _, _ = updates.last.problem
    assert (what, got) == ("The program itself failed", "ValueError")
    assert where.startswith("test_updates.py:")


@pytest.mark.parametrize("error", [StoppedError("stopped"), KeyboardInterrupt()])
def test_who_stops_it_is_not_told_that_it_failed(updates: Updates, error: BaseException) -> None:
    with pytest.raises(type(error)), updates.telling(None, by=""):
        raise error
    assert updates.last is not None
    assert updates.last.status == "stopped"


def test_how_long_it_usually_takes_is_that_of_the_last_one_that_changed_something(
    updates: Updates, clock: Clock, small_shop: Workspace
) -> None:
    published = small_shop.published
    assert published is not None
    with updates.telling(None, by="") as told:
        clock.on(240)
        told.published(published, None)
    with updates.telling(None, by="") as told:
        clock.on(2)
        told.published(published, published)
        assert updates.last is not None
        assert updates.last.last_seconds == 240
    with updates.telling(None, by=""):
        assert updates.last.last_seconds == 240


def test_there_are_never_two_at_once(updates: Updates, tmp_path: Path) -> None:
    with updates.telling(None, by="ann"):
        with pytest.raises(WorkspaceBusyError):
            updates.ask(by="bob")
        with (
            pytest.raises(WorkspaceBusyError),
            Updates(Store(tmp_path / ".klantreis")).telling(None, by="bob"),
        ):
            pass
        assert updates.last is not None
        assert updates.last.by == "ann"


def test_one_that_was_asked_for_is_starting_until_it_begins_or_does_not(
    updates: Updates, clock: Clock
) -> None:
    updates.ask(by="ann")
    assert updates.last is not None
    assert (updates.last.status, updates.last.is_at_work) == ("starting", True)
    with pytest.raises(WorkspaceBusyError):
        updates.ask(by="bob")
    clock.on(STARTS_WITHIN.total_seconds())
    assert updates.last.status == "broken_off"
    updates.ask(by="bob")
    updates.give_up(message("The process did not begin", got="exit 1").parts)
    assert (updates.last.status, updates.last.by) == ("failed", "bob")


def test_why_one_did_not_begin_is_not_told_of_another_that_did(updates: Updates) -> None:
    updates.ask(by="ann")
    with updates.telling(None, by="ann"):
        pass
    updates.give_up(message("The process did not begin").parts)
    assert updates.last is not None
    assert updates.last.status == "done"


def test_a_file_of_another_version_of_the_program_is_as_none(
    updates: Updates, tmp_path: Path
) -> None:
    with updates.telling(None, by=""):
        pass
    file = tmp_path / ".klantreis" / "update.json"
    told = json.loads(file.read_text())
    file.write_text(json.dumps(told | {"of_a_newer_version": 1}))
    assert updates.last is not None
    file.write_text(json.dumps({"status": "done"}))
    assert updates.last is None


DIES = """
import os, signal, sys
from pathlib import Path
from klantreis.runner import Store
from klantreis.workspace.updates import Updates
with Updates(Store(Path(sys.argv[1]))).telling(None, by="ann") as told:
    told.begin("run", 9)
    told.started("links")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_one_that_is_killed_is_told_as_broken_off(updates: Updates, tmp_path: Path) -> None:
    folder = tmp_path / ".klantreis"
    ended = subprocess.run([sys.executable, "-c", DIES, str(folder)], check=False)
    assert ended.returncode == -signal.SIGKILL
    own = Updates(Store(folder))
    assert own.last is not None
    assert (own.last.status, own.last.piece) == ("broken_off", "links")
    with own.telling(None, by="bob"):
        assert own.last.status == "running"
    assert own.last.status == "done"


def test_a_run_tells_who_came_and_that_nothing_changed(small_shop: Workspace) -> None:
    small_shop.run(by="ann")
    first = small_shop.updates.last
    small_shop.run(by="ann")
    again = small_shop.updates.last
    assert first is not None
    assert again is not None
    published = small_shop.published
    assert published is not None
    assert (first.status, first.by, first.customers) == (
        "done",
        "ann",
        published.tables["customers"].rows,
    )
    assert first.pieces == first.done > 0
    assert (again.is_new, again.customers) == (False, again.customers_before)


def test_import_and_run_takes_in_what_waits_first(small_shop: Workspace) -> None:
    map_as(small_shop.folder, MAPPING)
    put(small_shop.folder, "orders.csv", ORDERS)
    with (small_shop.folder / "klantreis.toml").open("a") as settings:
        settings.write(SETTINGS)
    assert small_shop.follow_settings()
    taken, published = small_shop.import_and_run(by="ann")
    last = small_shop.updates.last
    assert last is not None
    assert (taken.files, taken.rows, taken.problems) == (1, 2, ())
    assert (last.files, last.rows, last.not_taken) == (1, 2, 0)
    assert (last.publication_id, last.is_new) == (published.publication_id, True)


def test_exports_that_are_gone_do_not_stop_it(small_shop: Workspace) -> None:
    (small_shop.folder / "exports").rename(small_shop.folder / "kept")
    taken, _ = small_shop.import_and_run()
    assert taken.files == 0


def test_nothing_ever_taken_in_is_told_as_before(tmp_path: Path) -> None:
    with (
        Workspace.create(tmp_path / "shop") as workspace,
        pytest.raises(WorkspaceError, match="There are no exports"),
    ):
        workspace.import_and_run()


def test_the_command_line_says_who_and_how_far(small_shop: Workspace) -> None:
    """The whole command, as the pages start it; killed before it can tell, it says nothing wrong."""
    environment = os.environ | {"KLANTREIS_BY": "ann", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-P", "-m", "klantreis", "run", str(small_shop.folder), "--import"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        while (last := small_shop.updates.last) is None or last.done < 2:
            assert process.poll() is None
        assert (last.status, last.by) == ("running", "ann")
        process.kill()
    last = small_shop.updates.last
    assert last is not None
    assert (last.status, last.is_at_work) == ("broken_off", False)
