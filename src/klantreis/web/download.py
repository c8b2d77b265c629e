"""What a download is: a file that a page hands out, made on demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from klantreis.words import Translator
from klantreis.workspace import Workspace

__all__ = ["Download", "DownloadedFile"]


@dataclass(frozen=True)
class DownloadedFile:
    """A file for the reader: its name, media type (`application/pdf`) and bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Download:
    """One kind of file.

    Attributes:
        name: `<page>_<format>`, unique.
        path: where it is, as `/personas/{persona_id}.pdf`.
        query: dataclass of what the address may ask.
        make: from workspace, query and language to the file.
        role: the least role that may have it.
        is_noted: whether the audit log tells who had it.
    """

    name: str
    path: str
    query: type
    make: Callable[[Workspace, Any, Translator], DownloadedFile]
    role: str = "viewer"
    is_noted: bool = True
