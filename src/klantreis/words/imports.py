"""What an import did, in the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from shlex import quote

from klantreis.errors import ChangedColumnsError
from klantreis.runner import Imported, TakenBack
from klantreis.runner.waiting import WaitingFile
from klantreis.words.problems import problem_told
from klantreis.words.translator import Translator

__all__ = [
    "again_told",
    "alike_told",
    "import_told",
    "problems_told",
    "taken_back_told",
    "unchanged_told",
    "waiting_told",
    "what_next",
]


def import_told(words: Translator, taken: Imported) -> str:
    """How much was taken in."""
    return words.text(
        "Taken in: %(files)s, %(rows)s, and %(quarantined)s in quarantine",
        files=words.units(taken.files, "files"),
        rows=words.units(taken.rows, "rows"),
        quarantined=words.number(taken.quarantined),
    )


def again_told(words: Translator, taken: Imported) -> Iterator[str]:
    """How much of that was read again, and what could not be."""
    if taken.again:
        yield words.text(
            "Of these %(files)s read again, because the settings or the mapping of the source have changed",
            files=words.units(taken.again, "files"),
        )
    if taken.kept:
        yield words.text(
            "Not read again, because not there any more: %(files)s; their rows stay as they were",
            files=words.units(taken.kept, "files"),
        )


def alike_told(words: Translator, taken: Imported) -> Iterator[str]:
    """Each file that holds the very same as one of another source."""
    for path, other in taken.alike:
        yield words.text(
            "%(path)s holds the very same as %(other)s, of another source: what both tell counts twice",
            path=path,
            other=other,
        )


def taken_back_told(words: Translator, path: str, back: TakenBack) -> str:
    """How much went with a file."""
    return words.text(
        "Taken out: %(rows)s of %(path)s; the next run does without them",
        rows=words.units(back.rows, "rows"),
        path=path,
    )


def problems_told(words: Translator, taken: Imported) -> Iterator[str]:
    """Each file that could not be taken in, and why."""
    for problem in taken.problems:
        yield words.text(
            "Not taken in: %(path)s: %(reason)s",
            path=problem.path,
            reason=problem_told(words, problem.error.parts),
        )


def unchanged_told(words: Translator, pieces: int) -> str:
    """How many pieces were not made anew."""
    return words.text("%(number)s unchanged since the last time", number=words.number(pieces))


def waiting_told(words: Translator, waiting: Sequence[WaitingFile], folder: str) -> Iterator[str]:
    """How many files the next import would read, for each reason, and the command for it."""
    if not waiting:
        return
    counts = Counter(one.why for one in waiting)
    whys = (
        f"{words.code('waits', why)}: {words.number(files)}" for why, files in counts.most_common()
    )
    yield words.text(
        "Waiting to be imported: %(files)s (%(whys)s)",
        files=words.units(len(waiting), "files"),
        whys="; ".join(whys),
    )
    yield words.text("Take them in with: %(command)s", command=f"klantreis import {quote(folder)}")


def what_next(words: Translator, taken: Imported, folder: str) -> Iterator[str]:
    """The commands that help with what could not be taken in."""
    if taken.quarantined:
        yield words.text(
            "Look at them with: %(command)s", command=f"klantreis quarantine {quote(folder)}"
        )
    if any(isinstance(problem.error, ChangedColumnsError) for problem in taken.problems):
        yield words.text(
            "Say what columns are called now with: %(command)s",
            command=f"klantreis columns {quote(folder)}",
        )
