"""Tables of real databases are laid down in portions, taken in once, and told of when they cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from sqlalchemy import create_engine, text

from klantreis import Workspace
from klantreis.errors import InputError, MissingExtraError, SettingsError, UnreadableFileError
from klantreis.sources import lay_down
from klantreis.sources.databases.address import address_of
from klantreis.sources.mapping import source as mapping
from tests import mariadb, postgres
from tests.sources.files import export_file, rows_of, taken

PASSWORD = "s3cret@:/"
CREATE = """
CREATE TABLE orders (id INTEGER PRIMARY KEY, email VARCHAR(80), total {money}, placed {moment}, paid {flag});
INSERT INTO orders VALUES (1, 'Anna@Voorbeeld.nl', 12.50, '2026-01-05 14:22:11', {yes});
INSERT INTO orders VALUES (2, 'bram@voorbeeld.nl', 1234567.89, '2026-01-06 09:00:00', {no});
INSERT INTO orders VALUES (3, 'Zoë', NULL, '2026-01-07 09:00:00', {yes});
INSERT INTO orders VALUES (4, NULL, 0.05, '2026-01-08 09:00:00', {no});
CREATE VIEW newest AS SELECT id, email FROM orders WHERE id > 2
"""
MAPPING = """
[connection]
url = "{url}"

[[file]]
name = "orders"
{asks}
key = "id"
time_zone = "Europe/Amsterdam"

[[file.table]]
table = "orders"
[file.table.columns]
order_id = "{{source}}:{{id}}"
person_id = "{{source}}:{{email|lower}}"
kind = {{ value = "sale" }}
channel = {{ value = "web" }}
ordered_at = "placed"
status = {{ from = "paid", values = {{ true = "completed", "1" = "completed", "*" = "pending" }} }}
total_amount = "total"
"""
TYPES = {
    "sqlite": {"money": "NUMERIC", "moment": "TEXT", "flag": "BOOLEAN", "yes": "1", "no": "0"},
    "other": {
        "money": "DECIMAL(12, 2)",
        "moment": "TIMESTAMP",
        "flag": "BOOLEAN",
        "yes": "TRUE",
        "no": "FALSE",
    },
}


@pytest.fixture(scope="module")
def server_of_postgres() -> Iterator[str]:
    yield from postgres.running()


@pytest.fixture(scope="module")
def server_of_mariadb() -> Iterator[str]:
    yield from mariadb.running()


@pytest.fixture(params=["sqlite", "duckdb", "postgresql", "mariadb"])
def url(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The address of a database with four orders, as a mapping says it."""
    monkeypatch.setenv("SHOP_PASSWORD", PASSWORD)
    match request.param:
        case "sqlite":
            address = "sqlite:///shop.db"
            (tmp_path / "shop.db").touch()
        case "duckdb":
            with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
                connection.execute(CREATE.format(**TYPES["other"]))
            yield "duckdb:///shop.duckdb"
            return
        case "postgresql":
            address = request.getfixturevalue("server_of_postgres").replace("+pg8000", "")
        case _:
            address = request.getfixturevalue("server_of_mariadb")
    changing(tmp_path, address, CREATE.format(**TYPES.get(request.param, TYPES["other"])))
    yield address
    changing(tmp_path, address, "DROP VIEW newest; DROP TABLE orders")


def changing(folder: Path, url: str, statements: str) -> None:
    if url.startswith("duckdb"):
        with duckdb.connect(str(folder / "shop.duckdb")) as connection:
            connection.execute(statements)
        return
    engine = create_engine(address_of(url, folder, "test"))
    with engine.begin() as connection:
        for statement in statements.split(";\n" if "\n" in statements else ";"):
            connection.execute(text(statement.replace(":", "\\:")))
    engine.dispose()


def written(folder: Path, url: str, asks: str) -> Path:
    file = folder / "mapping.toml"
    file.write_text(MAPPING.format(url=url, asks=asks), encoding="utf-8")
    return file


