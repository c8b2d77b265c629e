"""The folder of a workspace: whether it is one, its settings, and making a new one."""

from __future__ import annotations

from pathlib import Path

from klantreis.errors import WorkspaceError, message
from klantreis.settings import FILE_NAME, Settings, read_settings
from klantreis.sources import check_each_source

__all__ = ["checked_settings", "make_folder", "settings_stamp", "workspace_folder"]

SETTINGS_TEMPLATE = """\
# The settings of this workspace; every one has a default. See docs/settings.md.
[workspace]
name = "{name}"
time_zone = "Europe/Amsterdam"
locale = "{locale}"

# One section a folder below exports/. Without a section the connector is recognised from the file.
# [sources.shopify]
# connector = "shopify"
"""


def workspace_folder(folder: str | Path) -> Path:
    """The whole path of a workspace's folder.

    Raises:
        WorkspaceError: the folder does not exist, or is no workspace.
    """
    path = Path(folder).resolve()
    if not (path / FILE_NAME).exists() and not (path / "exports").is_dir():
        raise WorkspaceError(
            message(
                "This folder is no workspace",
                where=str(folder),
                allowed=f"a folder with {FILE_NAME} or exports/",
                next_step=f"klantreis init {folder}",
            )
        )
    return path


def make_folder(folder: str | Path, *, name: str, locale: str) -> Path:
    """Make the folder of a new, empty workspace, with a first `klantreis.toml`.

    Args:
        name: of the shop; empty: as the folder is called.
        locale: language of the pages until somebody chooses another, `nl` or `en`.

    Raises:
        WorkspaceError: there is one already.
    """
    path = Path(folder).resolve()
    if (path / FILE_NAME).exists():
        raise WorkspaceError(
            message(
                "There is a workspace already",
                where=str(folder),
                next_step=f"klantreis import {folder}",
            )
        )
    (path / "exports").mkdir(parents=True, exist_ok=True)
    text = SETTINGS_TEMPLATE.format(name=name or path.name, locale=locale)
    (path / FILE_NAME).write_text(text, encoding="utf-8")
    return path


def checked_settings(folder: Path) -> Settings:
    """The settings of a workspace, with options of sources that their connectors understand.

    Raises:
        SettingsError: `klantreis.toml` is wrong; says where.
    """
    settings = read_settings(folder)
    check_each_source(settings.sources, folder)
    return settings


def settings_stamp(folder: Path) -> tuple[int, int] | None:
    """By which to see, at no cost, that the settings were changed; None without a file."""
    try:
        facts = (folder / FILE_NAME).stat()
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size
