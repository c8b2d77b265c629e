"""From a row of a table to the very record in the export that it came from."""

from __future__ import annotations

from klantreis import Workspace
from klantreis.workspace import RawRecord


def any_id(workspace: Workspace, table: str, source: str) -> str:
    rows = workspace.table(table)
    key = f"{table.removesuffix('s')}_id"
    return str(workspace.rows(rows.filter(rows["source"] == source).limit(1))[0][key])


def found(workspace: Workspace, table: str, record_id: str) -> RawRecord:
    return workspace.raw_records.find(table, [record_id])[record_id]


def test_an_order_and_its_lines_are_marked_in_the_export(shop: Workspace) -> None:
    order_id = any_id(shop, "orders", "shopify")
    record = found(shop, "orders", order_id)
    assert (record.state, record.is_as_taken) == ("found", True)
    marked = [row.cells[0] for row in record.raw.rows if row.is_meant]
    lines = shop.table("order_lines")
    count = len(shop.rows(lines.filter(lines["order_id"] == order_id)))
    assert marked == [order_id.partition(":")[2]] * count
    assert shop.raw_records.find("orders", ["nothing"]) == {}
    assert shop.raw_records.find("orders", [order_id], largest=10)[order_id].state == "large"


def test_it_is_said_when_the_file_changed_or_is_gone(own_shop: Workspace) -> None:
    feedback_id = any_id(own_shop, "feedback", "zendesk")
    number = feedback_id.partition(":")[2]
    before = found(own_shop, "feedback", feedback_id)
    file = own_shop.folder / before.path
    assert own_shop.folder in file.parents
    assert [row.is_meant for row in before.raw.rows if f'"id": {number},' in row.cells[0]] == [True]

    whole = file.read_text(encoding="utf-8")
    file.write_text(whole + "\n", encoding="utf-8")
    assert found(own_shop, "feedback", feedback_id).is_as_taken is False

    file.write_text(whole.replace(number, "1" * len(number)), encoding="utf-8")
    assert found(own_shop, "feedback", feedback_id).state == "not_found"

    file.write_bytes(b"\0" * 64)
    assert found(own_shop, "feedback", feedback_id).state == "unreadable"

    file.unlink()
    assert found(own_shop, "feedback", feedback_id).state == "gone"