def laid_down(folder: Path, file: Path, rows_at_once: int = 1_000) -> list[Path]:
    return list(lay_down(file, folder / "exports" / "shop", folder, rows_at_once=rows_at_once))


def test_a_table_becomes_files_in_portions_that_an_import_reads(tmp_path: Path, url: str) -> None:
    files = laid_down(tmp_path, written(tmp_path, url, 'from_table = "orders"'), 3)
    assert [file.name for file in files] == ["orders.0001.parquet", "orders.0002.parquet"]
    exported = [export_file(file, folder=tmp_path, mapping="mapping.toml") for file in files]
    parts = taken(mapping, exported, tmp_path / "parts")
    orders = {row["order_id"]: row for row in rows_of(parts)["orders"]}
    assert {key: str(row["total_amount"]) for key, row in orders.items()} == {
        "shop:1": "12.5000",
        "shop:2": "1234567.8900",
        "shop:4": "0.0500",
    }
    assert orders["shop:1"]["person_id"] == "shop:anna@voorbeeld.nl"
    assert orders["shop:1"]["status"] == "completed"
    assert str(orders["shop:1"]["ordered_at"]) == "2026-01-05 13:22:11"
    [aside] = rows_of(parts)["quarantine"]
    assert (aside["path"], aside["column"]) == ("exports/shop/orders.0001.parquet", "total")
    assert aside["row"].startswith("id=3 | 3;Zoë")


def test_what_did_not_change_is_laid_down_the_same(tmp_path: Path, url: str) -> None:
    file = written(tmp_path, url, 'from_table = "orders"')
    first = {path.name: path.read_bytes() for path in laid_down(tmp_path, file, 3)}
    assert {path.name: path.read_bytes() for path in laid_down(tmp_path, file, 3)} == first
    changing(tmp_path, url, "DELETE FROM orders WHERE id > 2")
    assert len(laid_down(tmp_path, file, 3)) == 1
    assert len(list((tmp_path / "exports" / "shop").glob("*.parquet"))) == 1


def test_only_what_changed_since_is_asked_for(tmp_path: Path, url: str) -> None:
    file = written(tmp_path, url, 'from_table = "orders"\nchanged = "placed"')
    assert len(laid_down(tmp_path, file)) == 1
    values = "5, 'cor@voorbeeld.nl', 5, '2026-01-09 10:00:00'"
    changing(tmp_path, url, f"INSERT INTO orders (id, email, total, placed) VALUES ({values})")
    [second] = laid_down(tmp_path, file)
    assert second.name.startswith("orders.since-2026-01-08-09-00-00")
    assert pq.read_table(second)["id"].to_pylist() == ["4", "5"]
    [third] = laid_down(tmp_path, file)
    assert pq.read_table(third)["id"].to_pylist() == ["5"]


def test_a_view_and_a_query_can_be_asked(tmp_path: Path, url: str) -> None:
    [view] = laid_down(tmp_path, written(tmp_path, url, 'from_table = "newest"'))
    asked = "SELECT id, email FROM orders WHERE email LIKE '%:%' OR id > 2;"
    [query] = laid_down(tmp_path, written(tmp_path, url, f'query = "{asked}"'))
    assert pq.read_table(view) == pq.read_table(query)
    assert view.name == "newest.0001.parquet"
    assert pq.read_table(view)["email"].to_pylist() == ["Zoë", None]


