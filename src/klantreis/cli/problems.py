"""What went wrong, in the reader's language: the last line of a command that fails.

A command may fail before its workspace is open, as of settings that are wrong. So the language is
looked for in what it was asked and in the text of `klantreis.toml`, and without those on the machine.
"""

from __future__ import annotations

import os
import re
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from typer.core import TyperCommand

from klantreis.errors import KlantreisError, StoppedError

__all__ = ["Command", "problem_line"]

LOCALE = re.compile(r"""^\s*locale\s*=\s*["'](\w+)["']""", re.MULTILINE)

_asked: ContextVar[dict[str, Any] | None] = ContextVar("asked", default=None)


class Command(TyperCommand):
    """A command of which is remembered what it was asked."""

    def invoke(self, ctx: Any) -> Any:
        _asked.set(dict(ctx.params))
        return super().invoke(ctx)


def problem_line(error: KlantreisError) -> str:
    """One line that says what, where, what was got, what is allowed and what to do next."""
    from klantreis.words import translator
    from klantreis.words.problems import problem_told

    words = translator(_language())
    told = str(error) if words.language == "en" else problem_told(words, error.parts)
    return told if isinstance(error, StoppedError) else words.text("Error: %(told)s", told=told)


def _language() -> str:
    from klantreis.settings import FILE_NAME, Settings
    from klantreis.words import LOCALES

    asked = _asked.get() or {}
    if asked.get("language") in LOCALES:
        return str(asked["language"])
    file = Path(asked.get("folder") or ".") / FILE_NAME
    try:
        found = LOCALE.search(file.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        machine = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
        return "nl" if machine.startswith("nl") else "en"
    said = found[1] if found else Settings.locale
    return said if said in LOCALES else "en"
