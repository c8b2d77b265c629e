"""Where a database is: an address without its password, which stands in the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from klantreis.errors import SettingsError, message

__all__ = ["address_of"]

HOLE = re.compile(r"\$\{(\w+)\}")
FILES = ("sqlite", "duckdb")
DRIVERS: Mapping[str, str] = {
    "postgres": "postgresql+pg8000",
    "postgresql": "postgresql+pg8000",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}
SECRETS = ("password", "passwd", "pwd")
EXAMPLE = "postgresql://reader:${SHOP_PASSWORD}@db.example/shop"


def address_of(url: str, folder: Path, where: str) -> URL:
    """The address with what the environment says filled in.

    Args:
        url: as SQLAlchemy writes it, with `${NAME}` for what stands in the environment.
        folder: of the workspace; files of SQLite and DuckDB are relative to it.
        where: what messages call the place.

    Raises:
        SettingsError: not an address, a password written out, a variable that is not set, or a
            file that is not there. No message has the password in it.
    """
    _refuse_written_password(_parsed(HOLE.sub("hole", url), where), url, where)
    address = _parsed(HOLE.sub(lambda hole: quote(_value(hole[1], where), safe=""), url), where)
    if address.get_backend_name() in FILES:
        return address.set(database=str(_file(address, folder, where)))
    driver = DRIVERS.get(address.drivername)
    return address.set(drivername=driver) if driver else address


def _parsed(url: str, where: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError) as error:
        raise SettingsError(
            message("Not the address of a database", where=where, allowed=EXAMPLE)
        ) from error


def _refuse_written_password(address: URL, url: str, where: str) -> None:
    written = address.password not in (None, "", "hole") or any(
        value != "hole" for name, value in address.query.items() if name.lower() in SECRETS
    )
    if written:
        raise SettingsError(
            message(
                "A password stands in the mapping",
                where=where,
                allowed=EXAMPLE,
                next_step="put the password in an environment variable, and its name in the address",
            )
        )


def _value(name: str, where: str) -> str:
    value = os.environ.get(name)
    if value is None:
        raise SettingsError(
            message(
                "An environment variable is not set",
                where=where,
                got=f"${{{name}}}",
                next_step=f"set {name}",
            )
        )
    return value


def _file(address: URL, folder: Path, where: str) -> Path:
    path = folder / (address.database or "")
    if not path.is_file():
        raise SettingsError(
            message(
                "There is no such database file",
                where=where,
                got=str(path),
                allowed=f"{address.get_backend_name()}:///data/shop.db, relative to the workspace",
            )
        )
    return path