def test_a_renamed_column_is_told_and_then_asked_and_read_by_its_new_name(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "shop", name="shop") as shop:
        folder = shop.folder
        url = "sqlite:///data.db"
        (folder / "data.db").touch()
        changing(folder, url, CREATE.format(**TYPES["sqlite"]).partition("CREATE VIEW")[0])
        written(folder, url, 'from_table = "orders"\nchanged = "placed"')
        section = '[sources.shop]\nconnector = "mapping"\nmapping = "mapping.toml"\n'
        settings = folder / "klantreis.toml"
        settings.write_text(f"{settings.read_text()}\n{section}")
        assert not Workspace.open(folder).import_exports().problems
        for old, new in (("id", "number"), ("placed", "placed_at"), ("total", "amount")):
            changing(folder, url, f"ALTER TABLE orders RENAME COLUMN {old} TO {new}")
        changing(
            folder, url, "INSERT INTO orders VALUES (5, 'e@x.nl', 9, '2026-01-09 10:00:00', 1)"
        )
        again = Workspace.open(folder)
        [problem] = again.import_exports().problems
        assert "no such column" in problem.reason
        for old, new in (("id", "number"), ("placed", "placed_at"), ("total", "amount")):
            again.columns.accept("shop", old, new, by="ann")
        taken_in = again.import_exports()
        assert not taken_in.problems
        assert taken_in.rows == 2  # the last one of before has the mark that is asked for


def test_a_table_that_is_not_there_is_named(tmp_path: Path, url: str) -> None:
    with pytest.raises(UnreadableFileError, match="table nowhere cannot be read") as told:
        laid_down(tmp_path, written(tmp_path, url, 'from_table = "nowhere"'))
    assert PASSWORD not in str(told.value)
    with pytest.raises(InputError, match="nothing"):
        laid_down(tmp_path, written(tmp_path, url, 'from_table = "orders"\nchanged = "nothing"'))


def test_a_wrong_password_is_told_without_it(
    tmp_path: Path, server_of_mariadb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", "not-that-one")
    with pytest.raises(UnreadableFileError, match="Access denied") as told:
        laid_down(tmp_path, written(tmp_path, server_of_mariadb, 'from_table = "orders"'))
    assert "not-that-one" not in str(told.value)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://reader:secret@db/shop", "A password stands in the mapping"),
        ("mysql://reader@db/shop?password=secret", "A password stands in the mapping"),
        ("postgresql://reader:${NOT_SET_AT_ALL}@db/shop", "not set"),
        ("sqlite:///nowhere.db", "no such database file"),
        ("nonsense", "Not the address of a database"),
    ],
)
def test_a_wrong_address_is_told_without_secrets(tmp_path: Path, url: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told) as error:
        laid_down(tmp_path, written(tmp_path, url, 'from_table = "orders"'))
    assert "secret" not in str(error.value)


def test_a_server_that_is_not_there_and_a_driver_that_is_not(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"127\.0\.0\.1:9/shop"):
        laid_down(
            tmp_path, written(tmp_path, "postgresql://reader@127.0.0.1:9/shop", 'from_table = "a"')
        )
    with pytest.raises(MissingExtraError, match="driver"):
        laid_down(tmp_path, written(tmp_path, "oracle://reader@db/shop", 'from_table = "a"'))


def test_an_import_asks_its_databases_and_takes_nothing_in_twice(tmp_path: Path) -> None:
    shop = Workspace.create(tmp_path / "shop")
    (shop.folder / "shop.db").touch()
    changing(shop.folder, "sqlite:///shop.db", CREATE.format(**TYPES["sqlite"]))
    written(shop.folder, "sqlite:///shop.db", 'from_table = "orders"')
    settings = shop.folder / "klantreis.toml"
    section = '[sources.shop]\nconnector = "mapping"\nmapping = "mapping.toml"\n'
    settings.write_text(settings.read_text(encoding="utf-8") + section, encoding="utf-8")
    shop = Workspace.open(shop.folder)
    first = shop.import_exports()
    assert (first.files, first.rows, first.quarantined) == (1, 3, 1)
    assert shop.import_exports().files == 0
    (shop.folder / "shop.db").unlink()
    [problem] = shop.import_exports().problems
    assert problem.path == "mapping.toml"
    assert "no such database file" in problem.reason
