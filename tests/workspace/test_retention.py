from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import ibis.expr.types as ir
import pytest

from klantreis import Workspace
from klantreis.errors import SettingsError
from klantreis.settings import Retention, read_settings
from klantreis.state import AuditLine
from klantreis.workspace import Kept


def kept(shop: Workspace, now: datetime) -> dict[str, Kept]:
    return {one.kind: one for one in shop.retention.look(now)}


def with_days(shop: Workspace, **days: int) -> Workspace:
    return shop.with_settings(retention=replace(shop.settings.retention, **days))


def older(shop: Workspace, table: str, column: str, than: datetime) -> int:
    rows = shop.table(table)
    return count(shop, rows.filter(rows[column] < than))


def count(shop: Workspace, rows: ir.Table) -> int:
    found: int = shop.rows(rows.count().name("n").as_table())[0]["n"]
    return found


def as_of(shop: Workspace) -> datetime:
    published = shop.published
    assert published is not None
    return published.as_of


def test_without_settings_everything_is_kept_but_old_versions(shop: Workspace) -> None:
    found = kept(shop, datetime(2100, 1, 1))
    assert {kind for kind, one in found.items() if one.before} == {"versions"}
    assert not any(one.count or one.files for one in found.values())


def test_looking_changes_nothing_and_tells_what_goes(small_shop: Workspace) -> None:
    now = as_of(small_shop)
    strict = with_days(small_shop, events_days=20, messages_days=10)
    first = strict.retention.look(now)
    assert strict.retention.look(now) == first
    events = small_shop.table("events")
    old = small_shop.rows(
        events.aggregate(n=(events["occurred_at"] < now - timedelta(days=20)).sum())
    )[0]["n"]
    assert kept(strict, now)["events"].count == old > 0
    assert kept(strict, now)["orders"].count == 0


def test_what_is_too_old_goes_from_tables_and_earlier_versions(small_shop: Workspace) -> None:
    now = as_of(small_shop)
    strict = with_days(small_shop, events_days=20, orders_days=45)
    told = {one.kind: one for one in strict.retention.apply(now, by="ann", address="test")}
    assert told["events"].count > 0
    assert told["orders"].count > 0
    assert older(strict, "events", "occurred_at", now - timedelta(days=20)) == 0
    assert count(strict, strict.table("events")) > 0
    assert older(strict, "orders", "ordered_at", now - timedelta(days=45)) == 0
    lines, orders = strict.table("order_lines"), strict.table("orders")
    assert count(strict, lines.anti_join(orders, "order_id")) == 0
    assert not kept(strict, now)["events"].count
    assert not kept(strict, now)["orders"].count
    line = strict.state.audit.lines(action="retain")[0]
    assert (line.actor, line.subject.startswith("events ")) == ("ann", True)
    assert "@" not in line.subject
    strict.import_exports()
    strict.run()
    assert older(strict, "events", "occurred_at", now - timedelta(days=20)) == 0


def test_customers_without_a_sign_of_life_go_with_all_their_rows(small_shop: Workspace) -> None:
    now = as_of(small_shop)
    portraits = small_shop.table("portraits")
    strict = with_days(small_shop, customers_days=20)
    count = kept(strict, now)["customers"].count
    everyone = small_shop.rows(portraits.aggregate(n=portraits.count()))[0]["n"]
    assert 0 < count < everyone
    strict.retention.apply(now, by="ann", address="test")
    portraits = strict.table("portraits")
    assert strict.rows(portraits.aggregate(n=portraits.count()))[0]["n"] == everyone - count
    assert kept(strict, now)["customers"].count == 0


def test_logs_versions_and_proofs_go_by_their_own_days(small_shop: Workspace) -> None:
    now = datetime(2026, 6, 1)
    for days in (1, 60, 400):
        small_shop.state.audit.add(
            AuditLine(now - timedelta(days=days), "ann", "export", "rfm", "test")
        )
    strict = with_days(small_shop, audit_days=45)
    before = small_shop.state.audit.count(before=now - timedelta(days=45))
    assert kept(strict, now)["audit"].count == before >= 2
    strict.retention.apply(now, by="ann", address="test")
    assert small_shop.state.audit.count(before=now - timedelta(days=45)) == 0
    assert small_shop.state.audit.count() >= 1


def test_files_that_were_taken_back_go_by_the_day_on_which_that_was(small_shop: Workspace) -> None:
    file = next(one for one in small_shop.files.taken() if one.source == "till")
    made = small_shop.folder / file.path
    os.utime(made, (0, 0))
    moved = small_shop.folder / small_shop.files.take_back("till", file.file_id).moved
    taken_back_at = datetime.fromtimestamp(moved.stat().st_mtime, UTC).replace(tzinfo=None)
    strict = with_days(small_shop, taken_back_days=30)
    for days, goes in ((29, False), (31, True)):
        now = taken_back_at + timedelta(days=days)
        assert kept(strict, now)["taken_back"].count == int(goes)
        strict.retention.apply(now, by="ann", address="test")
        assert moved.exists() is not goes


def test_settings_are_days_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "klantreis.toml"
    file.write_text("[retention]\nevents_days = 400\n", encoding="utf-8")
    assert read_settings(tmp_path).retention == Retention(events_days=400)
    for wrong in ("event_days = 1", "events_days = -1", 'events_days = "400"', "audit_days = true"):
        file.write_text(f"[retention]\n{wrong}\n", encoding="utf-8")
        with pytest.raises(SettingsError, match=r"\[retention\]"):
            read_settings(tmp_path)
