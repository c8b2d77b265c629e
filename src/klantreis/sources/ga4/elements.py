"""GA4's events that stand in one JSON list instead of on a line each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from klantreis.errors import UnreadableFileError, message
from klantreis.sources.protocol import ExportFile
from klantreis.sources.reading import Connection, literal
from klantreis.sources.reading.dialect import decoded, file_bytes

__all__ = ["elements"]

LARGEST_EVENT = 100 * 2**20  # bytes


def elements(file: ExportFile, connection: Connection) -> Sequence[str]:
    """The elements of a list, each on one line; of a document that is no list, itself.

    Raises:
        UnreadableFileError: neither a list nor one object.
    """
    content = decoded(file_bytes(file.path))[0]
    form = "array" if content.lstrip().startswith(b"[") else "unstructured"
    with TemporaryDirectory() as folder:
        plain = Path(folder) / "list.json"
        plain.write_bytes(content)
        found = connection.fetch(f"""
            SELECT json(json)::VARCHAR AS element FROM read_json_objects({literal(str(plain))},
              format = {literal(form)}, maximum_object_size = {LARGEST_EVENT})""")
    texts: list[str] = found["element"].to_pylist()
    if form == "unstructured" and len(texts) != 1:
        raise UnreadableFileError(
            message(
                "Not a JSON document",
                where=file.shown_path,
                next_step="export it again",
            )
        )
    return texts
